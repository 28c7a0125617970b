"""The common behaviour of all engines: settings, isolation levels, errors by their PEP 249 class."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any, ClassVar, cast

import pytest
from sqlalchemy import QueuePool, create_engine

from pydb import errors
from pydb.engines.base import (
    ANSWER,
    Failure,
    Rules,
    Settings,
    check_isolation,
    class_of,
    rules_for,
    rules_of,
)
from pydb.errors import PydbError
from pydb.values.converters import BOOLEANS
from pydb.values.kinds import Kind


@pytest.mark.parametrize("limits", [(0.0, 1.0, 1.0), (None, -1.0, 1.0), (None, 1.0, 0.0), (-1.0, 1.0, 1.0)])
def test_settings_that_are_none(limits: tuple[float | None, float, float]) -> None:
    """A timeout is a positive number; only the lock timeout may be 0."""
    with pytest.raises(ValueError, match="timeouts are positive numbers of seconds"):
        Settings(*limits)


def test_the_answer_timeout() -> None:
    """A server gets a little more time than the statement, to report that it has stopped it."""
    assert Settings(3.0, 0.0, 1.0).answer_timeout == 3.0 + ANSWER
    assert Settings(None, 0.0, 1.0).answer_timeout is None


@pytest.mark.parametrize("isolation", ["serializable", "SERIALIZABLE", "Serializable"])
def test_isolation_levels(isolation: str) -> None:
    """A level may be written in any case, with a space or an underscore between its words."""
    assert check_isolation(isolation) == "SERIALIZABLE"
    assert check_isolation("repeatable_read") == "REPEATABLE READ"
    assert check_isolation(None) is None


@pytest.mark.parametrize("isolation", ["", "snapshot", "read  committed", 7])
def test_unknown_isolation_levels(isolation: object) -> None:
    """Other words are refused, and the hint has the four levels."""
    with pytest.raises(ValueError, match=r"no isolation level is named .*hint: one of READ UNCOMMITTED"):
        check_isolation(isolation)  # type: ignore[arg-type]


def test_classes_of_drivers() -> None:
    """A driver's exception becomes pydb's class by its PEP 249 class, or by that of its base."""
    own = type("OwnError", (sqlite3.IntegrityError,), {})
    assert class_of(own()) is errors.ConstraintViolation
    assert class_of(sqlite3.OperationalError()) is errors.OperationalError
    assert class_of(ZeroDivisionError()) is errors.DatabaseError


def test_rules_by_dialect() -> None:
    """The rules of an engine are one object, which is found by its name and by its dialects."""
    assert rules_for("mysql") is rules_for("mariadb") is rules_of("mariadb")
    assert rules_of("mariadb").product == "MariaDB"
    with pytest.raises(PydbError):
        rules_for("oracle")


class Plain(Rules):
    """An engine that defines only what it must."""

    converters: ClassVar[Mapping[Any, Any]] = {int: None, bool: BOOLEANS.__getitem__}
    classify = create_engine_options = prepare = begin = read = rolls_back_transaction = script_bounds = None  # type: ignore[assignment]


def test_what_an_engine_need_not_say() -> None:
    """By default, an engine is a server whose driver counts rows, and no statement commits by itself."""
    plain, nothing = Plain("sqlite"), cast(Any, None)
    assert plain.file_of(nothing) is None
    assert not plain.commits_by_itself(nothing)
    assert plain.counts_many("INSERT")
    assert plain.rows_changed(nothing, 3) == 3
    failure = Failure(errors.UniqueViolation, "message")
    assert plain.add_constraint_details(failure, nothing, None, None) is failure
    assert plain.session_ender(nothing)(nothing) is None
    with plain.confined(nothing):
        pass


def test_conversions_are_the_engines_own() -> None:
    """The engine's converters convert a result column, unless the driver returns the right type."""
    plain = Plain("sqlite")
    conversion = plain.conversion(Kind(bool), None)
    assert conversion is not None
    assert conversion.value(1) is True


def test_a_connection_kept_apart() -> None:
    """The next user of the pool gets another connection, and the owner closes this one."""
    engine = create_engine("sqlite://", poolclass=QueuePool)
    with engine.connect() as conn:
        driver = conn.connection.dbapi_connection
        Plain("sqlite").keep_apart(conn)
    with engine.connect() as conn:
        assert conn.connection.dbapi_connection is not driver
    engine.dispose()
