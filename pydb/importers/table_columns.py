"""Find the columns of tables, for ``*``: a schema script in; the columns of each table that it creates out.

Tables whose columns are not certain have no entry, so that a ``*`` stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from pydb.engines import default_engine
from pydb.sqlfile.lexer import Unterminated, token_list
from pydb.sqlfile.table_items import CONSTRAINTS, INDEXES, begins_constraint
from pydb.sqlfile.tokens import QUOTED, WORD, TokenList

__all__ = ["Tables", "listed_columns", "path_at", "tables_of"]

Tables = Mapping[tuple[str, ...], Sequence[str]]
"""Columns, as the schema writes them, by the parts of the table's name in lower case."""

_DEFAULT_SCHEMAS = frozenset({"public", "main"})
_TEMPORARY = frozenset({"TEMP", "TEMPORARY", "UNLOGGED", "GLOBAL", "LOCAL", "OR", "REPLACE"})


def listed_columns(tables: Tables, path: tuple[str, ...]) -> Sequence[str] | None:
    """The columns of the table with this name; None if there is no such table, or more than one."""
    if path in tables:
        return tables[path]
    if len(path) > 1:
        return tables.get(path[-1:]) if path[0] in _DEFAULT_SCHEMAS else None
    found = [columns for name, columns in tables.items() if name[-1:] == path]
    return found[0] if len(found) == 1 else None


def path_at(code: TokenList, i: int) -> tuple[tuple[str, ...], int]:
    """The parts of the name at a position, in lower case, and the position after it; no parts without a name."""
    parts: list[str] = []
    while (name := code.name(i)) is not None:
        parts.append(name)
        i += 1
        if code.word(i) != ".":
            break
        i += 1
    return tuple(parts), i


@lru_cache(maxsize=8)
def tables_of(schema: str, engine: str | None = None) -> Tables:
    """The columns of each table after a script for ``engine`` has run, by default the engine that needs no server."""
    tables: dict[tuple[str, ...], list[str]] = {}
    try:
        statements = list(token_list(schema, engine or default_engine()).statements())
    except Unterminated:
        return tables
    for code in statements:
        if code.word(0) in ("ALTER", "DROP") and code.word(1) == "TABLE":
            _change(tables, code)
        elif code.word(0) == "CREATE":
            _create(tables, code)
    return tables


def _create(tables: dict[tuple[str, ...], list[str]], code: TokenList) -> None:
    i = code.after(0, _TEMPORARY)
    if code.word(i) != "TABLE":
        return
    i = code.after(i, frozenset({"IF", "NOT", "EXISTS"}))
    path, opening = path_at(code, i)
    items = code.items(opening) if code.word(opening) == "(" else None
    if not path or not items or path in tables:
        return
    # The script does not list the columns that a table copies from another table.
    if "INHERITS" in code.at or any(item and code.word(item.start) == "LIKE" for item in items):
        return
    tables[path] = [code.tokens[item.start].text for item in items if item and _is_column(code, item)]


def _is_column(code: TokenList, item: range) -> bool:
    """Whether an item of CREATE TABLE or ALTER TABLE is a column that ``*`` includes."""
    i = item.start
    if code.kind(i) not in (WORD, QUOTED) or begins_constraint(code, i):
        return False
    return not any(code.word(k) == "INVISIBLE" for k in item)


def _change(tables: dict[tuple[str, ...], list[str]], code: TokenList) -> None:
    """Apply ALTER TABLE and DROP TABLE; a table with an unknown change is removed from the result."""
    path, i = path_at(code, code.after(1, frozenset({"IF", "EXISTS", "ONLY"})))
    key = next((name for name in (path, path[-1:]) if name in tables), None)
    if code.word(0) == "DROP":
        while code.word(i) == ",":
            tables.pop(key or (), None)
            path, i = path_at(code, i + 1)
            key = next((name for name in (path, path[-1:]) if name in tables), None)
    columns = tables.pop(key or (), None)
    if columns is None or key is None or code.word(0) == "DROP":
        return
    if code.word(i) == "RENAME" and code.word(i + 1) in ("TO", "AS"):
        tables[(*key[:-1], code.name(i + 2) or "")] = columns
        return
    changed = _columns_after(code, i, columns)
    if changed is not None:
        tables[key] = changed


def _columns_after(code: TokenList, start: int, columns: list[str]) -> list[str] | None:
    """The columns after the actions of an ALTER TABLE; None if they are not certain."""
    commas = [i for i in code.at.get(",", ()) if i > start and code.opens[i] < 0]
    for first, end in zip((start, *(i + 1 for i in commas)), (*commas, len(code)), strict=True):
        verb = code.word(first)
        at = code.after(first, frozenset({"COLUMN", "IF", "NOT", "EXISTS"}))
        named = code.name(at) or ""
        item = range(at, end)
        if verb == "ADD" and (code.word(at) == "(" or any(code.word(i) in ("FIRST", "AFTER") for i in item)):
            return None
        if verb == "ADD" and _is_column(code, item):
            columns = [*columns, code.tokens[at].text]
        elif verb == "DROP" and not _is_dropped_constraint(code, at):
            columns = [column for column in columns if _plain(column) != named]
        elif verb == "RENAME" and code.word(at + 1) == "TO":
            columns = [code.tokens[at + 2].text if _plain(column) == named else column for column in columns]
        elif verb in ("CHANGE", "MODIFY", "RENAME", "INHERIT"):
            return None
    return columns


def _is_dropped_constraint(code: TokenList, i: int) -> bool:
    return code.word(i) in CONSTRAINTS or (code.word(i) in INDEXES and code.kind(i + 1) in (WORD, QUOTED))


def _plain(column: str) -> str:
    return column.strip('"`[]').lower()
