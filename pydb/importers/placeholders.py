"""Rewrite parameters: a statement with ``$1``, ``?``, ``%s`` or ``sqlc.arg(name)`` in; one with ``:name`` out.

A parameter without a name is named after the column that it is compared with or stored in.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, count

from pydb.engines import default_engine
from pydb.importers.imported import Imported
from pydb.sqlfile.lexer import Unterminated, scan
from pydb.sqlfile.tokens import COMMENT, OPERATOR, PARAMETER, QUOTED, STRING, WORD, Token, TokenList

__all__ = ["MARKS", "PYFORMAT", "QUESTIONS", "with_casts", "with_lists", "with_names"]

MARKS = re.compile(
    r"sqlc\.(?:n?arg|slice)\s*\(\s*['\"]?(?P<name>\w+)['\"]?\s*\)|(?<!@)@(?P<at>[A-Za-z_]\w*)|\$(?P<dollar>\d+)|\?(?P<number>\d*)",
    re.IGNORECASE,
)
"""The parameters of sqlc and SQLite."""

PYFORMAT = re.compile(r"%\((?P<name>\w+)\)s|%s")
"""The parameters of psycopg and PyMySQL."""

QUESTIONS = re.compile(r"\?")
"""The parameters of sqlite3."""

_LIST = re.compile(r"\b(?P<word>IN)\s+(?P<name>:\w+)", re.IGNORECASE)
_TYPE = re.compile(
    r"\s*::\s*(?P<type>(?:double\s+precision|(?:character|bit)\s+varying(?:\s*\(\s*\d+\s*\))?"
    r"|time(?:stamp)?(?:\s*\(\s*\d+\s*\))?\s+with(?:out)?\s+time\s+zone"
    r'|(?:\w+|"[^"]+")(?:\.(?:\w+|"[^"]+"))*(?:\s*\(\s*\d+(?:\s*,\s*\d+)?\s*\))?)(?:\s*\[\s*\d*\s*\])*)',
    re.IGNORECASE,
)
_COMPARES = frozenset({"=", "<", ">", "<=", ">=", "<>", "!=", "LIKE", "ILIKE", "IN", "BETWEEN"})


def with_names(one: Imported, engine: str, pattern: re.Pattern[str] = MARKS) -> Imported:
    """The statement with named parameters instead of the matches; a comment if its text cannot be read."""
    try:
        tokens = [token for token in scan(one.sql, engine) if token.kind != COMMENT]
    except Unterminated as error:
        return replace(one, reason=f"a {error.what} is never closed")
    marks = _marks(one.sql, tokens, pattern)
    if not marks:
        return one
    code = TokenList([*_as_words(one.sql, tokens, marks)])
    names: dict[str, str] = {}
    edits = []
    positional = False
    for number, found in enumerate(marks, 1):
        key = _key(found, number)
        positional = positional or key.isdigit()
        if key not in names:
            names[key] = _free(key if not key.isdigit() else _named_after(code, found, key), names)
        end = found.end()
        written = f":{names[key]}"
        if cast := _cast_after(one.sql, end):
            written, end = f"CAST({written} AS {cast[0]})", cast[1]
        edits.append((found.start(), end, written))
    sql = one.sql
    for start, end, written in reversed(edits):
        sql = sql[:start] + written + sql[end:]
    changes = [f"its parameters are now {', '.join(f':{name}' for name in names.values())}"] if positional else []
    return replace(one, sql=sql, changes=(*one.changes, *changes))


def with_casts(one: Imported) -> Imported:
    """The statement with ``CAST(:name AS type)`` instead of ``:name::type``, which pydb refuses."""
    try:
        parameters = [token for token in scan(one.sql, default_engine()) if token.kind == PARAMETER]
    except Unterminated:
        return one
    sql = one.sql
    for token in reversed(parameters):
        end = token.start + len(token.text)
        if cast := _cast_after(sql, end):
            sql = f"{sql[: token.start]}CAST({token.text} AS {cast[0]}){sql[cast[1] :]}"
    return (
        one if sql == one.sql else replace(one, sql=sql, changes=(*one.changes, "a cast is now written CAST(… AS …)"))
    )


def with_lists(one: Imported) -> Imported:
    """The statement with ``IN (:ids)`` instead of ``IN :ids``, which other tools expand to a list."""
    sql = _LIST.sub(r"\g<word> (\g<name>)", one.sql)
    change = "a list is now in parentheses: IN (:name)"
    return one if sql == one.sql else replace(one, sql=sql, changes=(*one.changes, change))


def _marks(sql: str, tokens: list[Token], pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """The parameters in code, without PostgreSQL's operators ``?`` and ``?|``."""
    kinds = {
        at: token.kind
        for token in tokens
        if token.kind not in (STRING, QUOTED)
        for at in range(token.start, token.start + len(token.text))
    }
    return [
        found
        for found in pattern.finditer(sql)
        if (kind := kinds.get(found.start())) and not (kind == OPERATOR and found[0][0] == "?")
    ]


