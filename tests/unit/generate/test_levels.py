"""The columns of each level of nested rows, on the engines whose forms join it."""

from __future__ import annotations

from pydb.describe import DescribedStatement
from pydb.generate.levels import LevelShape, level_shapes
from tests.harness.described import statement

JOIN = """\
-- @group posts Post
-- @embed posts.author Author
SELECT u.id, p.id AS posts__id, p.title AS posts__title, a.id AS posts__author__id
FROM users AS u LEFT OUTER JOIN posts AS p ON p.user_id = u.id LEFT OUTER JOIN users AS a ON a.id = p.user_id;
"""
JSON = """\
-- @group posts Post json
SELECT u.id, (SELECT json_group_array(json_object('id', p.id)) FROM posts AS p) AS posts FROM users AS u;
"""


def shapes(*forms: DescribedStatement) -> list[LevelShape]:
    nesting = forms[0].definition.nesting
    assert nesting is not None
    return list(level_shapes(forms, nesting))


def test_each_level_has_a_shape() -> None:
    """A level has its own columns, and its lower levels with whether they may be absent."""
    root, posts, author = shapes(statement(JOIN, "x :many User"))
    assert (root.record, list(root.fields), [level.name for level, _ in root.children]) == ("User", ["id"], ["posts"])
    assert (posts.record, list(posts.fields), dict(posts.numbers)) == ("Post", ["id", "title"], {"id": 1, "title": 2})
    assert [(level.name, absent) for level, absent in posts.children] == [("author", True)]
    assert (author.record, author.children) == ("Author", ())


def test_a_json_level_has_none() -> None:
    """If every engine makes a level from JSON, it is only a child, and its column is not a column of the parent."""
    (root,) = shapes(statement(JSON, "x :many User"))
    assert list(root.fields) == ["id"]
    assert [level.json for level, _ in root.children] == [True]


def test_one_engine_may_make_json() -> None:
    """If one form joins a level that another makes from JSON, the columns are those of the join."""
    join = JOIN.replace("-- @embed posts.author Author\n", "").replace(", a.id AS posts__author__id", "")
    for forms in ((JOIN, JSON), (JSON, join)):
        found = shapes(*(statement(sql, "x :many User") for sql in forms))
        assert [shape.record for shape in found][:2] == ["User", "Post"]
