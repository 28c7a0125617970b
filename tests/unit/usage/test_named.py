"""The tables and columns that a statement's text names."""

from __future__ import annotations

import pytest

from tests.harness.touching import listed, named_in

CASES = {
    "SELECT u.name FROM users AS u INNER JOIN posts AS p ON p.user_id = u.id WHERE title = :t ORDER BY age": (
        "select posts.title, select posts.user_id, select users.age, select users.id, select users.name"
    ),
    "WITH a AS (SELECT id AS k, name FROM users) SELECT k FROM a WHERE name > :x": "select users.id, select users.name",
    "WITH users AS (SELECT title AS name FROM posts) SELECT name FROM users": "select posts.title",
    "SELECT count(*) FROM users": "",
    "SELECT * FROM users": "select users.age, select users.id, select users.name",
    "SELECT users.* FROM users, posts": "select users.age, select users.id, select users.name",
    "SELECT age FROM users INNER JOIN posts USING (id)": "select posts.id, select users.age, select users.id",
    "SELECT age FROM users NATURAL JOIN posts": "select posts.id, select users.age, select users.id",
    "SELECT rowid FROM users": "select users.rowid",
    "SELECT upper(name) AS age FROM users ORDER BY age": "select users.name",
    "SELECT name AS age FROM users UNION SELECT title FROM posts ORDER BY age": (
        "select posts.title, select users.name"
    ),
    "SELECT 1 FROM users WHERE EXISTS (SELECT 1 FROM posts WHERE user_id = users.id)": (
        "select posts.user_id, select users.id"
    ),
    "SELECT row_number() OVER w FROM users WINDOW w AS (ORDER BY age)": "select users.age",
    "INSERT INTO users (id, name) VALUES (:id, :name)": "insert users.id, insert users.name",
    "INSERT INTO users SELECT id, title, 1 FROM posts": (
        "insert users.age, insert users.id, insert users.name, select posts.id, select posts.title"
    ),
    "INSERT INTO users (id, name) VALUES (1, :n) ON CONFLICT (id) DO UPDATE SET name = excluded.name, age = 1": (
        "insert users.id, insert users.name, select users.id, select users.name, update users.age, update users.name"
    ),
    "INSERT INTO users (id, name) VALUES (1, :n) ON CONFLICT DO NOTHING RETURNING age": (
        "insert users.id, insert users.name, select users.age"
    ),
    "UPDATE users SET name = :name": "update users.name",
    "UPDATE users SET (name, age) = (SELECT title, 1 FROM posts WHERE user_id = users.id)": (
        "select posts.title, select posts.user_id, select users.id, update users.age, update users.name"
    ),
    "UPDATE users SET age = age + 1 WHERE id = :id": "select users.age, select users.id, update users.age",
    "UPDATE users SET name = p.title FROM posts AS p WHERE p.user_id = users.id": (
        "select posts.title, select posts.user_id, select users.id, update users.name"
    ),
    "DELETE FROM users": "",
    "DELETE FROM users WHERE id IN (SELECT user_id FROM posts)": "select posts.user_id, select users.id",
}


@pytest.mark.parametrize("sql", CASES)
def test_columns(sql: str) -> None:
    """Each column that a statement reads or writes is found with its table, and no other column is."""
    assert ", ".join(listed(touch for touch in named_in(sql).touches if touch.column)) == CASES[sql]


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("SELECT count(*) FROM users", "select users"),
        ("DELETE FROM users WHERE id = 1", "delete users"),
        ("UPDATE users SET age = 1", "update users"),
        (
            "INSERT OR REPLACE INTO users (id, name) SELECT 1, title FROM posts",
            "delete users, insert users, select posts",
        ),
        ("INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET age = 1", "insert users, update users"),
        ("WITH users AS (SELECT title AS name FROM posts) SELECT name FROM users", "select posts"),
        ("WITH posts AS (SELECT 1 AS x) SELECT 1 FROM main.posts", "select posts"),
        ("SELECT 1", ""),
    ],
)
def test_tables(sql: str, tables: str) -> None:
    """Each table is found once for each act; a common table expression with its name is not the table."""
    assert ", ".join(listed(touch for touch in named_in(sql).touches if not touch.column)) == tables


def test_lines() -> None:
    """A touch has the line on which the text names the column."""
    sql = "SELECT\n    name\nFROM users\nWHERE age > :age\n    AND id < 9"
    found = {touch.name: touch.line for touch in named_in(sql).touches}
    assert found == {"users": 3, "users.name": 2, "users.age": 4, "users.id": 5}


def test_unread() -> None:
    """A text that is not analysed has no touches."""
    found = named_in("PRAGMA table_info(users)")
    assert not found.read
    assert not found.touches


def test_a_natural_join_of_unknown_columns() -> None:
    """The columns of a NATURAL JOIN are unknown if the columns of one side are."""
    found = named_in("SELECT age FROM users NATURAL JOIN sqlite_schema")
    assert found.unknown == {"the columns of a NATURAL JOIN are not known"}
    assert listed(touch for touch in found.touches if touch.column) == ["select users.age"]
