"""Facts from the syntax tree of a statement, in addition to its columns and parameters."""

from __future__ import annotations

import pytest

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
    """The table that a statement writes is in lower case."""
    header = "x :many" if "SELECT" in sql or "RETURNING" in sql else "x :exec"
    assert statement(sql, header).traits.table == written


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
    """The key is the shortest one that the WHERE compares with parameters of its columns' names."""
    assert statement(f"DELETE FROM users WHERE {where};", "x :exec").traits.key == key


@pytest.mark.parametrize(
    ("sql", "ordered", "arbitrary"),
    [
        ("SELECT id FROM users ORDER BY id LIMIT :n;", True, False),
        ("SELECT id FROM users ORDER BY age LIMIT :n;", False, True),
        ("SELECT id FROM users ORDER BY 1.5;", False, False),
    ],
)
def test_order(sql: str, ordered: bool, arbitrary: bool) -> None:
    """A key in ORDER BY makes the order total; a LIMIT without a total order is arbitrary."""
    traits = statement(sql).traits
    assert (traits.ordered, traits.arbitrary_limit) == (ordered, arbitrary)


def test_inserts_and_counting_parameters() -> None:
    """There are the columns of an INSERT's list, and the parameters of LIMIT and OFFSET."""
    assert statement(CREATE).traits.inserts == (("users", frozenset({"name"})),)
    counted = statement("SELECT id FROM users ORDER BY id LIMIT :n OFFSET :first;")
    assert counted.traits.counting == {"n", "first"}
