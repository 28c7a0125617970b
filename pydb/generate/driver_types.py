"""What a driver gives for a column that no record converts: an engine's type words in, the word of the value out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["given"]

_PLAIN = frozenset({"int", "float", "str", "bytes"})

# Measured with the drivers that pydb uses; docs/values.md says how the other types are stored.
_NATIVE: Mapping[str, frozenset[str]] = {
    "sqlite": _PLAIN,
    "postgresql": _PLAIN
    | {"bool", "Decimal", "date", "time", "datetime", "AwareDatetime", "timedelta", "UUID", "list"},
    "mariadb": _PLAIN | {"Decimal", "date", "datetime"},
}


def given(words: Sequence[str], engine: str) -> str | None:
    """The type of the driver's values, or None where it is none of the type words or cannot be told.

    ``words`` are those of a column's type on that engine, the likeliest first.
    """
    return words[0] if words and words[0] in _NATIVE[engine] else None
