"""What is known of the values of an expression or column: the noun that the analysis passes on."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ALWAYS_NULL", "UNKNOWN", "Value"]

ALWAYS_NULL = "null"
"""The type of what is NULL in every row, where the analysis works out types: it changes no type that it meets."""


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of an expression's values, the worst case where nothing is.

    ``name`` is its folded output name; ``table`` and ``column`` the place it comes from unchanged; ``type``,
    ``kind`` and ``magnitude`` are those of ColumnFacts.
    """

    nullable: bool = True
    kind: str | None = None
    magnitude: float | None = None
    type: str | None = None
    table: str | None = None
    column: str | None = None
    name: str | None = None


UNKNOWN = Value()
