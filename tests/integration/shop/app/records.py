"""The application's own record."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameLength:
    """A name and what the application makes of its length."""

    name: str
    length: int

    @property
    def is_short(self) -> bool:
        """Whether it fits a badge."""
        return self.length < 8
