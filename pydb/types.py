"""The Python types of values: annotations in, ``Kind`` out; values in, values that a driver takes out.

What is true of every engine stands here; how an engine stores a type stands in ``pydb/engines/``.  The way back is
in ``pydb/readings.py``.
"""

from __future__ import annotations

import enum
import json
import math
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Annotated, Any
from uuid import UUID

__all__ = ["AwareDatetime", "Instant", "Json", "Kind", "Unfit", "adapter_for", "kind_named", "kind_of"]


class Instant:
    """Marks a ``datetime`` annotation as an instant: aware, in UTC."""


class Json:
    """The kind of any value that is stored as JSON; ``dict`` and ``list`` are kinds of their own."""


AwareDatetime = Annotated[datetime, Instant]
"""An instant.  It goes in with any offset and comes out in UTC."""

MIN_INTEGER = -(2**63)
MAX_INTEGER = 2**63 - 1


class Unfit(Exception):
    """A value that an engine cannot hold; the text says why, without the value."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column's value becomes: ``type`` is a Python type, or Instant or Json, and ``object`` for anything."""

    type: Any
    nullable: bool = False


SCALARS: Mapping[str, Any] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "bytes": bytes,
    "bytearray": bytearray,
    "memoryview": memoryview,
    "Decimal": Decimal,
    "date": date,
    "time": time,
    "datetime": datetime,
    "AwareDatetime": Instant,
    "timedelta": timedelta,
    "UUID": UUID,
    "json": Json,
    "dict": dict,
    "list": list,
}
"""The type words of ``@param`` and ``@column``, and what each means."""

_ACCEPTED: Mapping[Any, tuple[type, ...]] = {float: (float, int), Instant: (datetime,), Json: (object,)}


def kind_of(annotation: Any) -> Kind:
    """The kind that a record's annotation asks for; ``Any`` and ``object`` ask for none (the driver's value).

    Raises TypeError for an annotation that no column can have.
    """
    nullable = False
    origin = typing.get_origin(annotation)
    if origin in (types.UnionType, typing.Union):
        members = [member for member in typing.get_args(annotation) if member is not type(None)]
        nullable = len(members) < len(typing.get_args(annotation))
        kinds = {kind_of(member).type for member in members}
        if len(kinds) != 1:
            raise TypeError(f"{annotation} is more than one type")
        return Kind(kinds.pop(), nullable)
    if origin is Annotated:
        base, *marks = typing.get_args(annotation)
        return Kind(Instant) if Instant in marks else kind_of(base)
    if hasattr(annotation, "__supertype__"):  # typing.NewType
        return kind_of(annotation.__supertype__)
    for generic, base in ((dict, dict), (Mapping, dict), (list, list), (Sequence, list)):
        if generic in (annotation, origin):
            return Kind(base)
    if annotation is Any or annotation is object:
        return Kind(object)
    if not isinstance(annotation, type):
        raise TypeError(f"{annotation!r} is not a type that a column can have")
    if issubclass(annotation, enum.Enum) and not annotation.__members__:
        raise TypeError(f"{annotation.__name__} is an Enum without members")
    if annotation in SCALARS.values() or issubclass(annotation, (enum.Enum, int, float, str, bytes)):
        return Kind(annotation)
    raise TypeError(f"{annotation.__name__} is not a type that a column can have")


def base_value(kind: Any) -> Any:
    """The plain type that an Enum's members, or a subclass of int, str, float or bytes, are stored as."""
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return type(next(iter(kind)).value)
    for base in (bool, int, float, str, bytes):
        if isinstance(kind, type) and issubclass(kind, base):
            return base
    return kind


def kind_named(name: str, nullable: bool, known: Mapping[str, Any]) -> Kind | None:
    """The kind that a directive's type word means, or None when the word names nothing that is known."""
    found = SCALARS.get(name, known.get(name))
    return None if found is None else Kind(found, nullable)


def check_parameter(value: Any, kind: Kind) -> None:
    """Raise Unfit when the value is not of the type that the statement's ``@param`` says."""
    if value is None:
        if not kind.nullable:
            raise Unfit("None, where @param says that it is never NULL")
        return
    accepted = _ACCEPTED.get(kind.type, (kind.type,))
    wrong_bool = isinstance(value, bool) and kind.type not in (bool, Json, object)
    wrong_date = kind.type is date and isinstance(value, datetime)
    if wrong_bool or wrong_date or not isinstance(value, accepted):
        raise Unfit(f"a {type(value).__name__}, where @param says {word_of(kind)}")
    if kind.type is Instant and value.tzinfo is None:
        raise Unfit("a naive datetime, where @param says AwareDatetime")
    if kind.type is datetime and value.tzinfo is not None:
        raise Unfit("an aware datetime, where @param says datetime")


def word_of(kind: Kind) -> str:
    """The word for a kind in ``@param`` and ``@column``."""
    return {Instant: "AwareDatetime", Json: "json"}.get(kind.type) or str(kind.type.__name__)


# Values in: each function takes a value and returns what a driver gets, or raises Unfit.

Adapter = Callable[[Any], Any]


