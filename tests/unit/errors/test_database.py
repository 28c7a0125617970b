"""Errors of a database: they are Core's classes too, without the driver's text, and some of them are repeated."""

from __future__ import annotations

import pickle

import pytest
from sqlalchemy import exc

from pydb import errors
from pydb.errors import DatabaseError, PydbError, UniqueViolation

CLASSES = {name: kind for name in errors.__all__ if issubclass(kind := getattr(errors, name), PydbError)}


@pytest.mark.parametrize(
    "kind", [kind for kind in CLASSES.values() if issubclass(kind, DatabaseError)], ids=lambda kind: kind.__name__
)
def test_database_errors(kind: type[DatabaseError]) -> None:
    """An error of the database is Core's class too, and its text does not contain the driver's exception."""
    secret = RuntimeError("hunter2")
    error = kind("refused", orig=secret, sql="SELECT ?", table="users", columns=("name",), constraint="users_name_key")
    assert isinstance(error, exc.DBAPIError)
    assert (error.orig, error.statement, error.params) == (secret, "SELECT ?", None)
    assert (error.table, error.columns, error.constraint) == ("users", ("name",), "users_name_key")
    assert "hunter2" not in f"{error}{error!r}{error.args}"
    assert pickle.loads(pickle.dumps(error)).orig is None
    assert pickle.loads(pickle.dumps(error)).columns == ("name",)


def test_core_classes() -> None:
    """A handler for Core's class of an error catches it."""
    wanted = {
        "ConstraintViolation": exc.IntegrityError,
        "UniqueViolation": exc.IntegrityError,
        "Retryable": exc.OperationalError,
        "Busy": exc.OperationalError,
        "Disconnected": exc.OperationalError,
        "CommitOutcomeUnknown": exc.OperationalError,
        "StatementTimeout": exc.OperationalError,
        "DataError": exc.DataError,
        "ProgrammingError": exc.ProgrammingError,
        "NotSupportedError": exc.NotSupportedError,
        "InternalError": exc.InternalError,
        "InterfaceError": exc.InterfaceError,
    }
    for name, core in wanted.items():
        assert issubclass(CLASSES[name], core)


def test_no_retry_by_name() -> None:
    """An error after which the transaction may have committed is not Retryable."""
    assert not issubclass(errors.CommitOutcomeUnknown, (errors.Retryable, errors.Disconnected))
    assert not issubclass(errors.StatementTimeout, errors.Retryable)
    assert not issubclass(UniqueViolation, errors.Retryable)
