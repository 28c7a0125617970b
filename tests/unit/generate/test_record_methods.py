"""Which record a statement belongs to."""

from __future__ import annotations

import pytest

from pydb.generate.record_methods import home, is_factory, key_bound, table
from tests.harness.described import statement

CREATE = "INSERT INTO users (name) VALUES (:name) RETURNING id, name;"


@pytest.mark.parametrize(
    ("sql", "written"),
    [
        (CREATE, "users"),
        ("UPDATE users SET name = :name;", "users"),
        ("DELETE FROM POSTS;", "posts"),
        ("SELECT id FROM users;", None),
    ],
)
def test_the_table(sql: str, written: str | None) -> None:
    """The table that is written, in lower case."""
    assert table(statement(sql, "x :many" if "SELECT" in sql or "RETURNING" in sql else "x :exec")) == written


@pytest.mark.parametrize(
    ("header", "sql", "is_one"),
    [
        ("create :one User", CREATE, True),
        ("create :one Other", CREATE, False),
        ("create :many User", CREATE, False),
        ("create :one User", "UPDATE users SET name = :name RETURNING id, name;", False),
        ("by_id :one User", "SELECT id, name FROM users;", False),
    ],
)
def test_factories(header: str, sql: str, is_one: bool) -> None:
    """An INSERT that returns one row as the record."""
    described = statement(sql, header)
    assert is_factory(described, "User") == is_one
    assert home(described) == (
        ("t", "users") if header.endswith((":one User", ":one Other")) and "SELECT" not in sql else None
    )


@pytest.mark.parametrize(
    ("where", "key"),
    [
        ("id = :id", {"id"}),
        (":id = id AND age > :age", {"id"}),
        ("name = :name", {"name"}),
        ("id = :id AND name = :name", {"id"}),
        ("id = :user_id", set()),
        ("id > :id", set()),
        ("id = :id OR name = :name", set()),
        ("age = :age", set()),
    ],
)
def test_keys(where: str, key: set[str]) -> None:
    """The shortest key of the table that the WHERE fixes to parameters of its columns' names."""
    assert key_bound(statement(f"DELETE FROM users WHERE {where};", "x :exec")) == key
