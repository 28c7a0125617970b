"""Adapt parameters: a Python value in, the value for a driver out.  Raises Unfit.

This module has the code that all engines share; each engine's folder has the code for its own types.
"""

from __future__ import annotations

import enum
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from pydb.sqlfile.type_words import Instant, Json
from pydb.values.kinds import EITHER_VERSION, JsonNull, Kind, ListOf, base_value, word_of

MIN_INTEGER = -(2**63)


MAX_INTEGER = 2**63 - 1


class Unfit(Exception):
    """A value that an engine cannot store; the message says why, without the value."""


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
    """A plain str that UTF-8 can encode."""
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Unfit("text with a lone surrogate, which UTF-8 cannot encode") from None
    return str.__str__(value)


def text_without_nul(value: str) -> str:
    """Like ``text``, for an engine whose text cannot contain NUL."""
    if "\0" in value:
        raise Unfit("text with a NUL character, which this engine cannot store")
    return text(value)


def number(value: float) -> float:
    """A float that is not NaN: SQLite would store NULL, and MariaDB has no NaN."""
    if value != value:
        raise Unfit("a float NaN, which this engine cannot store")
    return float.__float__(value)


def finite(value: float) -> float:
    """A float that is neither NaN nor infinite."""
    if not math.isfinite(value):
        raise Unfit("a float NaN or infinity, which this engine cannot store")
    return float.__float__(value)


def finite_decimal(value: Decimal) -> Decimal:
    """A Decimal that is a number."""
    if not value.is_finite():
        raise Unfit("a Decimal NaN or infinity")
    return value


def in_utc(value: datetime) -> datetime:
    """An aware datetime converted to UTC; a naive one unchanged."""
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
    """The JSON text of a value.  Raises Unfit if reading the text would not give an equal value with the same types."""
    try:
        _check_json(value)
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except RecursionError:
        raise Unfit("JSON that contains itself, or is nested too deep") from None
    except ValueError:  # sys.set_int_max_str_digits
        raise Unfit("JSON with an integer of too many digits") from None


def serialized(dumps: Callable[[Any], Any], value: Any) -> str:
    """The text that an application's own serializer writes.  Raises Unfit."""
    try:
        written = dumps(value)
        return text(written.decode() if isinstance(written, bytes) else written)
    except Unfit:
        raise
    except Exception as error:
        raise Unfit(f"a document for which json_serializer raises {type(error).__name__}") from None


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
        raise Unfit(f"JSON with a {kind.__name__}: it may contain dict, list, str, int, float, bool and None")


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
        raise Unfit(f"a {name}: it is not one of the types that a parameter can have")

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
    """Adapt a value of a subclass as a value of the class: for a subclass, a driver would send its ``str``."""
    plain: Any = None
    try:
        plain = _PLAIN[base](value)
        equal = plain == value  # a subclass may contain more than its class, such as nanoseconds
    except (TypeError, ValueError, ArithmeticError):  # such as pandas.NaT, a datetime without a date
        equal = False
    if not equal:
        raise Unfit(f"a {type(value).__qualname__} that is not equal to any {base.__name__}")
    return adapter(plain)


_BINARY = (bytes, bytearray, memoryview)

_DECLARED: Mapping[Any, tuple[type, ...]] = {
    float: (float, int),
    Instant: (datetime,),
    **EITHER_VERSION,
}
"""The classes that a parameter accepts for a type in ``@param``, if there are others than the type itself."""

_FOUND: Mapping[Any, tuple[type, ...]] = {
    **_DECLARED,
    **dict.fromkeys(_BINARY, _BINARY),
    float: (float, int, Decimal),
    Decimal: (Decimal, int, float),
}
"""The classes that a parameter accepts for a type that check has found: any number for a fractional type."""


@dataclass(frozen=True, slots=True)
class ParameterType:
    """The type of a parameter: its kind, and whether it is ``declared`` in ``@param`` or was found by check.

    ``array`` makes a driver's array from a list of driver values; without it a list is stored as JSON.
    """

    kind: Kind
    declared: bool
    array: Adapter | None = None

    def adapter(self, given: type, adapters: Mapping[type, Adapter]) -> Adapter:
        """The adapter for values of one class; it raises Unfit if the class does not fit the type."""
        kind = self.kind.type
        if given is type(None):
            # If check found the type, the database decides whether NULL is allowed.
            return adapters[given] if self.kind.nullable or not self.declared else self._refusal("None")
        if kind is Json:
            return adapters[given] if given is JsonNull else adapters[dict]
        if isinstance(kind, ListOf):
            return self._list_adapter(kind.item, adapters) if given in (list, tuple) else self._refusal(_named(given))
        if kind is object or self._accepts(given):
            return self._zoned(adapters[given])
        return self._refusal(_named(given))

    def _accepts(self, given: type) -> bool:
        kind = self.kind.type
        if issubclass(given, enum.Enum) and not self.declared and given.__members__ and not issubclass(given, kind):
            given = base_value(given)
        if given is bool and kind is int:
            return not self.declared
        if (given is bool and kind is not bool) or (kind is date and issubclass(given, datetime)):
            return False
        return issubclass(given, (_DECLARED if self.declared else _FOUND).get(kind, (kind,)))

    def _zoned(self, adapter: Adapter) -> Adapter:
        """The adapter, which for a datetime type also checks whether the value has an offset."""
        kind, says = self.kind.type, self._says()
        if kind not in (Instant, datetime):
            return adapter

        def zoned(value: datetime) -> Any:
            if kind is Instant and value.tzinfo is None:
                raise Unfit(f"a naive datetime, but {says}")
            if kind is datetime and value.tzinfo is not None:
                raise Unfit(f"an aware datetime, but {says}")
            return adapter(value)

        return zoned

    def _list_adapter(self, item: Kind, adapters: Mapping[type, Adapter]) -> Adapter:
        items, array = ParameterType(item, True, self.array), self.array

        def adapt(values: Any) -> Any:
            of_class = {kind: items.adapter(kind, adapters) for kind in set(map(type, values))}
            adapted = [of_class[type(value)](value) for value in values]
            if array is not None:
                return array(adapted)
            return adapters[list]([value.value if isinstance(value, enum.Enum) else value for value in values])

        return adapt

    def _says(self) -> str:
        return f"{'@param says' if self.declared else 'check found'} {word_of(self.kind)}"

    def _refusal(self, given: str) -> Adapter:
        says = "@param says that it is never NULL" if given == "None" else self._says()

        def refuse(_: Any) -> Any:
            raise Unfit(f"{given}, but {says}")

        return refuse


def _named(given: type) -> str:
    return f"a {given.__name__}"
