"""The application's own words."""

from enum import StrEnum


class Level(StrEnum):
    """How well a customer is known."""

    NEW = "new"
    OLD = "old"
