"""The rules for a statement and its record."""

from __future__ import annotations

from dataclasses import dataclass, make_dataclass

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
    """Differences between fields and columns are found: names, order, types, and nullability."""
    assert codes(sql, record) == expected


def test_a_record_that_no_row_can_fill() -> None:
    """An annotation that no column can have is found at the statement that uses it."""
    odd = make_dataclass("Odd", [("id", set)], frozen=True, slots=True)
    assert codes("SELECT id FROM users;", odd) == ["C207"]


def test_statements_of_other_records() -> None:
    """A statement without a record, or with an unknown record, is not checked."""
    collector = Collector(["sqlite"])
    RecordChecker({}, collector).check(statement("SELECT id FROM users;"))
    assert collector.findings() == ()


@dataclass(frozen=True, slots=True)
class Post:
    id: int
    title: str | None


@dataclass(frozen=True, slots=True)
class Untitled:
    id: int
    title: str


@dataclass(frozen=True, slots=True)
class WithPosts:
    id: int
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class WithUntitled:
    id: int
    posts: tuple[Untitled, ...]


@dataclass(frozen=True, slots=True)
class Of:
    id: int
    author: Named


@dataclass(frozen=True, slots=True)
class OfPerhaps:
    id: int
    author: Named | None


def nested_codes(sql: str, record: type, *others: type) -> list[str]:
    collector = Collector(["sqlite"])
    checker = RecordChecker({item.__name__: item for item in (record, *others)}, collector)
    found = statement(sql, f"x :many {record.__name__}")
    checker.check(found)
    checker.check_needless([found])
    return [finding.code for finding in collector.findings()]


JOIN = "FROM users AS u LEFT OUTER JOIN posts AS p ON p.user_id = u.id;"
AUTHOR = "-- @embed author Named\nSELECT p.id, u.id AS author__id, u.name AS author__name FROM posts AS p "


@pytest.mark.parametrize(
    ("sql", "records", "expected"),
    [
        (
            "-- @group posts Post\nSELECT u.id, p.id AS posts__id, p.title AS posts__title " + JOIN,
            [WithPosts, Post],
            [],
        ),
        (
            "-- @group posts Untitled\nSELECT u.id, p.id AS posts__id, p.title AS posts__title " + JOIN,
            [WithUntitled, Untitled],
            ["C205"],
        ),
        ("-- @group posts Post\nSELECT u.id, p.id AS posts__id " + JOIN, [WithPosts, Post], ["C201"]),
        (
            "-- @group posts Post\nSELECT u.id, p.id AS posts__id, p.title AS posts__title, 1 AS posts__more " + JOIN,
            [WithPosts, Post],
            ["C202"],
        ),
        (
            "-- @group posts Post key id\nSELECT u.id, p.title AS posts__title, p.id AS posts__id " + JOIN,
            [WithPosts, Post],
            ["C203"],
        ),
        ("-- @group posts Post\nSELECT u.id, p.id AS posts__id, p.title AS posts__title " + JOIN, [Of, Post], ["C207"]),
        (AUTHOR + "INNER JOIN users AS u ON u.id = p.user_id;", [Of, Named], ["C206"]),
        (AUTHOR + "LEFT OUTER JOIN users AS u ON u.id = p.user_id;", [Of, Named], ["C205", "C206"]),
        (AUTHOR + "LEFT OUTER JOIN users AS u ON u.id = p.user_id;", [OfPerhaps, Named], ["C206"]),
        (
            "-- @group posts Post json\nSELECT id, (SELECT json_group_array(json_object('id', p.id, 'title', p.title)) "
            "FROM posts AS p) AS posts FROM users;",
            [WithPosts, Post],
            [],
        ),
        (
            "-- @group posts Untitled json\nSELECT id, (SELECT json_group_array(json_object('id', p.id, 'title', "
            "p.title)) FROM posts AS p) AS posts FROM users;",
            [WithUntitled, Untitled],
            ["C205"],
        ),
        (
            "-- @group posts Post json\nSELECT id, (SELECT json_group_array(json_object('id', p.id, 'name', 1)) "
            "FROM posts AS p) AS posts FROM users;",
            [WithPosts, Post],
            ["C201", "C202"],
        ),
        (
            "-- @group posts Post json\nSELECT id, (SELECT json_group_array(p.id) FROM posts AS p) AS posts "
            "FROM users;",
            [WithPosts, Post],
            ["C308"],
        ),
    ],
)
def test_nested_records(sql: str, records: list[type], expected: list[str]) -> None:
    """Each level is compared with its record, and an optional embed with its field."""
    assert nested_codes(sql, *records) == expected


@dataclass(frozen=True, slots=True)
class Scored:
    id: int
    score: float


@dataclass(frozen=True, slots=True)
class WithScores:
    id: int
    scores: tuple[Scored, ...]


def test_types_that_do_not_survive_json() -> None:
    """A record with a field that the engine cannot write into JSON is found."""
    sql = (
        "-- @group scores Scored json\nSELECT id, (SELECT json_group_array(json_object('id', 1, 'score', 1.5))) "
        "AS scores FROM users;"
    )
    assert nested_codes(sql, WithScores, Scored) == ["C207"]
