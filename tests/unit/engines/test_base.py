"""What is the same on every engine: settings, the words of isolation levels, errors by their PEP 249 class."""

from __future__ import annotations

import sqlite3

import pytest

from pydb import errors
from pydb.engines.base import Settings, check_isolation, class_of, rules_for, rules_of, words_stand_in
from pydb.errors import PydbError


@pytest.mark.parametrize("limits", [(0.0, 1.0, 1.0), (None, -1.0, 1.0), (None, 1.0, 0.0), (-1.0, 1.0, 1.0)])
def test_settings_that_are_none(limits: tuple[float | None, float, float]) -> None:
    """A timeout is a positive number; only the one for locks may be 0."""
    with pytest.raises(ValueError, match="timeouts are positive numbers of seconds"):
        Settings(*limits)


def test_the_answer_timeout() -> None:
    """A server gets two seconds more than the statement may take, to say that it has stopped it."""
    assert Settings(3.0, 0.0, 1.0).answer_timeout == 5.0
    assert Settings(None, 0.0, 1.0).answer_timeout is None


@pytest.mark.parametrize("isolation", ["serializable", "SERIALIZABLE", "Serializable"])
def test_isolation_levels(isolation: str) -> None:
    """A level may be written in any case, its words joined by a space or an underscore."""
    assert check_isolation(isolation) == "SERIALIZABLE"
    assert check_isolation("repeatable_read") == "REPEATABLE READ"
    assert check_isolation(None) is None


@pytest.mark.parametrize("isolation", ["", "snapshot", "read  committed", 7])
def test_unknown_isolation_levels(isolation: object) -> None:
    """Other words are refused with the four that there are."""
    with pytest.raises(ValueError, match=r"no isolation level is named .*hint: one of READ UNCOMMITTED"):
        check_isolation(isolation)  # type: ignore[arg-type]


def test_classes_of_drivers() -> None:
    """A driver's exception becomes pydb's class by the PEP 249 class that it is or that it comes from."""
    own = type("OwnError", (sqlite3.IntegrityError,), {})
    assert class_of(own()) is errors.ConstraintViolation
    assert class_of(sqlite3.OperationalError()) is errors.OperationalError
    assert class_of(ZeroDivisionError()) is errors.DatabaseError


def test_words_that_are_no_secret() -> None:
    """A word that stands in the SQL is no parameter's value, whatever its quotes and case."""
    assert words_stand_in(('"Users"', "id"), "SELECT ID FROM users")
    assert not words_stand_in(("users", "hunter2"), "SELECT id FROM users")
    assert not words_stand_in(("users",), None)


def test_rules_by_dialect() -> None:
    """The rules of an engine are one object, found by its name and by its dialects."""
    assert rules_for("mysql") is rules_for("mariadb") is rules_of("mariadb")
    assert rules_of("mariadb").product == "MariaDB"
    with pytest.raises(PydbError):
        rules_for("oracle")
