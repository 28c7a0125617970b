"""The meaning of an exception of sqlite3.  SQLite itself raises each one."""

from __future__ import annotations

import sqlite3

import pytest

from pydb import errors
from pydb.engines.sqlite.error_codes import _BY_CODE, classify

SCHEMA = """
CREATE TABLE t (a integer NOT NULL CONSTRAINT a_key UNIQUE, b integer CONSTRAINT b_check CHECK (b > 0));
CREATE TABLE s (x integer) STRICT;
CREATE TRIGGER guard BEFORE INSERT ON t WHEN new.a = 99 BEGIN SELECT raise(ABORT, 'hunter2'); END;
INSERT INTO t VALUES (1, 1);
"""


CODES = {
    errors.InternalError: "INTERNAL NOTFOUND",
    errors.OperationalError: "PERM ABORT NOMEM READONLY IOERR FULL CANTOPEN NOLFS",
    errors.Busy: "BUSY LOCKED PROTOCOL SCHEMA",
    errors.SerializationFailure: "BUSY_SNAPSHOT",
    errors.Disconnected: "READONLY_DBMOVED",
    errors.StatementTimeout: "INTERRUPT",
    errors.DataError: "TOOBIG MISMATCH",
}


def test_each_code() -> None:
    """Each code of the table has its class, and a value of the wrong type is not a violated constraint."""
    named = {getattr(sqlite3, f"SQLITE_{name}"): kind for kind, names in CODES.items() for name in names.split()}
    assert named == _BY_CODE
    assert classify(raised("SELECT 1 LIMIT 'hunter2'"), "SELECT 1 LIMIT ?").error is errors.DataError


def raised(sql: str) -> sqlite3.Error:
    """The exception of a statement."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    try:
        with pytest.raises(sqlite3.Error) as caught:
            connection.execute(sql)
    finally:
        connection.close()
    return caught.value


@pytest.mark.parametrize(
    ("sql", "error", "message", "columns", "constraint"),
    [
        ("INSERT INTO t VALUES (1, 1)", errors.UniqueViolation, "UNIQUE constraint failed: t.a", ("a",), None),
        ("INSERT INTO t VALUES (NULL, 1)", errors.NotNullViolation, "NOT NULL constraint failed: t.a", ("a",), None),
        ("INSERT INTO t VALUES (2, 0)", errors.CheckViolation, "CHECK constraint failed: b_check", (), "b_check"),
        ("INSERT INTO s VALUES ('x')", errors.ConstraintViolation, "a TEXT value in INTEGER column s.x", ("x",), None),
        (
            "INSERT INTO t VALUES (99, 1)",
            errors.ConstraintViolation,
            "a trigger or constraint refused the row (code 1811)",
            (),
            None,
        ),
        ("SELECT nowhere FROM t", errors.OperationalError, "no such column: nowhere", (), None),
    ],
)
def test_statements(
    sql: str, error: type[errors.DatabaseError], message: str, columns: tuple[str, ...], constraint: str | None
) -> None:
    """The error has its class, its message, and what is known about the constraint."""
    failure = classify(raised(sql), sql)
    assert (failure.error, failure.message) == (error, message)
    assert (failure.columns, failure.constraint) == (columns, constraint)


def test_a_message_about_a_value_is_not_shown() -> None:
    """A name that is not in the sent SQL may be a value, so only the code is shown."""
    failure = classify(raised("SELECT hunter2 FROM t"), "SELECT :x FROM t")
    assert "hunter2" not in failure.message
    assert failure.message == "SQLite failed with SQLITE_ERROR"
    assert failure.hint is not None
    assert ".orig" in failure.hint


def test_a_missing_table_has_a_hint() -> None:
    """The error about a missing table, which beginners often see, says what to do."""
    failure = classify(raised("SELECT 1 FROM nowhere"), "SELECT 1 FROM nowhere")
    assert failure.message == "no such table: nowhere"
    assert "pydb schema apply" in (failure.hint or "")


def test_the_missing_table_of_a_foreign_key() -> None:
    """A name with the schema before it comes from the schema, not from a value, and is shown."""
    connection = sqlite3.connect(":memory:")
    connection.executescript("PRAGMA foreign_keys = ON; CREATE TABLE a (b REFERENCES gone (id));")
    with pytest.raises(sqlite3.OperationalError) as error:
        connection.execute("INSERT INTO a VALUES (1)")
    connection.close()
    assert classify(error.value, "INSERT INTO a VALUES (1)").message == "no such table: main.gone"


def test_a_closed_connection() -> None:
    """A message of the driver without a code is classified by its words."""
    connection = sqlite3.connect(":memory:")
    connection.close()
    with pytest.raises(sqlite3.ProgrammingError) as caught:
        connection.execute("SELECT 1")
    assert classify(caught.value, "SELECT 1").error is errors.Disconnected
