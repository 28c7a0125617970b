"""The syntax of each engine's SQL: an engine's name in, its Syntax out.

A Syntax needs only the text of the SQL, and no database.  What is special about an engine is in
``engines/<engine>/syntax.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import NamedTuple, cast

from pydb.engines import part, registration
from pydb.sqlfile.lexical_rules import compiled_rules, lexical_rules, skimming, texts
from pydb.sqlfile.tokens import COMMENT, NUMBER, PARAMETER, QUOTED, STRING, WORD, Token, TokenList

__all__ = [
    *("OPERAND_FOLLOWS", "Combined", "ScriptModes", "Syntax", "combined", "ends_operand", "opens_subscript"),
    "syntax_of",
]

OPERAND_FOLLOWS = frozenset(
    {
        *("SELECT", "DISTINCT", "WHERE", "AND", "OR", "NOT", "BETWEEN", "LIKE", "ILIKE", "IN", "IS", "ON", "WHEN"),
        *("THEN", "ELSE", "CASE", "SET", "VALUES", "BY", "HAVING", "FROM", "LIMIT", "OFFSET", "RETURNING"),
    }
)
"""Words that an operand must follow: a sign after one of them is not an operator between two operands."""


class ScriptModes:
    """The modes in which the session reads the rest of a script.

    ``plain_backslashes`` is true if a backslash in a string is an ordinary character.
    """

    plain_backslashes = False

    def note(self, statement: str) -> None:
        """Change the modes if the statement does; by default, no statement does."""


class Syntax:
    """One engine's lexical rules, and the words and functions whose effects outlast the transaction.

    A subclass overrides what is different in its engine.  ``engine`` is the name under which the engine is registered,
    ``product`` its name in messages.
    """

    rules: Mapping[str, str] = lexical_rules()
    """The lexical rules.  They may differ from the shared ones only for a text with one of ``lexer.MARKS``."""

    backslash_rules: Mapping[str, str] | None = None
    """Other rules for a text with a backslash, if a setting of the connection decides which rules apply."""

    backslash_hint: tuple[str, str] = ("", "")
    """The message and hint about a text that the two sets of rules read differently."""

    nested_comments = False
    """Whether ``/* /* */ */`` is one comment."""

    delimiter_lines = False
    """Whether a script may have DELIMITER lines."""

    subscripts = False
    """Whether ``a[lo:hi]`` is a slice of an array."""

    left_out = r"(?!)"
    """A pattern for what the engine's shell removes at the start of a statement, besides comments."""

    command_mark = ""
    """The mark that begins a command of the shell anywhere in a script's code; the command ends with the line."""

    offset_needs_limit = True
    """Whether OFFSET is part of LIMIT and cannot be used without it."""

    needs_types = False
    """Whether the context of a parameter must determine its type: ``:a IS NULL`` does not."""

    text_type = "char"
    """The type to which a text is cast; the default is known to all engines."""

    other_type = ""
    """The engine's name of a type that is not a text, for examples in hints: the type of an instant."""

    sqlfluff_dialects: tuple[str, ...] = ("ansi",)
    """sqlfluff's dialects; a later one is tried if those before it cannot read the SQL."""

    last_statement_functions: frozenset[str] = frozenset()
    """The functions that return information about the previous statement."""

    lasting_verbs: Mapping[str, str] = {}
    """The first word or two of statements that change the session for longer than the transaction, with a hint."""

    named_verbs: frozenset[str] = frozenset()
    """The lasting verbs that an error shows with the word after them."""

    lasting_functions: Mapping[str, str] = {}
    """The functions that change the session for longer than the transaction, with a hint."""

    outside_functions: frozenset[str] = frozenset()
    """The functions that write outside the database."""

    system_schemas: frozenset[str] = frozenset()
    """The schemas of these functions, as in ``TokenList.words``; a function of another schema is a different one."""

    extension_functions: tuple[str, ...] = ()
    """The prefixes of the names of those functions that may be in any schema."""

    longest_label: int | None = None
    """The maximum number of bytes of a column's label, if the engine truncates a longer one without an error."""

    variable_mark = ""
    """The sign before a variable of the session."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self.product = registration(engine).product
        self.pattern = compiled_rules(self.rules)

    def skimming(self, plain_backslashes: bool = False) -> re.Pattern[str]:
        """The pattern in which runs of plain text are one token."""
        return self._skimming[plain_backslashes]

    @cached_property
    def _skimming(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        usual = skimming(self.rules)
        return usual, skimming(self.backslash_rules) if self.backslash_rules else usual

    def texts(self, plain_backslashes: bool = False) -> re.Pattern[str]:
        """The pattern for strings, quoted names and comments; ``open`` is the start of an unterminated one."""
        return self._texts[plain_backslashes]

    @cached_property
    def _texts(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        usual = texts(self.rules)
        return usual, texts(self.backslash_rules) if self.backslash_rules else usual

    @cached_property
    def plain_backslash_pattern(self) -> re.Pattern[str]:
        """The pattern of ``backslash_rules``, if there are any."""
        return compiled_rules(self.backslash_rules) if self.backslash_rules else self.pattern

    @cached_property
    def blank(self) -> re.Pattern[str]:
        """White space and comments before a statement of a script, and what the shell removes there."""
        return re.compile(rf"(?:[ \t\n\r\f\v]++|{self.rules[COMMENT]}|{self.left_out})*+", re.DOTALL | re.MULTILINE)

    def patterns(self, sql: str) -> tuple[re.Pattern[str], ...]:
        """The ways in which the engine may read a text."""
        return (self.pattern, self.plain_backslash_pattern) if self.backslash_rules and "\\" in sql else (self.pattern,)

    def end_of_create(self, tokens: Iterator[Token]) -> int | None:
        """The offset of the semicolon that ends a CREATE, which may have a body; None if there is none."""
        return next((token.start for token in tokens if token.text == ";"), None)

    def script_modes(self, script: str) -> ScriptModes:
        """The modes at the beginning of a script."""
        return ScriptModes()

    def is_placeholder(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether the operator at position ``i`` is a placeholder for a value."""
        return False

    @property
    def watched_verbs(self) -> frozenset[str]:
        """The verbs of statements that are checked for side effects."""
        return frozenset(self.lasting_verbs)

    @property
    def watched_words(self) -> frozenset[str]:
        """The words for which any statement is checked for side effects."""
        return frozenset(self._function_spellings)

    @cached_property
    def _function_spellings(self) -> dict[str, str]:
        """The functions, by each of their spellings: as a word, and quoted."""
        names = (*self.lasting_functions, *self.outside_functions)
        return {spelled: name for name in names for spelled in (name, *_quoted(name.lower()), *_quoted(name))}

    def calls(self, code: TokenList) -> Iterator[tuple[str, int]]:
        """The calls of functions that have a lasting effect or write outside the database: names and positions."""
        for spelled in self._function_spellings.keys() & code.at.keys():
            name = self._function_spellings[spelled]
            for i in code.at[spelled]:
                is_other = code.word(i - 1) == "." and code.word(i - 2) not in self.system_schemas
                if code.word(i + 1) == "(" and (not is_other or name.startswith(self.extension_functions)):
                    yield name, i

    def ends_with_transaction(self, code: TokenList, name: str, i: int) -> bool:
        """Whether the arguments of a call of one of ``lasting_functions`` limit its effect to the transaction."""
        return False

    def lasting(self, code: TokenList, start: int, verb: str) -> str:
        """The name in errors of the statement whose verb, one of ``lasting_verbs``, is at position ``start``.

        An empty text for a statement whose effect does not last.
        """
        if verb not in self.named_verbs or code.kind(start + 1) not in (WORD, QUOTED):
            return verb
        second = code.word(start + 1)
        return f"{verb} {second if f'{verb} {second}' in self.lasting_verbs else code.tokens[start + 1].text}"

    def hint(self, verb: str, second: str) -> str:
        """What to do instead of a statement that begins with these two words."""
        if verb == "SET" and second.startswith("@") and not second.startswith("@@"):
            return "pass the value as a parameter"
        return self.lasting_verbs.get(f"{verb} {second}") or self.lasting_verbs[verb]

    def variables_set(self, code: TokenList, verb: str) -> Iterator[int]:
        """The positions at which the statement sets a variable of the session."""
        return iter(())

    def not_for_driver(self, code: TokenList, verb: str) -> tuple[str, str] | None:
        """The message and hint about a statement that the driver cannot send; None if it can."""
        return None

    def writes_outside(self, code: TokenList, verb: str) -> str:
        """What the statement writes outside the database; an empty text if nothing is known."""
        return ""


