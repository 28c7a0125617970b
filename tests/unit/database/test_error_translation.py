"""Exceptions of drivers and of Core become pydb's, on SQLite; integration tests have every engine's codes."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import exc

from pydb.database.error_translation import translate, translated
from pydb.engines.base import rules_for
from pydb.errors import Disconnected, PoolTimeout, UniqueViolation

RULES = rules_for("sqlite")


def wrapped(orig: Exception, *, invalidated: bool = False) -> exc.DBAPIError:
    """Core's exception around a driver's exception."""
    return exc.DBAPIError("INSERT INTO t VALUES (?)", ("hunter2",), orig, connection_invalidated=invalidated)


def unique() -> sqlite3.IntegrityError:
    error = sqlite3.IntegrityError("UNIQUE constraint failed: t.name")
    error.sqlite_errorname, error.sqlite_errorcode = "SQLITE_CONSTRAINT_UNIQUE", 2067
    return error


def test_the_statement_is_named() -> None:
    """The error has the failed statement with its place, and the driver's exception as data."""
    orig = unique()
    error = translate(wrapped(orig), RULES, name="t.add", file="sql/t.sql", line=7)
    assert isinstance(error, UniqueViolation)
    assert (error.statement_name, error.file, error.line, error.orig) == ("t.add", "sql/t.sql", 7, orig)
    assert str(error).startswith("sql/t.sql:7: t.add: ")
    assert "hunter2" not in str(error)


def test_a_lost_connection_is_disconnected() -> None:
    """An error that invalidates the connection is Disconnected, whatever the driver calls it."""
    error = translate(wrapped(sqlite3.OperationalError("odd"), invalidated=True), RULES)
    assert isinstance(error, Disconnected)
    assert error.connection_invalidated


def test_pydbs_own_errors_pass() -> None:
    """An error of pydb is not translated again."""
    error = translate(wrapped(unique()), RULES)
    assert translate(error, RULES) is error


def test_the_block() -> None:
    """An error of Core that leaves the block becomes pydb's, without the exception that may contain values."""
    with pytest.raises(UniqueViolation) as caught, translated(RULES, file="schema.sql", line=3):
        raise wrapped(unique())
    assert (caught.value.file, caught.value.line) == ("schema.sql", 3)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_the_pool() -> None:
    """Core's timeout of the pool is PoolTimeout."""
    with pytest.raises(PoolTimeout), translated(RULES):
        raise exc.TimeoutError


def test_other_exceptions_pass() -> None:
    """An exception that does not come from the database leaves the block unchanged."""
    with pytest.raises(ZeroDivisionError), translated(RULES):
        raise ZeroDivisionError
