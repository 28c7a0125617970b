"""Cut SQL into tokens by each engine's lexical rules.

In: the text of a statement and the engine that reads it.  Out: tokens whose texts, joined, are the input
exactly.

Sources: PostgreSQL manual 4.1 "Lexical Structure" and its scan.l, SQLite's tokenize.c, MariaDB's
"Comment Syntax", "String Literals" and "Identifier Names".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

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

_STOP: Final = "stop"
"""Where the rules of a pattern end: what opens and is never closed, or the end of the text."""


class Unterminated(Exception):
    """A string, quoted identifier or comment that starts at offset ``start`` never ends."""

    def __init__(self, what: str, start: int) -> None:
        super().__init__(what)
        self.what = what
        self.start = start


class Tokenization(NamedTuple):
    """What one engine sees: the tokens that mean something, the comments, or where it finds no end."""

    engine: str
    code: list[Token]
    comments: list[Token]
    unterminated: Unterminated | None = None


_DASHES = r"--[^\n]*+"
# In MariaDB two dashes start a comment only before white space or a control character.
_MARIADB_DASHES = r"--(?![^\x00-\x20])[^\n]*+"
_PLAIN_STRING = r"'[^']*+(?:''[^']*+)*+'"
_PLAIN_QUOTED = r'"[^"]*+(?:""[^"]*+)*+"'
_BACKSLASH_STRING = r"'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'"
_BACKSLASH_QUOTED = r'"[^"\\]*+(?:(?:\\.|"")[^"\\]*+)*+"'
_BACKTICKS = r"`[^`]*+(?:``[^`]*+)*+`"
# A string literal of PostgreSQL goes on after a line break, and an E'' string keeps its backslash rule there.
_POSTGRESQL_BREAK = r"[ \t\f\v]*+(?:--[^\n]*+)?\r?\n(?:\s++|--[^\n]*+\n)*+"
_POSTGRESQL_ESCAPES = rf"[eE]{_BACKSLASH_STRING}(?:{_POSTGRESQL_BREAK}{_BACKSLASH_STRING})*"
_DOLLARS = r"\$(?P<tag>(?:[^\W\d]\w*+)?)\$.*?\$(?P=tag)\$"


def _rules(
    *,
    word: str = r"[^\W\d][\w$]*+",
    string: str = _PLAIN_STRING,
    quoted: str = _PLAIN_QUOTED,
    comment: str = rf"{_DASHES}|/\*.*?\*/",
    unterminated: str = r"""['"]|/\*""",
    placeholder: str = r"(?!)",
    operator: str = r"(?:(?!--|/\*)[-+*/<>=~!%^&|])++",
) -> dict[str, str]:
    return {
        WORD: word,
        PUNCTUATION: r"[(),;]",
        PARAMETER: r"(?<![\w:]):[^\W\d]\w*+",
        STRING: string,
        QUOTED: quoted,
        COMMENT: comment,
        # The end too: else the search would begin anew at each blank of the white space before it.
        _STOP: rf"{unterminated}|\Z",
        PLACEHOLDER: placeholder,
        NUMBER: r"(?:\d[\d_]*+(?:\.\d*+)?|\.\d++)(?:[eE][-+]?\d++)?\w*+",
        CAST: "::",
        # White space is what no rule takes.
        OPERATOR: rf"{operator}|:=|[^ \t\n\r\f\v]",
    }


def _compiled(rules: Mapping[str, str]) -> re.Pattern[str]:
    kinds = "|".join(f"(?P<{kind}>{rule})" for kind, rule in rules.items())
    # The white space before a token is part of its match, else every rule would be tried on every blank.
    return re.compile(rf"[ \t\n\r\f\v]*+(?:{kinds})", re.DOTALL)


def _mariadb(string: str, quoted: str) -> dict[str, str]:
    return _rules(
        word=r"@@?[\w$.]*+|(?!\$\d)(?:[^\W\d]|\$)[\w$]*+",
        string=string,
        quoted=rf"{quoted}|{_BACKTICKS}",
        # What stands in /*! … */ is code there, so only its marks are tokens.
        comment=rf"{_MARIADB_DASHES}|#[^\n]*+|/\*(?!M?!).*?\*/",
        unterminated=r"""['"`]|/\*(?!M?!)""",
        placeholder=r"\?|\$\d++",
        operator=r"/\*M?!\d*+|\*/(?!\*)|(?:(?!--(?![^\x00-\x20])|/\*|\*/)[-+*/<>=~!%^&|])++",
    )


