"""The meaning of an exception of psycopg, by its SQLSTATE, or without a connection by libpq's message."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from pydb import errors
from pydb.engines.postgresql.error_codes import _BY_STATE, classify


class Diagnostics:
    """The server's details in addition to the message."""

    def __init__(self, **fields: Any) -> None:
        self.message_detail = self.constraint_name = self.table_name = self.column_name = None
        vars(self).update(fields)


def refused(state: str, message: str, **fields: Any) -> psycopg.Error:
    """The exception that psycopg raises for this SQLSTATE."""
    kind: Any = psycopg.errors.lookup(state)

    members = {"sqlstate": state, "diag": Diagnostics(message_primary=message, **fields)}
    made: psycopg.Error = type(kind.__name__, (kind,), members)(message)
    return made


CODES = {
    errors.UniqueViolation: "23505 23P01",
    errors.ForeignKeyViolation: "23503 23001",
    errors.NotNullViolation: "23502",
    errors.CheckViolation: "23514",
    errors.Disconnected: (
        "08000 08001 08003 08004 08006 08007 08P01 25P03 25P04 40003 53300 57P01 57P02 57P03 57P04 57P05 "
    ),
    errors.SerializationFailure: "40000 40001 72000",
    errors.ConstraintViolation: "40002",
    errors.Deadlock: "40P01",
    errors.OperationalError: (
        "53000 53100 53200 53400 54000 54001 54011 54023 55000 55006 55P02 55P04 57000 58000 58030 58P01 58P02 "
    ),
    errors.Busy: "55P03",
    errors.StatementTimeout: "57014",
    errors.InternalError: "XX000 XX001 XX002",
}


def test_each_code() -> None:
    """Each code of the table has its class."""
    assert {code: kind for kind, codes in CODES.items() for code in codes.split()} == _BY_STATE


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ("23505", errors.UniqueViolation),
        ("23503", errors.ForeignKeyViolation),
        ("23502", errors.NotNullViolation),
        ("23514", errors.CheckViolation),
        ("40001", errors.SerializationFailure),
        ("40P01", errors.Deadlock),
        ("55P03", errors.Busy),
        ("57014", errors.StatementTimeout),
        ("57P01", errors.Disconnected),
        ("08006", errors.Disconnected),
        ("42703", errors.ProgrammingError),
        ("22003", errors.DataError),
    ],
)
def test_classes(state: str, error: type[errors.DatabaseError]) -> None:
    """Each SQLSTATE has its class; other codes have that of PEP 249."""
    assert classify(refused(state, "message"), "SELECT 1").error is error


def test_a_message_that_may_hold_a_value_is_not_shown() -> None:
    """A message whose names are words of the SQL is shown; a message with another word is replaced."""
    value = classify(refused("42P01", 'relation "hunter2" does not exist'), "SELECT CAST(%(q)s AS regclass)")
    assert value.message == "PostgreSQL refused: UndefinedTable (42P01)"
    shown = classify(refused("42P01", 'relation "t" does not exist'), "SELECT 1 FROM t")
    hidden = classify(refused("22P02", 'invalid input syntax for type integer: "hunter2"'), "SELECT 1")
    assert shown.message == 'relation "t" does not exist'
    assert "pydb schema apply" in (shown.hint or "")
    assert hidden.message == "PostgreSQL refused: InvalidTextRepresentation (22P02)"
    assert ".orig" in (hidden.hint or "")


def test_the_key_of_a_violation() -> None:
    """The columns come from the detail, without its values."""
    detail = "Key (name, town)=(hunter2, Rome) already exists."
    error = refused("23505", "duplicate key", message_detail=detail, constraint_name="n_key", table_name="t")
    failure = classify(error, "INSERT")
    assert (failure.columns, failure.constraint, failure.table) == (("name", "town"), "n_key", "t")
    assert "hunter2" not in failure.message


def test_without_a_connection() -> None:
    """A reason with the place is shown; a message about an option, which may be a secret, is not."""
    reason = 'connection failed: connection to server at "127.0.0.1", port 1 failed: Connection refused'
    shown = classify(psycopg.OperationalError(f"{reason}\nmore"), None)
    assert (shown.error, shown.message) == (errors.Disconnected, reason)
    hidden = classify(psycopg.OperationalError('invalid connection option "hunter2"'), None)
    assert (hidden.error, hidden.message) == (errors.Disconnected, "the connection is refused")
    lost = classify(psycopg.OperationalError("server closed the connection"), "SELECT 1")
    assert (lost.error, lost.message) == (errors.Disconnected, "the connection to the server is lost")
