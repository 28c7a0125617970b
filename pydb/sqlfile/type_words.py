"""The words for types in @param and @column: one list, for loading, calls, commands and generated code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

__all__ = ["SCALARS", "TYPE_WORDS", "Instant", "Json", "TypeWord", "word_stored_as"]


class Instant:
    """Marks a ``datetime`` annotation as an instant: aware, in UTC."""


class Json:
    """The kind of any value that is stored as JSON; ``dict`` and ``list`` are kinds of their own."""


@dataclass(frozen=True, slots=True)
class TypeWord:
    """A word, and the Python type that it means, or Instant or Json.

    ``example`` is such a value as a person types it in a shell, ``module`` where Python code imports the name from,
    and ``stored_as`` the word of the values that a database holds them as, where it is another one.
    """

    name: str
    type: Any
    example: str | None = None
    module: str = "builtins"
    stored_as: str | None = None


_BYTES, _OBJECT = "aGVsbG8= (base64)", "'{\"a\": 1}'"

TYPE_WORDS = (
    TypeWord("int", int, "42"),
    TypeWord("float", float, "1.5"),
    TypeWord("str", str),
    TypeWord("bool", bool, "true"),
    TypeWord("bytes", bytes, _BYTES),
    TypeWord("bytearray", bytearray, _BYTES, stored_as="bytes"),
    TypeWord("memoryview", memoryview, _BYTES, stored_as="bytes"),
    TypeWord("Decimal", Decimal, "9.99", "decimal"),
    TypeWord("date", date, "2026-01-31", "datetime"),
    TypeWord("time", time, "12:30:00", "datetime"),
    TypeWord("datetime", datetime, "2026-01-31T12:00:00", "datetime"),
    TypeWord("AwareDatetime", Instant, "2026-01-31T12:00:00+00:00", "pydb"),
    TypeWord("timedelta", timedelta, "01:30:00", "datetime"),
    TypeWord("UUID", UUID, "12345678-1234-5678-1234-567812345678", "uuid"),
    TypeWord("json", Json, _OBJECT),
    TypeWord("dict", dict, _OBJECT, stored_as="json"),
    TypeWord("list", list, "'[1, 2]'", stored_as="json"),
)

SCALARS: Mapping[str, Any] = {word.name: word.type for word in TYPE_WORDS}
"""What each word means."""

_STORED_AS = {word.name: word.stored_as for word in TYPE_WORDS if word.stored_as}


def word_stored_as(name: str) -> str:
    """The word of the values that a database holds those of a type as: ``json`` for ``dict``."""
    return _STORED_AS.get(name, name)