_RULES = {
    "sqlite": _rules(
        quoted=rf"{_PLAIN_QUOTED}|{_BACKTICKS}|\[[^\]]*+\]",
        unterminated=r"""['"`\[]|/\*""",
        placeholder=r"\?\d*+|[@$]\w++(?!\$)",
    ),
    "postgresql": _rules(
        word=r"(?![eE]')[^\W\d][\w$]*+",
        string=rf"{_PLAIN_STRING}|{_POSTGRESQL_ESCAPES}|{_DOLLARS}",
        comment=rf"{_DASHES}|/\*(?:[^*/]++|\*(?!/)|/(?!\*))*+\*/",
        unterminated=r"""['"]|[eE]'|/\*|\$(?:[^\W\d]\w*+)?\$""",
        placeholder=r"\$\d++",
        operator=r"(?:(?!--|/\*)[-+*/<>=~!@#%^&|`?])++",
    ),
    "mariadb": _mariadb(_BACKSLASH_STRING, _BACKSLASH_QUOTED),
}
_PATTERNS = {engine: _compiled(rules) for engine, rules in _RULES.items()}
_SHARED = _compiled(_rules())
_MARIADB_PLAIN = _compiled(_mariadb(_PLAIN_STRING, _PLAIN_QUOTED))

# Where none of these stands, all engines cut the text alike; the marks are a quick look for the same.
_ENGINES_DIFFER = re.compile(r"""[\\`#@?\[$]|--[^\s]|/\*|\*/|(?<![\w$])[eE]'""")
_MARKS = ("\\", "`", "#", "@", "?", "[", "$", "--", "/*", "*/", "e'", "E'")
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
    """The tokens of ``sql`` that mean something; raises Unterminated."""
    return TokenList([token for token in scan(sql, engine) if token.kind != COMMENT])


def scan(sql: str, engine: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The same tokens but white space, of a part of ``sql``, each read when it is asked for; raises Unterminated."""
    return _scan(sql, engine, _PATTERNS[engine], start, len(sql) if end is None else end)


def skim(sql: str, engine: str, start: int, end: int) -> Iterator[Token]:
    """The same, with what is plain left together as one token of the kind PLAIN: for scripts of a million lines."""
    return _scan(sql, engine, _skimming(engine), start, end)


@cache
def _skimming(engine: str) -> re.Pattern[str]:
    rules = _RULES[engine]
    return _compiled({PLAIN: rf"(?:[ \t\n\r\f\v(),]++|{rules[WORD]}|\d++(?:\.\d++)?+(?![\w.]))++", **rules})


def first_code(sql: str, engine: str, start: int = 0, end: int | None = None) -> Token | None:
    """The first token that is not a comment; None where there is none before the end, or what is never closed."""
    try:
        return next((token for token in scan(sql, engine, start, end) if token.kind != COMMENT), None)
    except Unterminated:
        return None


def tokenizations(sql: str, engines: tuple[str, ...]) -> list[Tokenization]:
    """How each of ``engines`` cuts ``sql``: one tokenization where they cannot differ.

    MariaDB has two, because a setting of the connection (NO_BACKSLASH_ESCAPES) decides what a backslash
    in a string means.
    """
    if not (any(mark in sql for mark in _MARKS) and _ENGINES_DIFFER.search(sql)):
        return [_tokenization(sql, engines[0], _SHARED)]
    found = [_tokenization(sql, engine, _PATTERNS[engine]) for engine in engines]
    if "mariadb" in engines and "\\" in sql:
        found.append(_tokenization(sql, "mariadb", _MARIADB_PLAIN))
    return found


def _tokenization(sql: str, engine: str, pattern: re.Pattern[str]) -> Tokenization:
    try:
        tokens = list(_scan(sql, engine, pattern, 0, len(sql)))
    except Unterminated as error:
        return Tokenization(engine, [], [], error)
    comments = [token for token in tokens if token[0] == COMMENT]
    code = [token for token in tokens if token[0] != COMMENT] if comments else tokens
    return Tokenization(engine, code, comments)


def _scan(sql: str, engine: str, pattern: re.Pattern[str], position: int, end: int) -> Iterator[Token]:
    """All tokens but white space."""
    # Past the named tuple's own constructor: a folder of a thousand statements has 35,000 tokens.
    new = tuple.__new__
    while True:
        for match in pattern.finditer(sql, position, end):
            kind: Any = match.lastgroup
            if kind == _STOP:
                break
            yield new(Token, (kind, match[kind], match.start(kind)))
        else:
            return
        opening, start = match[_STOP], match.start(_STOP)
        if not opening:
            return
        position = _nested_end(sql, opening, start, end, nests=engine == "postgresql")
        yield Token(COMMENT, sql[start:position], start)


def _nested_end(sql: str, opening: str, start: int, end: int, *, nests: bool) -> int:
    """Where the comment at ``start`` ends: PostgreSQL's comments nest, which no regular expression follows."""
    depth = 0
    if opening == "/*" and nests:
        for mark in _COMMENT_MARK.finditer(sql, start, end):
            depth += 1 if mark.group() == "/*" else -1
            if depth == 0:
                return mark.end()
    raise Unterminated(_WHAT.get(opening, "string"), start)
