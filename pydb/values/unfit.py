"""Values of a database that no Python value is equal to: a driver's exception or its nearest value in, a name out.

A driver refuses some of them, without saying in which column, and alters others in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

__all__ = ["Altered", "Unreadable", "altered_class", "given_class"]


class Altered:
    """Mixed into the class of a driver's value that is not equal to the database's; ``what`` names the latter."""

    __slots__ = ()

    what: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What a driver could not read: the column, where it is known, and what it holds, without the value."""

    column: str | None
    what: str

    @property
    def message(self) -> str:
        """What an error says of it."""
        return f"{'a column' if self.column is None else f'column {self.column}'} contains {self.what}"


def altered_class(value: Any) -> type[Altered] | None:
    """The class that names what the database holds, where the value, or an item of a list, is not equal to it."""
    if isinstance(value, list):
        return next((found for item in value if (found := altered_class(item)) is not None), None)
    return type(value) if isinstance(value, Altered) else None


def given_class(value: Any) -> type:
    """The class by which an error names a value."""
    return altered_class(value) or type(value)
