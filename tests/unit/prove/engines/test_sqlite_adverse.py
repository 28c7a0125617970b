"""The tables of a SQLite database, with literals for their columns."""

import sqlite3

import pytest

from pydb.errors import OperationalError
from pydb.prove.engines.sqlite_adverse import SqliteAdverse


def tables(*script: str) -> dict[str, dict[str, tuple[bool, tuple[str, ...]]]]:
    """The columns to fill in each table: whether NULL is allowed, and the plain literals."""
    connection = sqlite3.connect(":memory:")
    for statement in script:
        connection.execute(statement)
    found = SqliteAdverse("sqlite").tables(lambda query: connection.execute(query).fetchall())
    connection.close()
    return {
        table.name: {
            column.name: (column.nullable, column.literals.plain if column.literals else ()) for column in table.columns
        }
        for table in found
    }


def test_what_fills_itself_is_left_out() -> None:
    """The rowid's alias and generated columns are not filled; a key that refers to another table is filled."""
    found = tables(
        "CREATE TABLE a (id integer PRIMARY KEY, b AS (1), flag boolean NOT NULL)",
        "CREATE TABLE c (a_id integer PRIMARY KEY REFERENCES a, on_day date)",
    )
    assert list(found['"a"']) == ['"flag"']
    assert list(found['"c"']) == ['"a_id"', '"on_day"']


@pytest.mark.parametrize(
    ("type_", "literal"),
    [
        ("boolean", "0"),
        ("timestamp", "'2024-02-29 12:30:00'"),
        ("timestamptz", "'2024-02-29 12:30:00.000000+00:00'"),
        ("date", "'2024-02-29'"),
        ("decimal(10,2)", "1.5"),
        ("varchar(20)", "'a'"),
        ("double precision", "1.5"),
        ("", "'a'"),
    ],
)
def test_literals_by_declared_type(type_: str, literal: str) -> None:
    """A column gets literals of its declared type."""
    assert literal in tables(f"CREATE TABLE t (x {type_})")['"t"']['"x"'][1]


def test_errors_of_the_data() -> None:
    """An overflow is an error of the data; a missing function is an error of the statement."""
    adverse = SqliteAdverse("sqlite")
    assert adverse.is_of_the_data(OperationalError("x", orig=sqlite3.OperationalError("integer overflow")))
    assert not adverse.is_of_the_data(OperationalError("x", orig=sqlite3.OperationalError("no such function: f")))
