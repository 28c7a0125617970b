"""The Python types for the values of an engine's type."""

from __future__ import annotations

import enum

import pytest

from pydb.describe.type_mapping import fits, word_of_field, words_of
from pydb.sqlfile.type_words import Instant, Json
from pydb.values.kinds import Kind


@pytest.mark.parametrize(
    ("type_", "engine", "words"),
    [
        ("integer", "postgresql", ("int",)),
        ("INTEGER", "sqlite", ("int", "bool", "timedelta")),
        ("varchar(20)", "postgresql", ("str",)),
        ("numeric(10,2)", "postgresql", ("Decimal", "float")),
        ("numeric(10)", "postgresql", ("Decimal", "float", "int")),
        ("text[]", "postgresql", ("str[]",)),
        ("numeric[]", "postgresql", ("Decimal[]", "float[]", "int[]")),
        ("int4range[]", "postgresql", ()),
        ("inet", "postgresql", ("IPAddress",)),
        ("tinyint(1)", "mariadb", ("bool", "int")),
        ("bigint(20) unsigned", "mariadb", ("int", "bool")),
        ("timestamp with time zone", "postgresql", ("AwareDatetime",)),
        ("geometry", "mariadb", ()),
        (None, "sqlite", ()),
    ],
)
def test_words(type_: str | None, engine: str, words: tuple[str, ...]) -> None:
    """The most likely type is first; an unknown type fits all fields, so it has no words."""
    assert words_of(type_, engine) == words


def test_fields() -> None:
    """The word of a field is that of its values; a field of any type has none."""

    class Role(enum.StrEnum):
        ADMIN = "admin"

    found = [word_of_field(Kind(kind)) for kind in (int, Role, Instant, Json, bytearray, object)]
    assert found == ["int", "str", "AwareDatetime", "json", "bytes", None]


def test_fitting() -> None:
    """A field fits one of the words of its column, JSON also as dict and list, and any field if there are none."""
    assert fits("int", ("Decimal", "int"))
    assert not fits("int", ("str",))
    assert fits("dict", ("json",))
    assert fits("int", ())
    assert fits(None, ("str",))
