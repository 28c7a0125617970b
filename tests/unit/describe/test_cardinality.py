"""Whether a statement returns at most one row, by its keys, its grouping or its LIMIT."""

from __future__ import annotations

import pytest

from tests.harness.described import statement


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM users WHERE id = :id;",
        "SELECT id FROM users WHERE name = :name AND age > 3;",
        "SELECT count(*), max(age) FROM users;",
        "SELECT id FROM users ORDER BY id LIMIT 1;",
        "SELECT u.id FROM posts AS p INNER JOIN users AS u ON u.id = p.user_id WHERE p.id = :id;",
        "SELECT 1;",
        "INSERT INTO users (name) VALUES (:name) RETURNING id;",
        "UPDATE users SET age = 1 WHERE id = :id RETURNING id;",
        "SELECT name FROM users WHERE id = :id GROUP BY name;",
        "SELECT u.id FROM posts AS p LEFT OUTER JOIN users AS u ON u.id = p.user_id WHERE p.id = :id;",
        "SELECT p.id FROM users AS u LEFT OUTER JOIN posts AS p ON p.user_id = u.id WHERE p.id = :id;",
        "SELECT u.id FROM posts AS p INNER JOIN users AS u ON u.id = p.user_id AND p.id = :id;",
    ],
)
def test_at_most_one(sql: str) -> None:
    """A fixed whole key, an aggregate, or LIMIT 1 means at most one row."""
    assert statement(sql).traits.at_most_one


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM users;",
        "SELECT id FROM users WHERE age = :age;",
        "SELECT u.id FROM users AS u LEFT OUTER JOIN posts AS p ON p.user_id = u.id AND p.id = :id;",
        "SELECT u.id FROM users AS u LEFT OUTER JOIN posts AS p ON p.id = 1 AND u.id = :id;",
        "SELECT id FROM users WHERE id = :id OR name = :name;",
        "SELECT id FROM users WHERE id > :id;",
        "SELECT p.id FROM users AS u INNER JOIN posts AS p ON p.user_id = u.id WHERE u.id = :id;",
        "SELECT count(*) FROM users GROUP BY age;",
        "SELECT id FROM users LIMIT 2;",
        "INSERT INTO users (name) VALUES (:a), (:b) RETURNING id;",
        "SELECT id FROM users WHERE id = :id UNION ALL SELECT id FROM posts;",
    ],
)
def test_perhaps_more(sql: str) -> None:
    """If no key is fixed, there may be more rows."""
    assert not statement(sql).traits.at_most_one