def unchanged(value: Any) -> Any:
    """The value itself."""
    return value


def integer(value: int) -> int:
    """A plain int of at most 64 bits."""
    if MIN_INTEGER <= value <= MAX_INTEGER:
        return int.__int__(value)
    raise Unfit("an integer beyond 64 bits")


def text(value: str) -> str:
    """A plain str that UTF-8 can hold."""
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Unfit("text with a lone surrogate, which UTF-8 cannot hold") from None
    return str.__str__(value)


def text_without_nul(value: str) -> str:
    """As ``text``, for an engine whose text has no NUL."""
    if "\0" in value:
        raise Unfit("text with a NUL character, which this engine cannot hold")
    return text(value)


def number(value: float) -> float:
    """A float that is not NaN: SQLite would store NULL, and MariaDB has no such value."""
    if value != value:
        raise Unfit("a float NaN, which this engine cannot hold")
    return float.__float__(value)


def finite(value: float) -> float:
    """A float that is neither NaN nor infinite."""
    if not math.isfinite(value):
        raise Unfit("a float NaN or infinity, which this engine cannot hold")
    return float.__float__(value)


def finite_decimal(value: Decimal) -> Decimal:
    """A Decimal that is a number."""
    if not value.is_finite():
        raise Unfit("a Decimal NaN or infinity")
    return value


def in_utc(value: datetime) -> datetime:
    """An aware datetime in UTC; a naive one as it is."""
    if value.tzinfo is None:
        return value
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise Unfit("an instant outside the years 1 to 9999 in UTC") from None


def naive_time(value: time) -> time:
    """A time of day without an offset."""
    if value.tzinfo is not None:
        raise Unfit("a time of day with an offset, which only a datetime can have")
    return value


def binary(value: bytes | bytearray | memoryview) -> bytes:
    """Plain bytes."""
    if isinstance(value, memoryview) and value.format not in ("B", "b", "c"):
        raise Unfit("a memoryview of items that are not bytes")
    return bytes(value)


def json_text(value: Any) -> str:
    """The JSON text of a value that JSON gives back equal and of the same types."""
    try:
        _check_json(value)
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except RecursionError:
        raise Unfit("JSON that holds itself, or is nested too deep") from None
    except ValueError:  # sys.set_int_max_str_digits
        raise Unfit("JSON with an integer of too many digits") from None


def _check_json(value: Any) -> None:
    kind = type(value)
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str:
                raise Unfit(f"JSON with a key that is a {type(key).__name__}: keys are str")
            text(key)
            _check_json(item)
    elif kind is list:
        for item in value:
            _check_json(item)
    elif kind is str:
        text(value)
    elif kind is float:
        if not math.isfinite(value):
            raise Unfit("JSON with a NaN or infinity")
    elif kind is not int and kind is not bool and value is not None:
        raise Unfit(f"JSON with a {kind.__name__}: it holds dict, list, str, int, float, bool and None")


def adapter_for(kind: type, adapters: Mapping[type, Adapter]) -> Adapter:
    """The adapter of a value's own type: exact, or of the nearest base.

    An Enum is adapted by its value.  A type without an adapter gets one that refuses it by name.
    """
    if issubclass(kind, enum.Enum):
        return partial(_adapt_member, adapters)
    for base in kind.__mro__:
        if base in adapters:
            exact = kind is base or base not in _PLAIN
            return adapters[base] if exact else partial(_adapt_subclass, adapters[base], base)
    name = kind.__qualname__

    def refuse(_: Any) -> Any:
        raise Unfit(f"a {name}: it is none of the types that a parameter can have")

    return refuse


def _adapt_member(adapters: Mapping[type, Adapter], member: Any) -> Any:
    value = member.value
    kind = type(value)
    return (adapters[kind] if kind in adapters else adapter_for(kind, adapters))(value)


def _plain_date(value: date) -> date:
    return date(value.year, value.month, value.day)


def _plain_time(value: time) -> time:
    return time(value.hour, value.minute, value.second, value.microsecond, value.tzinfo)


def _plain_datetime(value: datetime) -> datetime:
    return datetime.combine(_plain_date(value), _plain_time(value.timetz()), value.tzinfo)


def _plain_timedelta(value: timedelta) -> timedelta:
    return timedelta(value.days, value.seconds, value.microseconds)


_PLAIN: Mapping[type, Callable[[Any], Any]] = {
    Decimal: Decimal,
    date: _plain_date,
    time: _plain_time,
    datetime: _plain_datetime,
    timedelta: _plain_timedelta,
    UUID: lambda value: UUID(int=value.int),
}


def _adapt_subclass(adapter: Adapter, base: type, value: Any) -> Any:
    """What a driver gets for a value of a subclass: as the class itself, for it would take what ``str`` prints."""
    try:
        plain = _PLAIN[base](value)
        equal = plain == value  # a subclass may hold more than its class can, such as nanoseconds
    except (TypeError, ValueError, ArithmeticError):  # such as pandas.NaT, which is a datetime and none
        equal = False
    if not equal:
        raise Unfit(f"a {type(value).__qualname__} that no {base.__name__} equals")
    return adapter(plain)
