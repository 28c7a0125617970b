"""Tokens and token lists: the tokens of some SQL in; its words, names, brackets and parameters by position out.

A token knows its kind, not its role: there is no grammar here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydb.sqlfile.site import NOWHERE, Site

SPACE: Final = "space"
WORD: Final = "word"
NUMBER: Final = "number"
STRING: Final = "string"
QUOTED: Final = "quoted"
COMMENT: Final = "comment"
PARAMETER: Final = "parameter"
PLACEHOLDER: Final = "placeholder"
"""A parameter in the spelling of a driver or an engine: ``?``, ``$1``, ``@name``."""
CAST: Final = "cast"
PUNCTUATION: Final = "punctuation"
OPERATOR: Final = "operator"
PLAIN: Final = "plain"
"""A run of words, numbers, brackets and commas, which ``skim`` does not separate."""
INSIGNIFICANT: Final = frozenset({SPACE, COMMENT})


class Token(NamedTuple):
    """A part of SQL: its kind, its text, and the offset at which it starts."""

    kind: str
    text: str
    start: int


def significant(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens except white space and comments."""
    return (token for token in tokens if token[0] not in INSIGNIFICANT)


def unquoted(token: Token) -> str:
    """The name in a word or a quoted identifier, as it is written."""
    if token.kind != QUOTED:
        return token.text
    quote = token.text[-1]
    return token.text[1:-1].replace(quote * 2, quote)


_LAZY = frozenset({"at", "opens", "parameters", "unclosed", "unopened"})


class TokenList:
    """Significant tokens by position; a position may be beyond either end.

    ``words`` are their texts, words in capitals: a quoted name never equals a keyword.  ``at`` has the positions
    of each of these, ``parameters`` those of ``:name``.  ``opens`` has for each token the position of the innermost
    round bracket around it, or -1; a bracket itself counts as outside.  ``unclosed`` is the position of a bracket that
    is never closed, ``unopened`` the position of the first ``)`` without a ``(``; each is -1 if there is none.
    ``site`` is the place of the tokens, for errors.
    """

    at: Mapping[str, Sequence[int]]
    opens: Sequence[int]
    parameters: Sequence[int]
    unclosed: int
    unopened: int

    __slots__ = (
        *("_brackets", "_queries", "at", "opens", "parameters", "site", "tokens", "unclosed", "unopened", "words"),
    )

    def __init__(self, tokens: Sequence[Token], site: Site = NOWHERE) -> None:
        self.tokens = tokens
        self.site = site
        self._brackets: dict[int, list[int]] | None = None
        self._queries: dict[int, int] | None = None
        if site is not NOWHERE:
            self._walk()  # all attributes of a file's statement are used
        else:
            self.words = [text.upper() if kind == WORD else text for kind, text, _ in tokens]

    if not TYPE_CHECKING:  # mypy uses the annotations, and so finds a misspelled attribute

        def __getattr__(self, name: str) -> Any:
            """Fill the lazy slots when one of them is first read: a long script does not use them."""
            if name not in _LAZY:
                raise AttributeError(name)
            self._walk()
            return getattr(self, name)

    def _walk(self) -> None:
        # Local variables and one pass, for speed: a folder of a thousand statements has 35,000 tokens.
        words: list[str] = []
        opens: list[int] = []
        parameters: list[int] = []
        at: defaultdict[str, list[int]] = defaultdict(list)
        stack, inside, unopened = [-1], -1, -1
        for i, (kind, word, _) in enumerate(self.tokens):
            if kind == WORD:
                word = word.upper()
            elif kind == PARAMETER:
                parameters.append(i)
            elif word == ")":
                if inside >= 0:
                    stack.pop()
                    inside = stack[-1]
                elif unopened < 0:
                    unopened = i
            words.append(word)
            opens.append(inside)
            at[word].append(i)
            if word == "(":
                stack.append(i)
                inside = i
        self.words, self.opens, self.parameters, self.at = words, opens, parameters, at
        self.unclosed, self.unopened = inside, unopened

    def __len__(self) -> int:
        return len(self.words)

    def word(self, i: int) -> str:
        """The word at position ``i``; an empty text beyond either end."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def kind(self, i: int) -> str:
        """The kind of the token at position ``i``; an empty text beyond either end."""
        return self.tokens[i].kind if 0 <= i < len(self.tokens) else ""

    def name(self, i: int) -> str | None:
        """The identifier at position ``i`` without its quotes, in lower case; None for any other token."""
        return unquoted(self.tokens[i]).lower() if self.kind(i) in (WORD, QUOTED) else None

    def phrase(self, start: int, count: int) -> str:
        """Up to ``count`` words from a position on, with spaces between them."""
        return " ".join(self.words[start : start + count])

    def after(self, i: int, fillers: frozenset[str]) -> int:
        """The first position after ``i`` whose word is not one of ``fillers``."""
        i += 1
        while self.word(i) in fillers:
            i += 1
        return i

    def top(self, word: str) -> Iterator[int]:
        """The positions of ``word`` outside all brackets."""
        return (i for i in self.at.get(word, ()) if self.opens[i] < 0)

    def opening(self, i: int) -> int:
        """The position of the bracket that the ``)`` at position ``i`` closes."""
        return i - 1 if self.word(i - 1) == "(" else self.opens[i - 1] if i > 0 else -1

    def closing(self, i: int) -> int | None:
        """The position of the ``)`` that closes the bracket at position ``i``; None if there is no such pair."""
        marks = self._marks().get(i)
        return marks[-1] if marks and self.words[marks[-1]] == ")" else None

    def items(self, i: int) -> list[range] | None:
        """The positions of each item in the bracket that opens or closes at position ``i``; None if no bracket does."""
        if self.word(i) == ")":
            i = self.opening(i)
        if self.closing(i) is None:
            return None
        return [range(before + 1, after) for before, after in pairwise(self._marks()[i])]

    def _marks(self) -> dict[int, list[int]]:
        """The positions of each bracket's opening, commas and closing, by the position of its opening."""
        if self._brackets is None:
            self._brackets = {i: [i] for i in self.at.get("(", ())}
            for i in self.at.get(",", ()):
                if self.opens[i] >= 0:
                    self._brackets[self.opens[i]].append(i)
            for i in self.at.get(")", ()):
                if self.opening(i) >= 0:
                    self._brackets[self.opening(i)].append(i)
        return self._brackets

    def query_in(self, i: int) -> int | None:
        """The position of the first SELECT or DELETE directly inside the bracket at ``i``; None if there is none."""
        if self._queries is None:
            starts = sorted([*self.at.get("SELECT", ()), *self.at.get("DELETE", ())], reverse=True)
            self._queries = {self.opens[start]: start for start in starts}
        return self._queries.get(i)

    def statements(self) -> Iterator[TokenList]:
        """The parts between semicolons that are not empty."""
        ends = self.at[";"] if ";" in self.words else ()
        start = 0
        for end in (*ends, len(self)):
            if end > start:
                yield self.part(start, end)
            start = end + 1

    def part(self, start: int, end: int) -> TokenList:
        """The tokens from one position up to another."""
        return self if end - start == len(self) else TokenList(self.tokens[start:end], self.site)

    def error(self, i: int, message: str, hint: str) -> Exception:
        """An error at the token at position ``i``."""
        return self.site.error(message, hint, at=self.tokens[i].start)
