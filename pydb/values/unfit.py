"""Describe database values without an equal Python value: a driver's exception or altered value in, a phrase out.

A driver refuses some of these values without naming the column, and silently alters others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

__all__ = ["Altered", "Unreadable", "altered_class", "given_class"]


class Altered:
    """A mixin for classes of a driver's values that differ from the database's value, which ``what`` describes."""

    __slots__ = ()

    what: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What a driver could not read: the column, if it is known, and what it contains, without the value."""

    column: str | None
    what: str

    @property
    def message(self) -> str:
        """The message of an error about it."""
        return f"{'a column' if self.column is None else f'column {self.column}'} contains {self.what}"


def altered_class(value: Any) -> type[Altered] | None:
    """The ``Altered`` class of a value, or of an item of a list; None if the value is equal to the database's."""
    if isinstance(value, list):
        return next((found for item in value if (found := altered_class(item)) is not None), None)
    return type(value) if isinstance(value, Altered) else None


def given_class(value: Any) -> type:
    """The class that an error names for a value."""
    return altered_class(value) or type(value)
