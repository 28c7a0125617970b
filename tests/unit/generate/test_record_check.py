"""A hand-written record, compared with the columns of its statements."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import ModuleType

import pytest

from pydb.generate.record_check import mismatches, module_of
from pydb.sqlfile.nested import Level
from tests.harness.records import User


@dataclass(frozen=True)
class Odd:
    """A record whose field has a type that no column can have."""

    id: ModuleType


@pytest.mark.parametrize(
    ("record", "columns", "said"),
    [
        (User, {"id": (("int",), False), "name": (("str",), False)}, []),
        (User, {"id": (("bool", "int"), False), "name": (("str",), False)}, []),
        (User, {"id": (("int",), False)}, ["User has the fields id, name, but the statement has the columns id"]),
        (User, {"name": (("str",), False), "id": (("int",), False)}, ["User has the fields id, name"]),
        (User, {"id": (("str",), False), "name": (("str",), False)}, ["User.id is int, but the column is str"]),
        (User, {"id": (("int",), True), "name": (("str",), True)}, ["User.id may be NULL", "User.name may be NULL"]),
        (Odd, {"id": (("int",), False)}, ["module is not a type that a column can have"]),
    ],
)
def test_mismatches(record: type, columns: dict[str, tuple[tuple[str, ...], bool]], said: list[str]) -> None:
    """Each mismatch is reported once, with what to write instead."""
    found = list(mismatches(record, columns))
    assert len(found) == len(said)
    for (message, hint), part in zip(found, said, strict=True):
        assert part in message
        assert hint


def test_its_module() -> None:
    """The module is that of the class, or where the class was found if it has another name there."""
    here = sys.modules[__name__]
    assert module_of("User", User, here) == "tests.harness.records"
    assert module_of("Person", User, here) == __name__


@dataclass(frozen=True, slots=True)
class Post:
    id: int


@dataclass(frozen=True, slots=True)
class WithLevels:
    id: int
    posts: tuple[Post, ...]
    author: Post | None


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({"posts": (Level("posts", "Post", many=True), False), "author": (Level("author", "Post", False), True)}, []),
        (
            {"posts": (Level("posts", "Other", many=True), False), "author": (Level("author", "Post", False), False)},
            [("WithLevels.posts does not fit @group posts Other", "annotate it with tuple[Other, ...]")],
        ),
        (
            {"posts": (Level("posts", "Post", many=False), True), "author": (Level("author", "Post", False), True)},
            [("WithLevels.posts does not fit @embed posts Post", "annotate it with Post | None")],
        ),
    ],
)
def test_levels(levels: dict[str, tuple[Level, bool]], expected: list[tuple[str, str]]) -> None:
    """A field of a level is annotated with its record, or a tuple of records, and as optional if it may be absent."""
    assert list(mismatches(WithLevels, {"id": (("int",), False)}, levels)) == expected
