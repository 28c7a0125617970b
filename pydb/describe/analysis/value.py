"""The classes for what is known of an expression or column; facts in, frozen Values out."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

__all__ = ["ALWAYS_NULL", "UNKNOWN", "Items", "Value", "worst"]

ALWAYS_NULL = "null"
"""The type of an expression that is NULL in every row: combined with another type, it gives the other type."""


class Items(Enum):
    """What is known of the items of an array; the last member is the worst case."""

    VALUES = "none is NULL"
    NULLABLE = "some items may be NULL"
    ARRAYS = "items may be arrays: the type of an array does not show how many dimensions it has"


def worst(items: Iterable[Items]) -> Items:
    """The worst case of several arrays, one of which is the result; ``VALUES`` for none."""
    return max(items, key=list(Items).index, default=Items.VALUES)


class Value(NamedTuple):
    """What is known of an expression's values; the defaults are the worst case.

    ``name`` is the folded output name.  ``table`` and ``column`` say from which column the value comes unchanged.
    ``type``, ``kind`` and ``magnitude`` mean the same as in ColumnFacts.  ``items`` describes the items of an array.
    """

    nullable: bool = True
    kind: str | None = None
    magnitude: float | None = None
    type: str | None = None
    table: str | None = None
    column: str | None = None
    name: str | None = None
    items: Items = Items.NULLABLE


UNKNOWN = Value()
