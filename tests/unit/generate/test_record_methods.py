"""The record to which a statement belongs."""

from __future__ import annotations

import pytest

from pydb.generate.record_methods import home, is_factory
from tests.harness.described import statement

CREATE = "INSERT INTO users (name) VALUES (:name) RETURNING id, name;"


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
    """A factory is an INSERT that returns one row as the record."""
    described = statement(sql, header)
    assert is_factory(described, "User") == is_one
    assert home(described) == (
        ("t", "users") if header.endswith((":one User", ":one Other")) and "SELECT" not in sql else None
    )
