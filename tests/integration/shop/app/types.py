"""Types that the application defines."""

from enum import StrEnum


class Level(StrEnum):
    """How well a customer is known."""

    NEW = "new"
    OLD = "old"
