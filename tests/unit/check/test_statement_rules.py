"""The rules for one form of one statement."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pydb.check.collector import Collector
from pydb.check.statement_rules import check_refusal, check_statement, spelled
from pydb.describe import Refusal
from tests.harness.described import described, statement


def codes(sql: str, header: str = "x :many") -> list[str]:
    collector = Collector(["sqlite"])
    check_statement(statement(sql, header), collector)
    return [finding.code for finding in collector.findings()]


@pytest.mark.parametrize(
    ("header", "sql", "code"),
    [
        ("x :one", "SELECT id FROM users;", "C301"),
        ("x :many scalar", "SELECT id, name FROM users;", "C302"),
        ("x :many", "SELECT id, id FROM users;", "C304"),
        ("x :many", "-- @column nothing int\nSELECT id FROM users;", "C105"),
        ("x :many", "-- @column name int\nSELECT name FROM users;", "C106"),
        ("x :many", "-- @param id str\nSELECT id FROM users WHERE id = :id;", "C104"),
        ("x :many", "SELECT :x;", "C102"),
        ("x :many", "SELECT id FROM users WHERE id = :x OR name = :x;", "C103"),
    ],
)
def test_what_is_found(header: str, sql: str, code: str) -> None:
    """Each rule finds its defect, and no other rule finds it."""
    assert codes(sql, header) == [code]


@pytest.mark.parametrize(
    ("header", "sql"),
    [
        ("x :maybe", "SELECT id, name FROM users WHERE id = :id;"),
        ("x :many scalar", "SELECT name FROM users WHERE age IN (:ages);"),
        ("x :many", "-- @param age int\nSELECT id FROM users WHERE age = :age;"),
        ("x :exec", "DELETE FROM users WHERE id = :id;"),
    ],
)
def test_what_is_right(header: str, sql: str) -> None:
    """A correct statement has no finding."""
    assert codes(sql, header) == []


def test_a_refusal() -> None:
    """A statement that the engine refuses is C101, at the place of the error."""
    (refusal,) = described("-- name: x :many\nSELECT id,\n  nowhere FROM users;\n").values()
    assert isinstance(refusal, Refusal)
    collector = Collector(["sqlite"])
    check_refusal(refusal, collector)
    (finding,) = collector.findings()
    assert (finding.code, finding.line, finding.column) == ("C101", 3, 3)
    assert finding.message == "sqlite: no such column: nowhere"


def test_words() -> None:
    """A type is written as its most likely word."""
    assert spelled(("int", "bool")) == "int"
    assert spelled(()) == "an unknown type"


@pytest.mark.parametrize(
    ("message", "hint"),
    [
        (
            "operator does not exist: timestamp with time zone > interval",
            "if the type of :age is guessed wrongly, write CAST(:age AS type) with the type that you mean",
        ),
        ("operator is not unique: date + unknown", "CAST(:age AS type)"),
        ("function pg_catalog.unnest(unknown) is not unique", "CAST(:age AS type)"),
        ("could not determine polymorphic type because input has type unknown", "CAST(:age AS type)"),
        ('column "nowhere" does not exist', ""),
        ("function nowhere(integer) does not exist", ""),
    ],
)
def test_a_guessed_type_is_explained(message: str, hint: str) -> None:
    """If PostgreSQL's guess of a parameter's type may be wrong, the hint names the nearest parameter."""
    (one,) = described(
        "-- name: x :many\nSELECT nowhere FROM users\nWHERE id = :id\n    AND at > now() - :age;\n"
    ).values()
    assert isinstance(one, Refusal)
    collector = Collector(["postgresql"])
    check_refusal(replace(one, message=message, line=4, column=12), collector)
    (finding,) = collector.findings()
    assert finding.code == "C101"
    assert hint in (finding.hint or "")
    assert bool(finding.hint) == bool(hint)
