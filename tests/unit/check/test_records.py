"""The rules for a statement and its record."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pydb.check.collector import Collector
from pydb.check.records import RecordChecker
from tests.harness.described import statement


@dataclass(frozen=True, slots=True)
class User:
    id: int
    name: str
    age: int | None


@dataclass(frozen=True, slots=True)
class Named:
    id: int
    name: str | None


def codes(sql: str, record: type) -> list[str]:
    collector = Collector(["sqlite"])
    checker = RecordChecker({record.__name__: record}, collector)
    found = statement(sql, f"x :many {record.__name__}")
    checker.check(found)
    checker.check_needless([found])
    return [finding.code for finding in collector.findings()]


@pytest.mark.parametrize(
    ("sql", "record", "expected"),
    [
        ("SELECT id, name, age FROM users;", User, []),
        ("SELECT id, name FROM users;", User, ["C201"]),
        ("SELECT id, name, age, 1 AS more FROM users;", User, ["C202"]),
        ("SELECT name, id, age FROM users;", User, ["C203"]),
        ("SELECT name AS id, name, age FROM users;", User, ["C204"]),
        ("SELECT age AS id, name, age FROM users;", User, ["C205"]),
        ("-- @column id int\nSELECT age AS id, name, age FROM users;", User, []),
        ("SELECT id, name FROM users;", Named, ["C206"]),
    ],
)
def test_what_is_found(sql: str, record: type, expected: list[str]) -> None:
    """What differs between fields and columns: names, order, types, and where NULL is allowed."""
    assert codes(sql, record) == expected


def test_a_record_that_no_row_can_fill() -> None:
    """An annotation that no column can have is found with the statement that uses it."""
    odd = dataclass(frozen=True, slots=True)(type("Odd", (), {"__annotations__": {"id": set}}))
    assert codes("SELECT id FROM users;", odd) == ["C207"]


def test_statements_of_other_records() -> None:
    """A statement without a record, or with one that is not known, is left alone."""
    collector = Collector(["sqlite"])
    RecordChecker({}, collector).check(statement("SELECT id FROM users;"))
    assert collector.findings() == ()
