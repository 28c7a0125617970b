"""The touches of each form of a statement, and of its variants."""

from __future__ import annotations

from pydb.describe import DescribedStatement
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file
from pydb.usage.project import usage_in
from pydb.usage.touched import UNREAD, Touched
from tests.harness.described import SCHEMA, opened
from tests.harness.touching import listed


def touched_in(text: str, *schema: str) -> dict[str, Touched]:
    """The touches of the statements in a file, by the last part of their names."""
    definitions = [definition_of({None: parsed}) for parsed in parse_file(text, "t.sql", "t", None)]
    with opened(*schema) as session:
        usage = usage_in(session, definitions)
        assert all(isinstance(one, DescribedStatement) for one in usage.described)
    return {one.name.rpartition(".")[2]: one for one in usage.touched}


SEARCH = """-- name: search :many
SELECT id
FROM users
WHERE id > 0
    AND age = :age -- if :age
    AND name = :name -- if :name
;
"""


def test_variants() -> None:
    """A touch has the variants with it, and the mark of its optional line."""
    one = touched_in(SEARCH)["search"]
    assert listed(one.touches) == ["select users", "select users.age", "select users.id", "select users.name"]
    (age,) = (touch for touch in one.touches if touch.column == "age")
    assert (age.line, one.condition(age)) == (5, ":age")
    assert one.shown_by(age) == ("age", "age,name")
    (table,) = (touch for touch in one.touches if touch.column is None)
    assert (one.condition(table), one.shown_by(table)) == ("", ())


def test_the_order_is_that_of_the_lines() -> None:
    """The touches are in the order of the lines of the file."""
    one = touched_in("-- name: x :many\nSELECT name\nFROM users\nWHERE id = :id;")["x"]
    assert [(touch.line, touch.name) for touch in one.touches] == [(2, "users.name"), (3, "users"), (4, "users.id")]


def test_a_replace_deletes() -> None:
    """REPLACE deletes the row that it replaces, and cascades."""
    schema = (
        SCHEMA[0],
        "CREATE TABLE posts (id integer PRIMARY KEY, u integer REFERENCES users (id) ON DELETE CASCADE)",
    )
    one = touched_in("-- name: x :affected\nREPLACE INTO users (id, name) VALUES (:id, :name);", *schema)["x"]
    assert {"delete users", "delete posts"} <= set(listed(one.touches))


def test_unread() -> None:
    """A statement that is not analysed is reported as unknown."""
    one = touched_in("-- name: x :many\nPRAGMA table_info(users);")["x"]
    assert (one.touches, one.unknown) == ((), (UNREAD,))
