"""Frozen dataclasses are written as bytes and read back."""

from __future__ import annotations

import marshal

import pytest

from pydb.describe.described import DescribedColumn, Traits
from pydb.sqlfile.definition import TypeName
from pydb.sqlfile.row_word import RowWord
from pydb.sqlfile.stored_nouns import digest_of, restored, stored

TYPE = TypeName("int", nullable=True)
COLUMN = DescribedColumn("id", "integer", ("int",), nullable=False)
TRAITS = Traits(key=frozenset({"id", "name", "owner"}), objects={"posts": {"id": COLUMN}, "tags": None})


@pytest.mark.parametrize("noun", [TYPE, COLUMN, TRAITS, RowWord.MANY, (TYPE, {"a": TYPE}, frozenset(), 1.5, b"x")])
def test_the_same_noun_comes_back(noun: object) -> None:
    """The result is equal, and equal objects have one digest."""
    assert restored(stored(noun)) == noun
    assert digest_of(restored(stored(noun))) == digest_of(noun)
    assert digest_of((noun, noun)) != digest_of(noun)


def test_what_was_one_object_is_one_again() -> None:
    """An object that is in two places is made once."""
    one, other = restored(stored((COLUMN, COLUMN)))
    assert one is other


def test_equal_nouns_are_made_once() -> None:
    """Equal objects become one; objects that only compare as equal do not."""
    one, other, *different = restored(stored((TypeName("a"), TypeName("a"), (TYPE, 1), (TYPE, True), (TYPE, 1.0))))
    assert one is other
    assert [type(item[1]) for item in different] == [int, bool, float]


@pytest.mark.parametrize(
    ("module", "name"),
    [("subprocess", "Popen"), ("pydb.sqlfile.loader", "read"), ("pydb.errors", "PydbError"), ("pydb.prove.rows", "x")],
)
def test_only_nouns_are_made(module: str, name: str) -> None:
    """Bytes that name another class are refused."""
    with pytest.raises(TypeError, match="is not a class that can be stored"):
        restored(marshal.dumps((((module, name),), ((0, ("x",), ()),), None)))


def test_what_cannot_be_stored_is_refused() -> None:
    """A field with another kind of value is an error, and is not left out."""
    with pytest.raises(TypeError, match="object cannot be stored"):
        stored((TYPE, object()))
