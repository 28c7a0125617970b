"""The records of nested rows: annotations that fit their levels, and those that do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import pytest

from pydb.errors import RecordError
from pydb.sqlfile.nested import Level, Nesting
from pydb.values.kinds import Kind
from pydb.values.nested_records import kinds_by_label, record_tree


@dataclass(frozen=True, slots=True)
class Name:
    id: int


@dataclass(frozen=True, slots=True)
class Post:
    id: int
    title: str | None
    author: Name | None


@dataclass(frozen=True, slots=True)
class User:
    id: int
    posts: tuple[Post, ...]
    tags: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Old:
    id: int
    author: Optional[Name]  # noqa: UP045, how older code writes it


@dataclass(frozen=True, slots=True)
class Strict:
    id: int
    author: Name


RECORDS = {record.__name__: record for record in (Name, Post, User, Old, Strict)}
NESTING = Nesting(
    (
        Level("posts", "Post", many=True),
        Level("posts.author", "Name", many=False),
        Level("tags", "Name", many=True, json=True),
    )
)


def test_the_tree_follows_the_paths() -> None:
    """Each level has its record, the kinds of its own columns, and its children."""
    tree = record_tree(User, NESTING, RECORDS)
    posts, tags = tree.children
    assert (tree.path, posts.path, tags.path) == ("", "posts", "tags")
    assert posts.record is Post
    assert posts.children[0].optional
    assert posts.kinds == {"id": Kind(int), "title": Kind(str, nullable=True)}


def test_kinds_by_label_leave_json_out() -> None:
    """The columns of joined levels have the kinds of their fields; a json level is a single column."""
    assert list(kinds_by_label(record_tree(User, NESTING, RECORDS))) == [
        "id",
        "posts__id",
        "posts__title",
        "posts__author__id",
    ]


@pytest.mark.parametrize(("record", "optional"), [(Old, True), (Strict, False)])
def test_embeds_may_be_optional(record: type, optional: bool) -> None:
    """The field of an embed is the record, or the record or None."""
    (author,) = record_tree(record, Nesting((Level("author", "Name", many=False),)), RECORDS).children
    assert author.optional is optional


@pytest.mark.parametrize(
    ("record", "level", "message"),
    [
        (User, Level("posts", "Name", many=True), "record User: field posts does not fit @group posts Name"),
        (User, Level("posts", "Post", many=False), "record User: field posts does not fit @embed posts Post"),
        (Name, Level("posts", "Post", many=True), "record Name has no field for @group posts Post"),
        (User, Level("posts", "Nobody", many=True), "there is no record Nobody for the level posts"),
    ],
)
def test_what_does_not_fit(record: type, level: Level, message: str) -> None:
    """A field with another annotation, a missing field, and a record that was not passed are refused."""
    with pytest.raises(RecordError, match=message):
        record_tree(record, Nesting((level,)), RECORDS)