def _quoted(name: str) -> tuple[str, str]:
    return f'"{name}"', f"`{name}`"


def syntax_of(engine: str) -> Syntax:
    """The syntax of an engine, one of ``engine_names()``."""
    return cast(Syntax, part(engine, "syntax"))


class Combined(NamedTuple):
    """The properties of several syntaxes together.

    A statement with none of the ``watched_verbs`` and ``watched_words``, and no mark of a variable, has no side effect.
    ``strict`` is the first syntax that needs types, and ``text_type`` the type for texts that all syntaxes know.
    """

    watched_verbs: frozenset[str]
    watched_words: frozenset[str]
    variable_marks: tuple[str, ...]
    last_statement_functions: tuple[str, ...]
    strict: Syntax | None
    text_type: str


@cache
def combined(syntaxes: tuple[Syntax, ...]) -> Combined:
    """The properties of the syntaxes of the engines that run a statement; computed once."""
    text_types = {syntax.text_type for syntax in syntaxes}
    return Combined(
        frozenset().union(*(syntax.watched_verbs for syntax in syntaxes)),
        frozenset().union(*(syntax.watched_words for syntax in syntaxes)),
        tuple({syntax.variable_mark for syntax in syntaxes if syntax.variable_mark}),
        tuple(sorted(frozenset().union(*(syntax.last_statement_functions for syntax in syntaxes)))),
        next((syntax for syntax in syntaxes if syntax.needs_types), None),
        text_types.pop() if len(text_types) == 1 else Syntax.text_type,
    )


def ends_operand(tokens: Sequence[Token], i: int) -> bool:
    """Whether an operand may end with the token at position ``i``."""
    if i < 0:
        return False
    kind, text, _ = tokens[i]
    if kind == WORD:
        return text.upper() not in OPERAND_FOLLOWS
    return kind in (NUMBER, STRING, QUOTED, PARAMETER) or text in (")", "]")


def opens_subscript(before: Token) -> bool:
    """Whether a ``[`` after this token opens a subscript, and not the elements of ``ARRAY[…]``."""
    return ends_operand([before], 0) and before.text.upper() != "ARRAY"
