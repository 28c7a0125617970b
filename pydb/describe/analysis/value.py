"""What is known of the values of an expression or column: the noun that the analysis passes on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

__all__ = ["ALWAYS_NULL", "UNKNOWN", "Items", "Value", "worst"]

ALWAYS_NULL = "null"
"""The type of what is NULL in every row, where the analysis works out types: it changes no type that it meets."""


class Items(Enum):
    """What the items of an array are, the worst case last."""

    VALUES = "none is NULL"
    NULLABLE = "some may be NULL"
    ARRAYS = "arrays again, which the type of the whole does not tell"


def worst(items: Iterable[Items]) -> Items:
    """What the items are where any of these may be the array; values where there is none."""
    return max(items, key=list(Items).index, default=Items.VALUES)


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of an expression's values, the worst case where nothing is.

    ``name`` is its folded output name; ``table`` and ``column`` the place it comes from unchanged; ``type``,
    ``kind`` and ``magnitude`` are those of ColumnFacts; ``items`` is what an array is made of.
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
