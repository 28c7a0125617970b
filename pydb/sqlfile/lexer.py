"""Cut SQL into tokens by each engine's lexical rules: a text and the engine that reads it in, tokens out.

The texts of all tokens, joined, are exactly the input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pydb.sqlfile.lexical_rules import STOP, compiled_rules, lexical_rules
from pydb.sqlfile.syntax import Syntax, ends_operand, opens_subscript, syntax_of
from pydb.sqlfile.tokens import (
    CAST,
    COMMENT,
    NUMBER,
    OPERATOR,
    PARAMETER,
    PLACEHOLDER,
    PLAIN,
    PUNCTUATION,
    QUOTED,
    SPACE,
    STRING,
    WORD,
    Token,
    TokenList,
)

__all__ = [
    "CAST",
    "COMMENT",
    "MARKS",
    "NUMBER",
    "OPERATOR",
    "PARAMETER",
    "PLACEHOLDER",
    "PLAIN",
    "PUNCTUATION",
    "QUOTED",
    "SPACE",
    "STRING",
    "WORD",
    "Token",
    "TokenList",
    "Tokenization",
    "Unterminated",
    "first_code",
    "scan",
    "skim",
    "token_list",
    "tokenizations",
    "tokenize",
]


class Unterminated(Exception):
    """A string, quoted identifier or comment that starts at offset ``start`` never ends."""

    def __init__(self, what: str, start: int) -> None:
        super().__init__(what)
        self.what = what
        self.start = start


class Tokenization(NamedTuple):
    """The tokens that one engine reads, without white space; and the comments, or the token that never ends."""

    syntax: Syntax
    code: list[Token]
    comments: list[Token]
    unterminated: Unterminated | None = None


_SHARED = compiled_rules(lexical_rules())

MARKS = ("\\", "`", "#", "@", "?", "[", "$", "--", "/*", "*/", "e'", "E'")
"""If a text contains none of these, all engines cut it in the same way."""
_IN_CONTEXT = {"--": re.compile(r"--\S"), "e'": re.compile(r"(?<![\w$])e'"), "E'": re.compile(r"(?<![\w$])E'")}
"""For some marks, the pattern with which a mark matters.

