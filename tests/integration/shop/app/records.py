"""A record that the application defines."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameLength:
    """A name, and the length of the name in the application."""

    name: str
    length: int

    @property
    def is_short(self) -> bool:
        """Whether the name fits on a badge."""
        return self.length < 8
