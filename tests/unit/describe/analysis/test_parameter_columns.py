"""The columns of a parameter: those that store it, and those with which it is compared."""

from __future__ import annotations

import pytest

from pydb.describe.analysis.parameter_columns import parameter_columns
from pydb.describe.analysis.statement_analysis import analyse
from tests.harness.described import opened

SCHEMA = (
    "CREATE TABLE users (id integer PRIMARY KEY, role text NOT NULL, name text)",
    "CREATE TABLE posts (id integer, author_role text)",
)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("INSERT INTO users (role, name) VALUES (:a, :b)", {"a": "users.role", "b": "users.name"}),
        ("INSERT INTO posts (author_role) SELECT :a FROM users", {"a": "posts.author_role"}),
        ("UPDATE users SET role = :a WHERE role <> :b", {"a": "users.role", "b": "users.role"}),
        ("UPDATE users SET role = coalesce(:a, role)", {"a": "users.role"}),
        ("SELECT 1 FROM users AS u WHERE u.role IN (:a) OR :b = u.name", {"a": "users.role", "b": "users.name"}),
        ("SELECT 1 FROM users WHERE (role, id) < (:a, :b)", {"a": "users.role", "b": "users.id"}),
        ("SELECT 1 FROM users WHERE role BETWEEN :a AND :b", {"a": "users.role", "b": "users.role"}),
        ("SELECT CASE role WHEN :a THEN :b ELSE name END FROM users", {"a": "users.role", "b": "users.name"}),
        ("SELECT CASE WHEN :a THEN 1 ELSE id END FROM users", {}),
        ("WITH x AS (SELECT role AS r FROM users) SELECT 1 FROM x WHERE r = (:a)", {"a": "users.role"}),
        ("SELECT 1 FROM users WHERE role = lower(:a) OR role LIKE :b OR id = :c + 1", {}),
    ],
)
def test_columns(sql: str, expected: dict[str, str]) -> None:
    """A parameter is a column's value only if it is stored or compared unchanged."""
    with opened(*SCHEMA) as session:
        met = parameter_columns(analyse(sql, session.catalogue))
    assert {name: ", ".join(map(".".join, columns)) for name, columns in met.items()} == expected
