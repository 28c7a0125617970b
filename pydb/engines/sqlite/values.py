"""Convert values for SQLite: Python values in, values that SQLite stores out, and the reverse for results.

SQLite has five storage classes (https://sqlite.org/datatype3.html).  docs/values.md says in which of them each Python
type is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydb.sqlfile.type_words import Instant, Json
from pydb.values import adapters, converters
from pydb.values.adapters import Adapter, Unfit
from pydb.values.converters import Converter
from pydb.values.json_level import NOT_IN_JSON, JsonValues

_MICROSECOND = timedelta(microseconds=1)


def _decimal_in(value: Decimal) -> float | int:
    """A REAL, which represents every decimal of up to 15 significant digits (IEEE 754 binary64)."""
    if not value.is_finite():
        raise Unfit("a Decimal NaN or infinity")
    real = float(value)
    if converters.decimal_of_number(real) != value:
        raise Unfit("a Decimal of more than 15 significant digits, or beyond a 64-bit float: SQLite would round it")
    # In a numeric column, a large whole REAL would become an integer with different last digits.
    return int(value) if abs(real) >= 2**53 and adapters.MIN_INTEGER <= value <= adapters.MAX_INTEGER else real


def _datetime_in(value: datetime) -> str:
    return adapters.in_utc(value).isoformat(" ", "microseconds")


def _datetime_out(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is not None:
        raise ValueError("an instant, but the record has a naive datetime: annotate it AwareDatetime")
    return moment


def _instant_out(value: str) -> datetime:
    # SQLite's CURRENT_TIMESTAMP is in UTC, without an offset.
    moment = datetime.fromisoformat(value)
    zone = moment.tzinfo
    return moment if zone is UTC else moment.replace(tzinfo=UTC) if zone is None else moment.astimezone(UTC)


def _time_in(value: time) -> str:
    return adapters.naive_time(value).isoformat("microseconds")


def _timedelta_in(value: timedelta) -> int:
    try:
        return adapters.integer(value // _MICROSECOND)
    except Unfit:
        raise Unfit("a timedelta of more than 64 bits of microseconds") from None


def _time_out(value: str) -> time:
    return adapters.naive_time(time.fromisoformat(value))


def _timedelta_out(value: int) -> timedelta:
    if type(value) is not int:
        raise TypeError("not a number of microseconds")
    return timedelta(microseconds=value)


def _json_in(value: Any) -> str:
    if type(value) is int:
        adapters.integer(value)
    return adapters.json_text(value)


def _json_out(value: Any) -> Any:
    # A column declared as json has numeric affinity: a document that is a number is stored as a number.
    return value if type(value) is int or type(value) is float else converters.json_of_text(value)


ADAPTERS: Mapping[type, Adapter] = {
    type(None): adapters.unchanged,
    bool: int,
    int: adapters.integer,
    float: adapters.number,
    str: adapters.text,
    bytes: adapters.binary,
    bytearray: adapters.binary,
    memoryview: adapters.binary,
    Decimal: _decimal_in,
    datetime: _datetime_in,
    date: date.isoformat,
    time: _time_in,
    timedelta: _timedelta_in,
    UUID: str,
    dict: _json_in,
    list: adapters.json_text,
}
"""Functions that convert a parameter to the driver's type, by the type of the parameter."""

CONVERTERS: Mapping[Any, Converter | None] = {
    int: None,
    str: None,
    bytes: None,
    float: None,
    bool: converters.BOOLEANS.__getitem__,
    bytearray: converters.byte_array,
    memoryview: memoryview,
    Decimal: converters.decimal_of_number,
    datetime: _datetime_out,
    Instant: _instant_out,
    date: date.fromisoformat,
    time: _time_out,
    timedelta: _timedelta_out,
    UUID: converters.uuid_of_text,
    Json: _json_out,
}
"""Functions that convert the driver's value to the field's type, by that type; None if the driver returns the type."""

# In JSON, a REAL has only 15 of its up to 17 digits: https://sqlite.org/json1.html.
JSON_VALUES = JsonValues(CONVERTERS, (NOT_IN_JSON - {timedelta}) | {float}, exact_numbers=False)
"""In JSON, a value has the same form as in a column, except for values that are refused."""
