"""The tokens of one statement in; their words, brackets and parameters, looked up by position, out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pydb.sqlfile.header import Site
from pydb.sqlfile.lexer import PARAMETER, WORD, Token


class Code:
    """The tokens of one statement that mean something, up to its ``;``, which is not among them.

    ``words`` are their texts, a word's in capitals; ``opens`` the position of the innermost round bracket
    around each, or -1 (a bracket itself stands outside); ``at`` the positions of each word; ``queries`` the position of
    the first SELECT or DELETE right inside each bracket that has one.
    """

    __slots__ = ("at", "opens", "parameters", "queries", "site", "tokens", "words")

    def __init__(self, tokens: list[Token], site: Site) -> None:
        self.tokens = tokens
        self.site = site
        self.words: list[str] = []
        self.opens: list[int] = []
        self.parameters: list[int] = []
        self.at: defaultdict[str, list[int]] = defaultdict(list)
        stack = [-1]
        for i, (kind, text, _) in enumerate(tokens):
            if kind == WORD:
                text = text.upper()
            elif kind == PARAMETER:
                self.parameters.append(i)
            elif text == ")":
                self._close(stack, i)
            self.words.append(text)
            self.opens.append(stack[-1])
            self.at[text].append(i)
            if text == "(":
                stack.append(i)
        if len(stack) > 1:
            raise self.error(stack[-1], "a bracket is never closed", "count the brackets")
        starts = sorted([*self.at.get("SELECT", ()), *self.at.get("DELETE", ())], reverse=True)
        self.queries = {self.opens[i]: i for i in starts}

    def _close(self, stack: list[int], i: int) -> None:
        if len(stack) == 1:
            raise self.error(i, "a bracket is closed that was never opened", "count the brackets")
        stack.pop()

    def word(self, i: int) -> str:
        """The word at position ``i``; an empty one beyond either end."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def kind(self, i: int) -> str:
        """The kind of the token at position ``i``; an empty one beyond either end."""
        return self.tokens[i].kind if 0 <= i < len(self.tokens) else ""

    def top(self, word: str) -> Iterator[int]:
        """The positions of ``word`` outside all brackets."""
        return (i for i in self.at.get(word, ()) if self.opens[i] < 0)

    def is_membership(self, i: int) -> bool:
        """Whether the IN at position ``i`` tests membership; the one of ``position(:a IN :b)`` does not."""
        return self.opens[i] < 1 or self.words[self.opens[i] - 1] != "POSITION"

    def error(self, i: int, message: str, hint: str) -> Exception:
        """An error at the token at position ``i``."""
        return self.site.error(message, hint, at=self.tokens[i].start)
