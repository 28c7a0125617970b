"""Record classes without a database: refused classes and columns."""

from __future__ import annotations

import dataclasses
import enum
import types
from collections.abc import Callable
from typing import Any

import pytest

from pydb.errors import RecordError
from pydb.values.kinds import Kind
from pydb.values.records import columns_differ, field_kinds, records_by_name
from tests.harness.records import Computed, Extended, Open, User


def test_columns_that_differ() -> None:
    """Fields without a column and columns without a field are found, whatever their order."""
    assert columns_differ(User, ("id", "name"), ("name", "id")) is None
    assert columns_differ(User, ("id", "name"), ("id",)) == "record User has no column for field name"
    assert columns_differ(User, ("id", "name"), ("id", "name", "x", "y")) == "record User has no field for column x, y"
    both = "record User has no column for field name and no field for column title"
    assert columns_differ(User, ("id", "name"), ("id", "title")) == both


def test_field_kinds() -> None:
    """Columns fill the fields that ``__init__`` accepts."""
    assert field_kinds(User) == {"id": Kind(int), "name": Kind(str)}
    assert field_kinds(Computed) == {"id": Kind(int), "name": Kind(str)}
    assert list(field_kinds(Extended)) == ["id", "name", "size"]


def record_of(annotation: Any) -> type:
    """A record with one field of that annotation."""
    return dataclasses.make_dataclass("Wrong", [("x", annotation)], frozen=True, slots=True)


WRONG: dict[str, Callable[[], object]] = {
    "field x: set is not a type that a column can have": lambda: field_kinds(record_of(set)),
    "field x: int | str is more than one type": lambda: field_kinds(record_of(int | str)),
    "an annotation names Nowhere": lambda: field_kinds(record_of("Nowhere")),
    "Colour is not a dataclass": lambda: records_by_name([enum.Enum("Colour", "RED")]),  # type: ignore[list-item]
    "int is not a dataclass": lambda: records_by_name([5]),  # type: ignore[list-item]
    "User is not an iterable of records": lambda: records_by_name(User),  # type: ignore[arg-type]
    "NoneType is not an iterable of records": lambda: records_by_name(None),  # type: ignore[arg-type]
    "field x: Empty is an Enum without members": lambda: field_kinds(record_of(enum.Enum("Empty", ""))),
    "two records are named User": lambda: records_by_name([User, dataclasses.make_dataclass("User", ["a"])]),
}


@pytest.mark.parametrize("message", WRONG)
def test_wrong_records(message: str) -> None:
    """A class that cannot be a record is refused with a message."""
    with pytest.raises(RecordError) as caught:
        WRONG[message]()
    assert message in str(caught.value)


def test_records_of_a_module() -> None:
    """The records of a module are its dataclasses."""
    module = types.ModuleType("records")
    vars(module).update(User=User, Open=Open, other=5, Colour=enum.Enum("Colour", "RED"))
    assert records_by_name(module) == {"User": User, "Open": Open}
    assert records_by_name([User, User]) == {"User": User}
