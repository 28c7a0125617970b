"""``pydb run`` with nested rows: roots with their levels, from the rows of any statement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pydb.cli.nested_rows import Branch, nested_columns, nested_roots
from pydb.errors import NoRow, TooManyRows
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import parse_file

JOIN = """\
-- name: x :{} User
-- @group posts Post
-- @embed posts.author Name
-- @group tags Tag json
SELECT u.id, u.name, p.id AS posts__id, a.id AS posts__author__id, u.tags
FROM users AS u, posts AS p, users AS a
ORDER BY u.id;
"""
COLUMNS = ["id", "name", "posts__id", "posts__author__id", "tags"]
TAGS = '[{"id": 1}, {"id": null}]'
ROWS = [
    (1, "ann", 7, 1, TAGS),
    (2, "bob", None, None, None),
    (1, "ann", 8, None, TAGS),
    (1, "ann", 7, 1, TAGS),
]
ANN = [1, "ann", [{"id": 1}], [{"id": 7, "author": {"id": 1}}, {"id": 8, "author": None}]]
BOB = [2, "bob", [], []]


def definition(word: str) -> Definition:
    (parsed,) = parse_file(JOIN.format(word), "t.sql", "t", None)
    return definition_of({None: parsed})


def roots(word: str, rows: list[Any]) -> Iterator[list[Any]]:
    made = definition(word)
    assert made.nesting is not None
    return nested_roots(made, made.nesting, COLUMNS, rows)


def test_rows_become_roots() -> None:
    """Groups are lists, an embed is an object or NULL, a json level has its objects, and each object is a Branch."""
    made = definition("many").nesting
    assert made is not None
    assert nested_columns(made, COLUMNS) == ["id", "name", "tags", "posts"]
    found = list(roots("many", ROWS))
    assert found == [ANN, BOB]
    assert all(isinstance(item, Branch) for item in (*found[0][2], *found[0][3], found[0][3][0]["author"]))


def test_a_stream_gives_each_root_when_the_next_begins() -> None:
    """The first root is returned before the last row is read."""
    rows = iter(sorted(ROWS, key=lambda row: int(row[0])))
    made = definition("stream")
    assert made.nesting is not None
    streamed = nested_roots(made, made.nesting, COLUMNS, rows)
    assert next(streamed) == ANN
    assert list(streamed) == [BOB]


def test_row_words_count_roots() -> None:
    """Many rows may be one root; two roots are too many."""
    assert list(roots("one", ROWS[:1] + ROWS[2:])) == [ANN]
    with pytest.raises(TooManyRows):
        list(roots("maybe", ROWS))
    with pytest.raises(NoRow):
        list(roots("one", []))
    assert list(roots("maybe", [])) == []


@pytest.mark.parametrize("value", ["no json", "7", '["a"]', [1]])
def test_what_is_no_array_of_objects_stays(value: Any) -> None:
    """``pydb run`` shows the stored value if it is not an array of objects."""
    ((_, _, tags, _),) = roots("many", [(1, "ann", None, None, value)])
    assert tags == value
