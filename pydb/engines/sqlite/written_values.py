"""Find what a failed statement tried to write: SQL text and its values in, the table and the known values out.

It recognises only simple forms (``INSERT … VALUES (?, …)``, ``SET a = ?``, ``WHERE id = ?``), which is enough to name a
foreign key in an error.  All other values are unknown.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydb.sqlfile.lexer import token_list
from pydb.sqlfile.tokens import QUOTED, WORD, TokenList, unquoted
from pydb.sqlfile.verbs import CHANGES_ROWS, INSERTS

_VERBS = CHANGES_ROWS - {"MERGE"}  # for SQLite, MERGE is a name
_BEFORE_TABLE = frozenset({"INTO", "FROM", "OR", "ROLLBACK", "ABORT", "REPLACE", "FAIL", "IGNORE", "ONLY"})
_UNKNOWN = object()


@dataclass(frozen=True, slots=True)
class Change:
    """The change that a statement makes.

    ``rows`` has the known new values of each row, by column.  ``where`` has the values with which WHERE compares
    columns.  ``written`` are the columns that get a value, known or not.  All column names are in lower case.
    """

    verb: str
    table: str
    written: frozenset[str]
    rows: tuple[Mapping[str, Any], ...]
    where: Mapping[str, Any]


def change_of(sql: str, parameters: Any) -> Change | None:
    """The change that the statement makes; None if it is not an INSERT, UPDATE or DELETE.

    ``parameters`` are the driver's positional values, or for ``executemany`` a list of them.
    """
    sets: list[Sequence[Any]] = parameters if isinstance(parameters, list) else [parameters or ()]
    code = token_list(sql, "sqlite")
    start = next((i for i, word in enumerate(code.words) if word in _VERBS), len(code))
    table = code.after(start, _BEFORE_TABLE)
    if code.word(table + 1) == ".":
        table += 2
    if table >= len(code):
        return None
    verb, name = code.word(start), unquoted(code.tokens[table])
    if verb in INSERTS:
        columns = [column.lower() for column in names_in(code, table + 1)]
        rows = [row for values in sets for row in _inserted(code, table, columns, values)]
        return Change("INSERT", name, frozenset(columns), tuple(rows), {})
    split = next((i for i in code.at.get("WHERE", ()) if i > table), len(code))
    assigned = dict(_compared(code, range(table + 1, split), sets[0]))
    known = {column: value for column, value in assigned.items() if value is not _UNKNOWN}
    where = {
        column: value for column, value in _compared(code, range(split, len(code)), sets[0]) if value is not _UNKNOWN
    }
    return Change(verb, name, frozenset(assigned), (known,), where)


def _compared(code: TokenList, part: range, values: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Each ``column = …`` with its value, which is known only if it is a single parameter."""
    for i in part[:-2]:
        if code.kind(i) in (WORD, QUOTED) and code.word(i + 1) == "=":
            alone = code.word(i + 3) in ("", ",", ")", ";") or code.kind(i + 3) == WORD
            yield unquoted(code.tokens[i]).lower(), _value(code, i + 2, values) if alone else _UNKNOWN


def _value(code: TokenList, i: int, values: Sequence[Any]) -> Any:
    """The value of the parameter at position ``i``; ``_UNKNOWN`` if the token there is not a parameter."""
    number = bisect_left(code.at.get("?", ()), i)
    return values[number] if code.word(i) == "?" and number < len(values) else _UNKNOWN


def _inserted(code: TokenList, table: int, columns: Sequence[str], values: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """The known values of each row of an INSERT."""
    start = next((i for i in code.at.get("VALUES", ()) if i > table), len(code))
    for opening in code.at.get("(", ()):
        if opening > start and code.opens[opening] == code.opens[start]:
            items = zip(columns, code.items(opening) or (), strict=False)
            row = {column: _value(code, item.start, values) for column, item in items if len(item) == 1}
            yield {column: value for column, value in row.items() if value is not _UNKNOWN}


def names_in(code: TokenList, i: int) -> tuple[str, ...]:
    """The names in the brackets that open at position ``i``, without additions such as ``COLLATE NOCASE``."""
    return tuple(unquoted(code.tokens[item.start]) for item in code.items(i) or () if item)
