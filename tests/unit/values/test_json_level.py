"""A JSON array in, records out: absent levels, exact values, and refused values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from pydb.values.json_level import JsonValues, json_level, refused_field
from pydb.values.kinds import DictOf, Json, Kind, ListOf, kind_of
from pydb.values.records import field_kinds


class Refused(Exception):
    """The error of the level for a value that does not fit."""


@dataclass(frozen=True, slots=True)
class Item:
    id: int
    price: Decimal | None
    size: float | None
    doc: Json
    tags: list[Any] | None


def read(value: Any, exact: bool = True) -> Any:
    conversion = json_level("items", Item, field_kinds(Item), JsonValues(exact_numbers=exact), Refused)
    return conversion.value(value)


def row(**given: str) -> str:
    fields = {"id": "1", "price": "null", "size": "null", "doc": "null", "tags": "null"} | given
    return "{" + ", ".join(f'"{name}": {value}' for name, value in fields.items()) + "}"


@pytest.mark.parametrize("value", [None, "[]", "null", "[null]", f"[{row(id='null')}]", b"[]"])
def test_nothing(value: Any) -> None:
    """NULL, an empty array, and objects with only NULLs return no records."""
    assert read(value) == ()


def test_numbers_keep_their_digits() -> None:
    """A Decimal has the digits of the text, a float is the nearest one, and a document has floats."""
    (item,) = read(f"[{row(price='12345678901234567890.10', size='0.1', doc='[0.1, {}]', tags='[1.5]')}]")
    assert (str(item.price), item.size) == ("12345678901234567890.10", 0.1)
    assert (item.doc, type(item.doc[0]), item.tags) == ([0.1, {}], float, [1.5])


def test_a_driver_may_have_read_it() -> None:
    """A list is accepted, except for a decimal number that has become a float."""
    item = {"id": 1, "price": 19, "size": 0.1, "doc": None, "tags": None}
    assert read([item]) == (Item(1, Decimal(19), 0.1, None, None),)
    with pytest.raises(Refused, match="price is a float that is not a Decimal"):
        read([{**item, "price": 0.1}])


def test_documents_as_texts() -> None:
    """A list may be a text, as some engines store it; for any document that would be ambiguous."""
    (item,) = read(f"[{row(tags=chr(34) + '[1]' + chr(34))}]")
    assert item.tags == [1]
    with pytest.raises(Refused, match="doc is a str that is not a json"):
        read(f"[{row(doc=chr(34) + '[1]' + chr(34))}]")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("[", "contains text that is not JSON"),
        (7, "contains text that is not JSON"),
        ("[NaN]", "contains text that is not JSON"),
        ('"x"', "JSON that is not an array"),
        ("[[]]", "items that are not objects"),
        (f"[{row(id='1.5')}]", "id is a Decimal that is not a int"),
        (f"[{row(id='true')}]", "id is a bool that is not a int"),
        (f"[{row(price='true')}]", "price is a bool that is not a Decimal"),
        (f"[{row(size='true')}]", "size is a bool that is not a float"),
    ],
)
def test_refused(value: Any, message: str) -> None:
    """A value that is not an array of such objects is refused with the name of the field."""
    with pytest.raises(Refused, match=message):
        read(value)


def test_types_that_do_not_survive() -> None:
    """A type is refused alone, in a list and in a dict."""
    assert refused_field({"a": kind_of(int), "b": kind_of(bytes)}, JsonValues()) == ("b", "bytes")
    assert refused_field({"a": Kind(ListOf(Kind(bytes)))}, JsonValues()) is not None
    assert refused_field({"a": Kind(DictOf(Kind(bytes)))}, JsonValues()) is not None
    assert refused_field({"a": kind_of(Decimal)}, JsonValues()) is None
