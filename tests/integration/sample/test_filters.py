"""Every filter of sql/filters.sql chooses the rows that its documentation describes, on every engine."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pydb import Database
from pydb.sample import Role, filters, queries, users
from tests.integration.sample.people import PEOPLE

EVERYBODY = [person["username"] for person in PEOPLE]


def everybody_but(*names: str) -> list[str]:
    return [name for name in EVERYBODY if name not in names]


CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("equal", {"age": 30}, ["moshe", "a_b", "trailing "]),
    (
        "not_equal",
        {"age": 30},
        ["Moshe", "Person2", "100%", "aXb", "[x]*?", "Élodie", "élodie", "O'Brien\\", "😀 smile"],
    ),
    ("greater", {"age": 40}, ["aXb", "Élodie"]),
    ("greater_or_equal", {"age": 40}, ["Moshe", "aXb", "Élodie"]),
    ("less", {"age": 18}, ["Person2", "[x]*?"]),
    ("less_or_equal", {"age": 18}, ["Person2", "[x]*?", "😀 smile"]),
    ("like_pattern", {"pattern": "Mo%"}, ["Moshe"]),
    ("like_pattern", {"pattern": "a_b"}, ["a_b", "aXb"]),
    ("like_pattern", {"pattern": "%[x]*?"}, ["[x]*?"]),
    ("like_pattern", {"pattern": "wow!"}, ["wow!"]),
    ("like_pattern", {"pattern": "_lodie"}, ["Élodie", "élodie"]),
    ("like_pattern", {"pattern": "%\\"}, ["O'Brien\\"]),
    ("like_pattern", {"pattern": ""}, []),
    ("like_ignoring_case", {"pattern": "MOSHE%@example.com"}, ["Moshe", "moshe"]),
    ("like_ignoring_case", {"pattern": "person_@example.%"}, ["Person2", "Person3"]),
    ("like_ignoring_case", {"pattern": "WOW!@%"}, ["wow!"]),
    ("in_list", {"usernames": ["Moshe", "a_b", "nobody"]}, ["Moshe", "a_b"]),
    ("in_list", {"usernames": []}, []),
    ("not_in_list", {"usernames": ["Moshe", "trailing"]}, everybody_but("Moshe", "trailing")),
    ("not_in_list", {"usernames": []}, EVERYBODY),
    ("is_null", {}, ["Person3", "wow!", "trailing"]),
    ("is_not_null", {}, everybody_but("Person3", "wow!", "trailing")),
    ("all_of", {"role": Role.ADMIN}, ["Moshe"]),
    ("any_of", {"role": Role.ADMIN, "other_role": Role.GUEST}, ["Moshe", "Person2", "a_b", "wow!"]),
    ("none_of", {"role": Role.USER}, ["Moshe", "Person2", "a_b", "wow!"]),
    ("between", {"youngest": 18, "oldest": 30}, ["moshe", "100%", "a_b", "trailing ", "O'Brien\\", "😀 smile"]),
    ("starts_with", {"prefix": "Mo"}, ["Moshe"]),
    ("starts_with", {"prefix": "tr"}, ["trailing ", "trailing"]),
    ("starts_with", {"prefix": "%"}, []),
    ("starts_with", {"prefix": "a_"}, ["a_b"]),
    ("starts_with", {"prefix": "[x]*"}, ["[x]*?"]),
    ("starts_with", {"prefix": "É"}, ["Élodie"]),
    ("starts_with", {"prefix": ""}, EVERYBODY),
    ("ends_with", {"suffix": "%"}, ["100%"]),
    ("ends_with", {"suffix": "_b"}, ["a_b"]),
    ("ends_with", {"suffix": "*?"}, ["[x]*?"]),
    ("ends_with", {"suffix": "!"}, ["wow!"]),
    ("ends_with", {"suffix": "E"}, []),
    ("ends_with", {"suffix": " "}, ["trailing "]),
    ("contains_ignoring_case", {"part": "PERSON"}, ["Person2", "Person3"]),
    ("contains_ignoring_case", {"part": "d%P"}, ["100%"]),
    ("contains_ignoring_case", {"part": "A_B"}, ["a_b"]),
    ("contains_ignoring_case", {"part": "W!@"}, ["wow!"]),
    ("contains_ignoring_case", {"part": "N\\@"}, ["O'Brien\\"]),
    ("expression", {"limit": 65}, ["aXb", "Élodie"]),
    ("several", {"role": Role.USER, "age": 30, "balance": Decimal("0.20")}, ["moshe"]),
    ("nested", {"role": Role.GUEST, "age": 65}, ["Person2", "aXb", "wow!", "Élodie"]),
]


@pytest.fixture
def people(db: Database) -> Database:
    with db.begin() as conn:
        for person in PEOPLE:
            users.create_full(conn, **person)
    return db


@pytest.mark.parametrize("name", dict.fromkeys(name for name, _, _ in CASES))
def test_filter(people: Database, name: str) -> None:
    """A filter returns exactly the users that it describes, in the order of their keys."""
    with people.read() as conn:
        for _, parameters, expected in (case for case in CASES if case[0] == name):
            found = getattr(filters, name)(conn, **parameters)
            assert [user.username for user in found] == expected, parameters


def test_every_filter_is_tried() -> None:
    """Every statement of sql/filters.sql has a case here."""
    assert {f"filters.{name}" for name, _, _ in CASES} == {query.name for query in queries.filters}
