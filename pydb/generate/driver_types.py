"""What a driver gives for a column that no record converts: an engine's type words in, the word of the value out."""

from __future__ import annotations

from collections.abc import Sequence

from pydb.engines.base import rules_of

__all__ = ["native_type"]


def native_type(words: Sequence[str], engine: str) -> str | None:
    """The type of the driver's values, or None where it is none of the type words or cannot be told.

    ``words`` are those of a column's type on that engine, the likeliest first.
    """
    return words[0] if words and words[0] in rules_of(engine).native_words else None
