"""Find the names that SQLite's message about a broken constraint lacks: the failing connection in, names out.

For a UNIQUE constraint, SQLite reports the columns but not the name; for a CHECK, the name but not the table; for a
foreign key, nothing.  The names are in the schema's text.  A foreign key is found by queries: which of the statement's
values has no parent row, or which of the changed keys still has a child row.  This code runs only after a failure.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

from pydb import errors
from pydb.engines.base import Failure
from pydb.engines.sqlite.written_values import Change, change_of, names_in
from pydb.sqlfile.lexer import token_list
from pydb.sqlfile.tokens import QUOTED, WORD, TokenList, unquoted

_CHECK, _FOREIGN_KEY, _KEY = "CHECK", "FOREIGN KEY", "UNIQUE or PRIMARY KEY"
_KINDS = {"PRIMARY": _KEY, "UNIQUE": _KEY, "CHECK": _CHECK, "FOREIGN": _FOREIGN_KEY, "REFERENCES": _FOREIGN_KEY}
_NO_NAME = ("NOT", "NULL", "DEFAULT", "COLLATE", "GENERATED")
_TABLE_CONSTRAINT = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN")
_BLOCKS_PARENT = ("NO ACTION", "RESTRICT")


class Constraint(NamedTuple):
    """A constraint of a CREATE TABLE; the columns of a CHECK are not listed."""

    name: str | None
    kind: str
    columns: tuple[str, ...] = ()


class ForeignKey(NamedTuple):
    """A foreign key, as PRAGMA foreign_key_list reports it."""

    table: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    on_update: str
    on_delete: str


def with_constraint_details(
    failure: Failure, connection: sqlite3.Connection, sql: str | None, parameters: Any
) -> Failure:
    """The failure, with the constraint, table and columns from the schema; unchanged if they are not found."""
    # Errors in this lookup must not hide the violation itself.
    with suppress(Exception):
        catalogue = SchemaReader(connection)
        if failure.error is errors.UniqueViolation and failure.table:
            return replace(failure, constraint=catalogue.key_name(failure.table, failure.columns))
        if failure.error is errors.UniqueViolation and failure.constraint:
            return replace(failure, table=catalogue.table_of_index(failure.constraint))
        if failure.error is errors.CheckViolation and failure.constraint:
            table = catalogue.table_of_check(failure.constraint)
            return replace(failure, table=table, constraint=failure.constraint if table else None)
        if failure.error is errors.ForeignKeyViolation and sql:
            return _complete_foreign_key(failure, catalogue, change_of(sql, parameters))
    return failure


def _complete_foreign_key(failure: Failure, catalogue: SchemaReader, change: Change | None) -> Failure:
    if change is None:
        return failure
    for broken in (catalogue.orphaning(change), catalogue.orphaned_by(change)):
        if len(broken) == 1:
            key, columns = broken[0]
            name = catalogue.name_of(key.table, _FOREIGN_KEY, key.columns)
            return replace(failure, constraint=name, table=key.table, columns=columns)
    return failure


class SchemaReader:
    """Answers questions about constraints from the schema of a connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._cursor = connection.cursor()

    def name_of(self, table: str, kind: str, columns: Sequence[str]) -> str | None:
        """The name of a constraint in the table's DDL; None if the DDL does not name it."""
        wanted = _lower(columns)
        found = (c.name for c in constraints(self._ddl(table)) if c.kind == kind and _lower(c.columns) == wanted)
        return next(found, None)

    def key_name(self, table: str, columns: Sequence[str]) -> str | None:
        """The name of a UNIQUE or PRIMARY KEY constraint, or of a unique index."""
        name = self.name_of(table, _KEY, columns)
        if name is None:
            created = "SELECT name FROM pragma_index_list(?) WHERE \"unique\" AND origin = 'c'"
            for (index,) in self._rows(created, table):
                indexed = [column for (column,) in self._rows("SELECT name FROM pragma_index_info(?)", index)]
                if None not in indexed and _lower(indexed) == _lower(columns):
                    return str(index)
        return name

    def table_of_index(self, index: str) -> str | None:
        """The table that an index is on."""
        found = self._rows("SELECT tbl_name FROM sqlite_schema WHERE type = 'index' AND name = ?", index)
        return found[0][0] if found else None

    def table_of_check(self, name: str) -> str | None:
        """The table with a CHECK of this name; None unless there is exactly one."""
        tables = self._rows("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND instr(sql, ?)", name)
        found = [
            table for table, ddl in tables if any(c.kind == _CHECK and c.name == name for c in constraints(ddl or ""))
        ]
        return found[0] if len(found) == 1 else None

    def orphaning(self, change: Change) -> list[tuple[ForeignKey, tuple[str, ...]]]:
        """The foreign keys of the changed table that a new row breaks, each with its columns in that table."""
        if change.verb == "DELETE":
            return []
        keys = [key for key in self._foreign_keys(change.table) if set(_lower(key.columns)) & change.written]
        found = [key for key in keys if any(self._lacks(key, row) for row in change.rows)]
        unknown = [key for key in keys if not all(set(_lower(key.columns)) <= row.keys() for row in change.rows)]
        return [(key, key.columns) for key in found or unknown]

    def orphaned_by(self, change: Change) -> list[tuple[ForeignKey, tuple[str, ...]]]:
        """The foreign keys of which a row still refers to the changed row, each with the referenced columns."""
        if change.verb == "INSERT":
            return []
        deletes = change.verb == "DELETE"
        keys = [
            key
            for (table,) in self._rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
            for key in self._foreign_keys(table)
            if key.parent.lower() == change.table.lower()
            and (key.on_delete if deletes else key.on_update) in _BLOCKS_PARENT
            and (deletes or set(_lower(key.parent_columns)) & change.written)
        ]
        found = [key for key in keys if self._has_child(key, change.where)]
        unknown = [key for key in keys if not set(_lower(key.parent_columns)) <= change.where.keys()]
        return [(key, key.parent_columns) for key in found or unknown]

    def _lacks(self, key: ForeignKey, row: Mapping[str, Any]) -> bool:
        """Whether the row's value of this key is known and has no parent row."""
        values = [row.get(column) for column in _lower(key.columns)]
        return None not in values and not self._exists(key.parent, key.parent_columns, values)

    def _has_child(self, key: ForeignKey, where: Mapping[str, Any]) -> bool:
        values = [where.get(column) for column in _lower(key.parent_columns)]
        return None not in values and self._exists(key.table, key.columns, values)

    def _exists(self, table: str, columns: Sequence[str], values: Sequence[Any]) -> bool:
        test = " AND ".join(f"{_quoted(column)} = ?" for column in columns)
        return bool(self._rows(f"SELECT 1 FROM {_quoted(table)} WHERE {test} LIMIT 1", *values))

    def _foreign_keys(self, table: str) -> Iterator[ForeignKey]:
        rows = self._rows('SELECT id, "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?) '
                          "ORDER BY id, seq", table)  # fmt: skip
        for number in dict.fromkeys(row[0] for row in rows):
            parts = [row for row in rows if row[0] == number]
            _, parent, _, to, on_update, on_delete = parts[0]
            columns = tuple(part[2] for part in parts)
            referred = tuple(part[3] for part in parts) if to is not None else self._primary_key(parent)
            yield ForeignKey(table, columns, parent, referred, on_update, on_delete)

    def _primary_key(self, table: str) -> tuple[str, ...]:
        return tuple(
            name for (name,) in self._rows("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", table)
        )

    def _ddl(self, table: str) -> str:
        found = self._rows("SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?)", table)
        return found[0][0] if found else ""

    def _rows(self, sql: str, *parameters: Any) -> list[Any]:
        self._cursor.execute(sql, parameters)
        return [tuple(row) for row in self._cursor.fetchall()]


