"""The rows of sql/reports/tags.sql as records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TagWord:
    """A word and the number of its uses in tags."""

    word: str
    tags: int
