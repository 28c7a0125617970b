"""The keys of nested rows must not be NULL, and must be keys of the tables that their level reads."""

from __future__ import annotations

import pytest

from pydb.check.collector import Collector
from pydb.check.statement_rules import check_statement
from pydb.findings import Finding
from tests.harness.described import SCHEMA, statement

TABLES = (
    *SCHEMA,
    "CREATE TABLE tags (post_id integer NOT NULL, name text NOT NULL, PRIMARY KEY (post_id, name))",
    "CREATE TABLE notes (id integer PRIMARY KEY NOT NULL, user_id integer, code text UNIQUE)",
)
POSTS = "-- @group posts Post\n"
JOIN = "FROM users AS u LEFT OUTER JOIN posts AS p ON p.user_id = u.id"


def found(sql: str) -> list[Finding]:
    collector = Collector(["sqlite"])
    described = statement(sql, "x :many User", *TABLES)
    check_statement(described, collector)
    return list(collector.findings())


@pytest.mark.parametrize(
    "sql",
    [
        f"{POSTS}SELECT u.id, u.name, p.id AS posts__id, p.title AS posts__title {JOIN};",
        f"{POSTS}SELECT u.name, p.title AS posts__title, p.id AS posts__id {JOIN};".replace("Post\n", "Post key id\n"),
        f"{POSTS}SELECT u.id, p.id AS posts__id, lower(p.title) AS posts__title, u.name AS posts__author {JOIN};",
        "-- @group tags Tag\nSELECT p.id, t.name AS tags__name FROM posts AS p LEFT OUTER JOIN tags AS t "
        "ON t.post_id = p.id;",
        "-- @group posts Post\n-- @embed posts.author User\nSELECT u.id, p.id AS posts__id, a.id AS posts__author__id "
        f"{JOIN} LEFT OUTER JOIN users AS a ON a.id = p.user_id;",
        "-- @group posts Post\nSELECT u.id, p.id AS posts__id, count(t.name) AS posts__tags "
        f"{JOIN} LEFT OUTER JOIN tags AS t ON t.post_id = p.id GROUP BY u.id, p.id;",
        "-- @embed author User\nSELECT p.title, u.id AS author__id FROM posts AS p INNER JOIN users AS u "
        "ON u.id = p.user_id;",
        "-- @group tags Tag\nSELECT post_id, p.title, t.name AS tags__name "
        "FROM (SELECT id AS post_id, title FROM posts) AS q INNER JOIN posts AS p ON p.id = q.post_id "
        "LEFT OUTER JOIN tags AS t USING (post_id);",
    ],
)
def test_keys_that_are_keys(sql: str) -> None:
    """A primary or unique key, a part of one that the parent completes, and a column that determines one are valid."""
    assert [finding.message for finding in found(sql) if finding.level == "error"] == []


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (
            f"{POSTS}SELECT u.id, p.title AS posts__title, p.id AS posts__id {JOIN};",
            "posts__title is not a key of posts: rows of one posts may differ in posts__id, and only the first is used",
        ),
        (
            f"{POSTS}SELECT u.id, p.title AS posts__title {JOIN};",
            "posts__title is not a key of posts: several of its rows would become one object of posts",
        ),
        (
            f"{POSTS}SELECT u.age, u.id, p.id AS posts__id {JOIN};",
            "age is not a key of users: rows of one root may differ in id, and only the first is used",
        ),
        (
            "-- @group posts Post\nSELECT u.id, p.id AS posts__id, t.name AS posts__tag "
            f"{JOIN} LEFT OUTER JOIN tags AS t ON t.post_id = p.id;",
            "posts__id is not a key of tags: rows of one posts may differ in posts__tag, and only the first is used",
        ),
        (
            "-- @group posts Post\n-- @embed posts.tag Tag\nSELECT u.id, p.id AS posts__id, t.name AS posts__tag__name "
            f"{JOIN} LEFT OUTER JOIN tags AS t ON t.post_id = p.id;",
            "posts__id is not a key of tags: "
            "rows of one posts may differ in posts__tag__name, and only the first is used",
        ),
    ],
)
def test_keys_that_are_none(sql: str, message: str) -> None:
    """A key that several rows share is an error."""
    assert message in [finding.message for finding in found(sql) if finding.code == "C307"]


@pytest.mark.parametrize(
    "sql",
    [
        f"{POSTS}SELECT u.id, p.id + 1 AS posts__id {JOIN};",
        f"{POSTS}SELECT u.id, p.id AS posts__id {JOIN.replace('LEFT', 'FULL')};",
        "-- @group posts Post\nSELECT 1 AS id, 2 AS posts__id UNION ALL SELECT 3, 4;",
        "-- @group posts Post\nSELECT u.id, p.n AS posts__n, p.id AS posts__id FROM users AS u "
        "LEFT OUTER JOIN (SELECT id, title AS n, user_id FROM posts) AS p ON p.user_id = u.id;",
    ],
)
def test_keys_that_cannot_be_traced(sql: str) -> None:
    """If the key of a table cannot be found in the text, a note says so."""
    note, *_ = [finding for finding in found(sql) if finding.code == "C307"]
    assert note.level == "note"
    assert note.message.startswith("not checked: ")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (
            "-- @group notes Note key code\nSELECT u.id, n.code AS notes__code "
            "FROM users AS u LEFT OUTER JOIN notes AS n ON n.user_id = u.id;",
            "the key notes__code of notes may be NULL in a row that exists",
        ),
        (
            f"-- @key age\n{POSTS}SELECT u.age, p.id AS posts__id {JOIN};",
            "the key age of root may be NULL in a row that exists",
        ),
        (
            "-- @embed note Note\nSELECT u.id, n.code AS note__code "
            "FROM users AS u INNER JOIN notes AS n ON n.user_id = u.id;",
            "the key note__code of note may be NULL in a row that exists",
        ),
    ],
)
def test_keys_that_may_be_null(sql: str, message: str) -> None:
    """A key that may be NULL in its own table would silently leave out the object."""
    assert message in [finding.message for finding in found(sql) if finding.code == "C306"]


def test_a_condition_or_a_directive_settles_it() -> None:
    """A key that a condition or ``@column`` excludes from being NULL is valid."""
    sql = (
        "-- @embed note Note\nSELECT u.id, n.code AS note__code "
        "FROM users AS u INNER JOIN notes AS n ON n.user_id = u.id{};"
    )
    assert "C306" not in [finding.code for finding in found(sql.format(" WHERE n.code IS NOT NULL"))]
    assert "C306" not in [finding.code for finding in found("-- @column note__code str\n" + sql.format(""))]


@pytest.mark.parametrize(("condition", "one"), [("u.id = :id", True), ("u.name = :name", True), ("u.age = 3", False)])
def test_at_most_one_root(condition: str, one: bool) -> None:
    """There is at most one root if its key is fixed, however many rows it has."""
    sql = f"{POSTS}SELECT u.id, p.id AS posts__id {JOIN} WHERE {condition};"
    assert statement(sql, "x :maybe User", *TABLES).traits.at_most_one is one