def constraints(ddl: str) -> Iterator[Constraint]:
    """The constraints of a CREATE TABLE, of its columns and of the table."""
    code = token_list(ddl, "sqlite")
    for opening in code.at.get("(", ())[:1]:
        for item in filter(None, code.items(opening) or ()):
            yield from _constraints_of(code, item)


def _constraints_of(code: TokenList, item: range) -> Iterator[Constraint]:
    """The constraints of one column definition, or of one table constraint."""
    of_table = code.word(item.start) in _TABLE_CONSTRAINT
    column = () if of_table else (unquoted(code.tokens[item.start]),)
    name: str | None = None
    for i in item:
        word = code.word(i)
        if code.opens[i] != code.opens[item.start]:
            continue
        if word == "CONSTRAINT" and code.kind(i + 1) in (WORD, QUOTED):
            name = unquoted(code.tokens[i + 1])
        elif kind := _KINDS.get(word):
            # FOREIGN marks a table constraint, so its REFERENCES only names the parent table.
            if word == "REFERENCES" and of_table:
                continue
            yield Constraint(name, kind, () if kind == _CHECK else column or names_in(code, _bracket(code, item, i)))
            name = None
        elif word in _NO_NAME:
            name = None


def _bracket(code: TokenList, item: range, i: int) -> int:
    """The position of the first opening bracket in an item after position ``i``."""
    return next((opening for opening in range(i, item.stop) if code.word(opening) == "("), -1)


def _lower(names: Sequence[str]) -> list[str]:
    return [name.lower() for name in names]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
