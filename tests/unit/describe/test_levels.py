"""The described levels of nested rows: their columns, and nullability if the level exists."""

from __future__ import annotations

from tests.harness.described import SCHEMA, statement

JOIN = """\
-- @group posts Post
-- @embed posts.author Author
SELECT u.id, u.age, p.id AS posts__id, p.title AS posts__title, p.user_id AS posts__user_id,
    a.id AS posts__author__id, a.name AS posts__author__name
FROM users AS u LEFT OUTER JOIN posts AS p ON p.user_id = u.id LEFT OUTER JOIN users AS a ON a.id = p.user_id{};
"""


def test_null_given_presence() -> None:
    """A column that only an outer join makes NULL is not NULL if the level exists; its table's own NULL remains."""
    found = statement(JOIN.format(""), "x :many User")
    assert {column.name for column in found.columns if column.nullable} == {"age", "posts__title"}


def test_levels_have_their_columns_and_keys() -> None:
    """Each level has its columns by field, and an outer join makes an embed optional."""
    found = statement(JOIN.format(""), "x :many User")
    assert [(level.path, level.key, level.absent) for level in found.levels] == [
        ("", (0,), False),
        ("posts", (2,), True),
        ("posts.author", (5,), True),
    ]
    assert found.levels[1].fields == {"id": 2, "title": 3, "user_id": 4}


def test_an_inner_join_makes_an_embed_certain() -> None:
    """With an inner join, or a condition that needs the row, the embed always exists."""
    inner = JOIN.format("").replace("LEFT OUTER JOIN users", "INNER JOIN users")
    assert [level.absent for level in statement(inner, "x :many User").levels] == [False, False, False]


def test_a_declared_column_stays() -> None:
    """``@column`` overrides the rule for existing levels."""
    found = statement("-- @column posts__id int?\n" + JOIN.format(""), "x :many User")
    assert found.columns[2].nullable


def test_flat_statements_have_no_levels() -> None:
    """A statement without directives has no levels."""
    assert statement("SELECT id AS a__b FROM users;").levels == ()


def test_a_level_that_is_there_has_passed_its_join() -> None:
    """If a row of the outer table exists, so does the row of the table between, and its columns are unchanged."""
    sql = """\
-- @group editors Editor
SELECT p.id, u.id AS editors__id, e.role AS editors__role
FROM posts AS p
LEFT OUTER JOIN edits AS e ON e.post_id = p.id
LEFT OUTER JOIN users AS u ON u.id = e.user_id;
"""
    edits = "CREATE TABLE edits (post_id integer NOT NULL, user_id integer NOT NULL, role text NOT NULL)"
    found = statement(sql, "x :many Post", *SCHEMA, edits)
    assert [column.nullable for column in found.columns] == [False, False, False]