One pattern for all marks would be slow, because it would test each character of a text.
"""
_CALLED = re.compile(r"\s*+[(.]")
"""A bracket or point: the name before it is a function or a table."""
_COMMENT_MARK = re.compile(r"/\*|\*/")
_WHAT = {"'": "string", '"': "quoted identifier", "`": "quoted identifier", "[": "quoted identifier", "/*": "comment"}


def tokenize(sql: str, engine: str) -> list[Token]:
    """The tokens of ``sql`` by the rules of ``engine``, one of ``engine_names()``; raises Unterminated."""
    tokens: list[Token] = []
    end = 0
    for token in scan(sql, engine):
        if token.start > end:
            tokens.append(Token(SPACE, sql[end : token.start], end))
        tokens.append(token)
        end = token.start + len(token.text)
    if end < len(sql):
        tokens.append(Token(SPACE, sql[end:], end))
    return tokens


def token_list(sql: str, engine: str) -> TokenList:
    """The tokens of ``sql`` without white space and comments; raises Unterminated."""
    return TokenList([token for token in scan(sql, engine) if token.kind != COMMENT])


def scan(
    sql: str, engine: str, start: int = 0, end: int | None = None, *, plain_backslashes: bool = False
) -> Iterator[Token]:
    """The tokens of a part of ``sql``, without white space, as an iterator that reads on demand; raises Unterminated.

    With ``plain_backslashes`` they are cut by the rules for a session in which a backslash in a string is an ordinary
    character, if the engine has such sessions.
    """
    syntax = syntax_of(engine)
    pattern = syntax.plain_backslash_pattern if plain_backslashes else syntax.pattern
    return _scan(sql, syntax, pattern, start, len(sql) if end is None else end)


def skim(sql: str, engine: str, start: int, end: int, *, plain_backslashes: bool = False) -> Iterator[Token]:
    """``scan``, but with runs of plain text as one token of the kind PLAIN: it is for scripts of a million lines."""
    syntax = syntax_of(engine)
    return _scan(sql, syntax, syntax.skimming(plain_backslashes), start, end)


def first_code(sql: str, engine: str, start: int = 0, end: int | None = None) -> Token | None:
    """The first token that is not a comment; None if there is none, or if a comment before it is never closed."""
    try:
        return next((token for token in scan(sql, engine, start, end) if token.kind != COMMENT), None)
    except Unterminated:
        return None


def tokenizations(sql: str, syntaxes: Sequence[Syntax]) -> list[Tokenization]:
    """How each of ``syntaxes`` cuts ``sql``, in their order; one tokenization if they cannot differ.

    MariaDB has two, because a setting of the connection (NO_BACKSLASH_ESCAPES) decides what a backslash
    in a string means.
    """
    if not any(mark not in _IN_CONTEXT or _IN_CONTEXT[mark].search(sql) for mark in MARKS if mark in sql):
        return [_tokenization(sql, syntaxes[0], _SHARED)]
    return [_tokenization(sql, syntax, pattern) for syntax in syntaxes for pattern in syntax.patterns(sql)]


def _tokenization(sql: str, syntax: Syntax, pattern: re.Pattern[str]) -> Tokenization:
    try:
        tokens = list(_scan(sql, syntax, pattern, 0, len(sql)))
    except Unterminated as error:
        return Tokenization(syntax, [], [], error)
    comments = [token for token in tokens if token[0] == COMMENT]
    code = [token for token in tokens if token[0] != COMMENT] if comments else tokens
    return Tokenization(syntax, code, comments)


def _scan(sql: str, syntax: Syntax, pattern: re.Pattern[str], start: int, end: int) -> Iterator[Token]:
    """All tokens except white space."""
    tokens = _cut(sql, syntax, pattern, start, end)
    return _with_slices(sql, tokens) if syntax.subscripts and "[" in sql else tokens


def _with_slices(sql: str, tokens: Iterator[Token]) -> Iterator[Token]:
    """Separate the colon of a slice from the name after it: ``a[f(1):g(2)]``, ``a[f(1):n]``."""
    subscripts: list[bool] = []
    before = Token(PUNCTUATION, ";", 0)
    for token in tokens:
        kind, text, start = token
        if kind == COMMENT:
            yield token
            continue
        if text == "[":
            subscripts.append(opens_subscript(before))
        elif text == "(":
            subscripts.append(False)
        elif text in ("]", ")") and subscripts:
            subscripts.pop()
        elif kind == PARAMETER and any(subscripts[-1:]):
            # A parameter is never called, and never directly follows an operand.
            called = _CALLED.match(sql, start + len(text)) is not None
            adjacent = before.start + len(before.text) == start
            if (ends_operand([before], 0) and (called or adjacent)) or (before.text == "[" and called):
                yield Token(OPERATOR, ":", start)
                token = Token(WORD, text[1:], start + 1)
        before = token
        yield token


def _cut(sql: str, syntax: Syntax, pattern: re.Pattern[str], position: int, end: int) -> Iterator[Token]:
    # The named tuple's constructor is avoided for speed: a folder of a thousand statements has 35,000 tokens.
    new = tuple.__new__
    while True:
        for match in pattern.finditer(sql, position, end):
            kind: Any = match.lastgroup
            if kind == STOP:
                break
            yield new(Token, (kind, match[kind], match.start(kind)))
        else:
            return
        opening, start = match[STOP], match.start(STOP)
        if not opening:
            return
        position = _nested_end(sql, opening, start, end, nests=syntax.nested_comments)
        yield Token(COMMENT, sql[start:position], start)


def _nested_end(sql: str, opening: str, start: int, end: int, *, nests: bool) -> int:
    """Where the comment at ``start`` ends: comments may nest, which a regular expression cannot match."""
    depth = 0
    if opening == "/*" and nests:
        for mark in _COMMENT_MARK.finditer(sql, start, end):
            depth += 1 if mark.group() == "/*" else -1
            if depth == 0:
                return mark.end()
    raise Unterminated(_WHAT.get(opening, "string"), start)
