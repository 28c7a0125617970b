"""Find values that every engine can store: a column's type word and limits in, Python values that reveal mistakes out.

They are everyday values that engines treat differently: upper and lower case, accents, trailing spaces, numbers written
as text, halves, parts of a second.  The limits of each engine's types are in ``prove/engines/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

__all__ = ["NO_LIMITS", "Limits", "is_held", "limits_of", "series", "simplest", "twins_of", "values_of"]


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the narrowest of several types: characters, bits of an integer, digits of a number.

    ``fixed`` is true if one of the types pads texts with spaces up to its length.
    """

    length: int | None = None
    bits: int = 21
    digits: int = 6
    scale: int | None = None
    fixed: bool = False


NO_LIMITS = Limits()

_MOMENTS = (
    datetime(2024, 2, 29, 12, 30),
    datetime(2023, 12, 31, 23, 59, 59),
    datetime(2024, 1, 1, 0, 0, 0, 500_000),
    datetime(2026, 1, 31, 8, 0, 0, 125_678),
    datetime(1999, 12, 31, 6, 5, 4),
)
_TEXTS = ("a", "B", "Zoë", "zoe", "é", "a ", " b", "10", "9", "a_b%", "it's", "ß", "", "2024-02-29", "x" * 40)
_NUMBERS = tuple(map(Decimal, ("1", "0", "2.50", "-2.50", "0.125", "10", "3", "0.1", "0.2", "99.99", "7", "-1.5")))
_VALUES: dict[str, tuple[Any, ...]] = {
    "int": (1, 0, 2, 3, -1, 7, -7, 10, 5, 0),
    "float": (1.5, 0.0, -2.25, 2.5, 0.1, 3.0, 0.5, 10.0),
    "str": _TEXTS,
    "bool": (True, False),
    "bytes": (b"abc", b"", b"\x00\xff", b"ABC", b"\xc3\xa9"),
    "Decimal": _NUMBERS,
    "date": tuple(moment.date() for moment in _MOMENTS),
    "time": (time(12, 30), time(0), time(23, 59, 58), time(8, 0, 0, 125_678), time(6, 5, 4, 500_000)),
    "datetime": _MOMENTS,
    "AwareDatetime": tuple(moment.replace(tzinfo=UTC) for moment in _MOMENTS),
    "timedelta": (timedelta(hours=1), timedelta(0), timedelta(days=-1, microseconds=5), timedelta(days=2)),
    "UUID": (UUID("12345678-1234-5678-1234-567812345678"), UUID("ffffffff-0000-4000-8000-00000000000a"), UUID(int=0)),
    "json": ({"a": 1}, {}, [1, "x"], {"b": [None, 1.5, "x"], "a": {"c": "é"}}, {"a": "1"}),
    "dict": ({"a": 1}, {}, {"b": [None, 1.5, "x"]}),
    "list": ([1, "x"], []),
}
_SIMPLEST: dict[str, Any] = {
    **{word: values[0] for word, values in _VALUES.items()},
    "int": 0,
    "Decimal": Decimal(0),
    "float": 0.0,
    "bool": False,
    "json": {},
    "dict": {},
    "list": [],
}

_LARGEST = 10**6
_EARLIEST, _LATEST = date(1970, 1, 2), date(2037, 12, 31)
"""The days that MariaDB's TIMESTAMP can store."""

_LONGEST = 60


def values_of(word: str, limits: Limits) -> list[Any]:
    """Values of a type word within the limits, the plainest first; empty for a word without known values."""
    if word.endswith("[]"):
        items = values_of(word.removesuffix("[]"), limits)
        return [items[:1], [], items[:3], items[1:4]] if items else []
    return [value for value in _VALUES.get(word, ()) if is_held(value, limits)]


def twins_of(text: str) -> list[str]:
    """Texts that are equal in some collation."""
    return [text.swapcase(), f"{text} ", text.replace("e", "é"), text]


def simplest(word: str) -> Any:
    """The simplest value of a type word."""
    return [] if word.endswith("[]") else _SIMPLEST.get(word)


def series(word: str, number: int) -> list[Any]:
    """A different value of a type word for each number, for keys."""
    made: dict[str, list[Any]] = {
        "int": [number],
        "str": [f"t{number}", f"Ann{number}@example.com", f"AB-{number:04d}"],
        "Decimal": [Decimal(number)],
        "float": [number + 0.5],
        "UUID": [UUID(int=number)],
        "bytes": [b"b%d" % number],
        "date": [date(2020, 1, 1) + timedelta(days=number)],
        "datetime": [datetime(2020, 1, 1) + timedelta(hours=number)],
        "AwareDatetime": [datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=number)],
    }
    return made.get(word, [])


def is_held(value: Any, limits: Limits = NO_LIMITS) -> bool:
    """Whether every engine can store a value; the limits of types are excluded, because they differ between engines."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        return -(1 << (limits.bits - 1)) <= value < 1 << (limits.bits - 1)
    if isinstance(value, float):
        return abs(value) < _LARGEST
    if isinstance(value, Decimal):
        scale = -int(value.as_tuple().exponent)
        return bool(abs(value) < 10**limits.digits) and scale <= (12 if limits.scale is None else limits.scale)
    if isinstance(value, (str, bytes)):
        return len(value) <= (_LONGEST if limits.length is None else min(limits.length, _LONGEST))
    if isinstance(value, date):
        return _EARLIEST <= (value.date() if isinstance(value, datetime) else value) <= _LATEST
    if isinstance(value, (list, tuple)):
        return all(is_held(item, limits) for item in value)
    return True


_LENGTH = re.compile(r"(?:char|character|varying|varchar|binary)\w*\s*\((\d+)\)")
_DIGITS = re.compile(r"(?:numeric|decimal|dec|fixed)\s*\((\d+)(?:\s*,\s*(\d+))?\)")
_FIXED = re.compile(r"(?:char|character|nchar|bpchar)\s*\(")
_BITS = {"tinyint": 8, "smallint": 16, "int2": 16, "mediumint": 24}


def limits_of(types: Iterable[str | None]) -> Limits:
    """The limits of the narrowest of these types, as the engines spell them."""
    known = [type_.lower() for type_ in types if type_]
    lengths = [int(found[1]) for type_ in known if (found := _LENGTH.search(type_))]
    numbers = [found for type_ in known if (found := _DIGITS.search(type_))]
    scales = [int(found[2] or 0) for found in numbers]
    whole = [int(found[1]) - int(found[2] or 0) for found in numbers]
    bits = [size for type_ in known for name, size in _BITS.items() if type_.startswith(name) and "(1)" not in type_]
    fixed = any(map(_FIXED.match, known))
    return Limits(_least(lengths), min([21, *bits]), min([6, *whole]), _least(scales), fixed)


def _least(numbers: Sequence[int]) -> int | None:
    return min(numbers, default=None)
