"""What a failed statement was about to write: SQL text and its values in, the table and the known values out.

It reads only what is plain to see (``INSERT … VALUES (?, …)``, ``SET a = ?``, ``WHERE id = ?``): for naming a foreign
key in an error that is enough, and what it does not see it calls unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydb.sqlfile.lexer import COMMENT, QUOTED, SPACE, WORD, Token, tokenize

_VERBS = ("INSERT", "REPLACE", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Change:
    """``rows``: the values known to be written, by column; ``where``: what the WHERE compares columns with.

    ``written`` are the columns that get a value, known or not.  All column names are in lower case.
    """

    verb: str
    table: str
    written: frozenset[str]
    rows: tuple[Mapping[str, Any], ...]
    where: Mapping[str, Any]


def change_of(sql: str, parameters: Any) -> Change | None:
    """What the statement writes, or None for one that is no INSERT, UPDATE or DELETE.

    ``parameters`` are the driver's positional values, or a list of such for an ``executemany``.
    """
    sets: list[Sequence[Any]] = parameters if isinstance(parameters, list) else [parameters or ()]
    tokens = _code(sql)
    start = next((i for i, token in enumerate(tokens) if _word(token) in _VERBS), None)
    if start is None:
        return None
    values_before = sum(token.text == "?" for token in tokens[:start])
    verb, rest = _word(tokens[start]), tokens[start + 1 :]
    skipped = ("INTO", "FROM", "OR", "ROLLBACK", "ABORT", "REPLACE", "FAIL", "IGNORE", "ONLY")
    while rest and _word(rest[0]) in skipped:
        rest = rest[1:]
    if len(rest) > 2 and rest[1].text == ".":
        rest = rest[2:]
    if not rest:
        return None
    table, rest = identifier(rest[0]), rest[1:]
    if verb in ("INSERT", "REPLACE"):
        written, rows = _inserted(rest, [values[values_before:] for values in sets])
        return Change("INSERT", table, frozenset(written), tuple(rows), {})
    split = next((i for i, token in enumerate(rest) if _word(token) == "WHERE"), len(rest))
    numbers = {id(token): n for n, token in enumerate(token for token in rest if token.text == "?")}
    values = sets[0][values_before:]
    assigned = dict(_compared(rest[:split], values, numbers))
    known = {column: value for column, value in assigned.items() if value is not _UNKNOWN}
    where = {column: value for column, value in _compared(rest[split:], values, numbers) if value is not _UNKNOWN}
    return Change(verb, table, frozenset(assigned), (known,), where)


_UNKNOWN = object()


def _compared(tokens: list[Token], values: Sequence[Any], numbers: Mapping[int, int]) -> Iterator[tuple[str, Any]]:
    """Each ``column = …`` and its value, where that is a parameter alone."""
    for index, token in enumerate(tokens[:-2]):
        if token.kind in (WORD, QUOTED) and tokens[index + 1].text == "=":
            value, after = tokens[index + 2], tokens[index + 3 : index + 4]
            alone = not after or after[0].text in (",", ")", ";") or after[0].kind == WORD
            known = value.text == "?" and alone and numbers[id(value)] < len(values)
            yield identifier(token).lower(), values[numbers[id(value)]] if known else _UNKNOWN


def _inserted(rest: list[Token], sets: list[Sequence[Any]]) -> tuple[list[str], list[dict[str, Any]]]:
    """The columns of an INSERT, and the known values of each of its rows."""
    columns = [column.lower() for column in columns_of(rest)] if rest and rest[0].text == "(" else []
    start = next((i for i, token in enumerate(rest) if _word(token) == "VALUES"), len(rest))
    rows: list[dict[str, Any]] = []
    for values in sets:
        number = sum(token.text == "?" for token in rest[:start])
        for element in _groups(rest[start + 1 :]):
            row = {}
            for column, tokens in zip(columns, _split(element), strict=False):
                if [token.text for token in tokens] == ["?"]:
                    row[column] = values[number]
                number += sum(token.text == "?" for token in tokens)
            rows.append(row)
    return columns, rows


def items_of(ddl: str) -> list[list[Token]]:
    """The column definitions and table constraints of a CREATE TABLE."""
    return [item for item in _split(next(_groups(_code(ddl)), [])) if item]


def columns_of(tokens: list[Token]) -> tuple[str, ...]:
    """The names in the first brackets, without what follows each (``COLLATE NOCASE``)."""
    return tuple(identifier(item[0]) for item in _split(next(_groups(tokens), [])) if item)


def identifier(token: Token) -> str:
    """The name that a word or a quoted identifier stands for."""
    if token.kind == WORD:
        return token.text
    quote = token.text[-1]
    return token.text[1:-1].replace(quote * 2, quote)


def _word(token: Token) -> str:
    return token.text.upper() if token.kind == WORD else ""


def _code(sql: str) -> list[Token]:
    return [token for token in tokenize(sql, "sqlite") if token.kind not in (SPACE, COMMENT)]


def _groups(tokens: list[Token]) -> Iterator[list[Token]]:
    """What stands in brackets at the top level, one list for each pair."""
    depth, start = 0, 0
    for index, token in enumerate(tokens):
        if token.text == "(":
            start = index + 1 if depth == 0 else start
            depth += 1
        elif token.text == ")":
            depth -= 1
            if depth == 0:
                yield tokens[start:index]


def _split(tokens: list[Token]) -> Iterator[list[Token]]:
    """The parts between commas at the top level."""
    depth, start = 0, 0
    for index, token in enumerate(tokens):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.text == ",":
            yield tokens[start:index]
            start = index + 1
    yield tokens[start:]
