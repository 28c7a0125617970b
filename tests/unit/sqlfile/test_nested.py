"""The directives of nested rows: their meaning, and mistakes in them."""

from __future__ import annotations

import pytest

from pydb.errors import SqlFileError
from pydb.sqlfile.nested import Level, Nesting, place_of_label
from pydb.sqlfile.parser import parse_file

GROUP = "-- @group <path> <Record> [key <column>, …] [json]"


def nesting(lines: str, sql: str) -> Nesting | None:
    (parsed,) = parse_file(f"-- name: x :many User\n{lines}\n{sql}\n", "t.sql", "t", None)
    return parsed.form.nesting


def test_directives_become_levels() -> None:
    """Each directive is a level with its key; a json level is one column."""
    found = nesting(
        "-- @key id, name\n-- @group posts Post key id , title\n-- @embed posts.author Name\n-- @group tags Tag json",
        """\
SELECT u.id, u.name, p.id AS posts__id, p.title AS posts__title, a.id AS posts__author__id, u.tags
FROM users AS u;""",
    )
    assert found == Nesting(
        (
            Level("posts", "Post", many=True, key=("id", "title")),
            Level("posts.author", "Name", many=False),
            Level("tags", "Tag", many=True, json=True),
        ),
        ("id", "name"),
    )
    assert found is not None
    assert [level.directive for level in found.levels] == [
        "@group posts Post key id, title",
        "@embed posts.author Name",
        "@group tags Tag json",
    ]
    assert place_of_label("posts__author__id", found) == ("posts.author", "id")
    assert place_of_label("tags", found) == ("", "tags")
    assert place_of_label("tags__id", found) is None


def test_only_joined_groups_group() -> None:
    """With only an embed or a json level, each row is a root."""
    assert Nesting((Level("posts", "Post", many=True),)).groups
    assert not Nesting((Level("author", "Name", many=False),)).groups
    assert not Nesting((Level("posts", "Post", many=True, json=True),)).groups


def test_without_directives_a_double_underscore_is_a_name() -> None:
    """In a statement without @group and @embed, a label with __ is an ordinary column."""
    (parsed,) = parse_file("-- name: x :many\nSELECT a AS a__b FROM t;\n", "t.sql", "t", None)
    assert parsed.form.nesting is None


REFUSED = [
    ("-- @group posts", "malformed directive: -- @group posts", f"write it as {GROUP}"),
    ("--@group posts Post", "malformed directive: --@group posts Post", f"write it as {GROUP}"),
    (
        "-- @group posts Post keys id",
        "malformed directive: -- @group posts Post keys id",
        f"write it as {GROUP}",
    ),
    ("-- @embed author", "malformed directive: -- @embed author", "write it as -- @embed <path> <Record>"),
    ("-- @key", "malformed directive: -- @key", "write it as -- @key <column>, …"),
    (
        "-- @group posts__all Post",
        "posts__all is not a path",
        "a path is field names joined by points: posts.comments",
    ),
    (
        "-- @group posts. Post",
        "posts. is not a path",
        "a path is field names joined by points: posts.comments",
    ),
    ("-- @group posts post", "post is not a record name", "a record name is CapWords, like Post"),
    ("-- @embed author Name key id", "@embed takes no key", "write -- @embed <path> <Record>"),
    ("-- @embed author Name json", "@embed takes no json", "write -- @embed <path> <Record>"),
    (
        "-- @group posts Post key id json",
        "a json level cannot have a key: its rows are not grouped",
        "remove key from @group",
    ),
    ("-- @group posts Post\n-- @embed posts Post", "the path posts is given twice", "keep one of the lines"),
    (
        "-- @group posts.comments Comment",
        "there is no level posts above posts.comments",
        "put the line for posts above this one",
    ),
    (
        "-- @group posts Post\n-- @group post.comments Comment",
        "there is no level post above post.comments",
        "did you mean posts?",
    ),
    (
        "-- @group posts Post json\n-- @embed posts.author Name",
        "@embed cannot be below posts, which is a json level",
        "a json level cannot have levels; write another statement for them",
    ),
    (
        "-- @group posts Post\n-- @group tags Tag",
        "the groups posts and tags multiply each other's rows",
        "write two statements, or make one of them a json level",
    ),
    (
        "-- @group posts Post\n-- @embed home Place\n-- @group home.rooms Room",
        "the groups posts and home.rooms multiply each other's rows",
        "write two statements, or make one of them a json level",
    ),
    (
        "-- @embed author Name\n-- @key id",
        "@key has no effect here",
        "remove the line: only a joined @group groups rows",
    ),
    ("-- @group posts Post\n-- @key id\n-- @key id", "@key is given twice", "name all columns of the key in one line"),
]


@pytest.mark.parametrize(("lines", "message", "hint"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused_directive(lines: str, message: str, hint: str) -> None:
    """A wrong directive is refused with its line and a hint."""
    with pytest.raises(SqlFileError) as caught:
        nesting(lines, "SELECT 1 AS id;")
    assert str(caught.value).split("\n")[0] == f"t.sql:{2 + lines.count(chr(10))}: t.x: {message}    hint: {hint}"