def _key(found: re.Match[str], number: int) -> str:
    """The name of a parameter, or its number."""
    groups = (text for text in found.groupdict().values() if text)
    return next(groups, str(number))


def _as_words(sql: str, tokens: list[Token], marks: list[re.Match[str]]) -> list[Token]:
    """The tokens, with each parameter as one word."""
    spans = {found.start(): found for found in marks}
    made, skip = [], -1
    for token in tokens:
        if token.start < skip:
            continue
        inside = next((spans[at] for at in range(token.start, token.start + len(token.text)) if at in spans), None)
        if inside is not None and (inside.start() == token.start or token.kind == OPERATOR):
            if before := sql[token.start : inside.start()]:
                made.append(Token(OPERATOR, before, token.start))
            made.append(Token(WORD, f"parameter_{inside.start()}", inside.start()))
            skip = inside.end()
        else:
            made.append(token)
    return made


def _named_after(code: TokenList, found: re.Match[str], key: str) -> str:
    """The name of a parameter that has none: its column, or ``limit`` or ``offset``."""
    i = next((k for k, token in enumerate(code.tokens) if token.start == found.start()), -1)
    if i < 0:
        return f"arg_{key}"
    before = code.word(i - 1)
    if before in ("LIMIT", "OFFSET"):
        return before.lower()
    if before == "AND" and (between := max((k for k in code.at.get("BETWEEN", ()) if k < i), default=-1)) > 0:
        return str(code.name(between - 1) or f"arg_{key}")
    for k in range(i - 1, max(i - 5, -1), -1):
        if code.word(k) == "||" or code.kind(k) == STRING:
            continue
        if code.word(k) in _COMPARES or code.kind(k) == OPERATOR:
            column = code.name(k - 1 - (code.word(k - 1) == "NOT"))
            if column and column.upper() not in _COMPARES and not column.startswith("parameter_"):
                return column
            break
        if code.word(k) not in ("(", "ANY", "LOWER", "UPPER"):
            break
    if code.word(i + 1) in _COMPARES and code.name(i + 2):
        return str(code.name(i + 2))
    return _inserted(code, i) or f"arg_{key}"


def _inserted(code: TokenList, i: int) -> str | None:
    """The column that a parameter in VALUES is stored in."""
    opening = code.opens[i]
    while opening >= 0 and code.word(opening - 1) not in ("VALUES", ","):
        opening = code.opens[opening]
    columns_at = next((k for k in code.at.get("(", ()) if code.word(k - 2) in ("INTO", ".")), None)
    values, columns = (
        code.items(opening) if opening >= 0 else None,
        None if columns_at is None else code.items(columns_at),
    )
    if not values or not columns or "VALUES" not in code.at:
        return None
    for item, column in zip(values, columns, strict=False):
        if i in item and column:
            return code.name(column.start)
    return None


def _free(name: str, names: dict[str, str]) -> str:
    taken = set(names.values())
    return next(tried for tried in chain((name,), (f"{name}_{n}" for n in count(2))) if tried not in taken)


def _cast_after(sql: str, end: int) -> tuple[str, int] | None:
    """The type of a ``::`` cast that follows, and where it ends."""
    found = _TYPE.match(sql, end)
    return None if found is None else (found["type"], found.end())
