"""Convert values for MariaDB: Python values in, values for PyMySQL out, and the reverse for results."""

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

_LONGEST_TIME = timedelta(hours=838, minutes=59, seconds=59, microseconds=999_999)


_DAY = timedelta(days=1)


def _decimal_in(value: Decimal) -> Decimal:
    _, digits, exponent = adapters.finite_decimal(value).as_tuple()
    assert isinstance(exponent, int)
    if max(len(digits), len(digits) + exponent) > 65 or -exponent > 38:
        raise Unfit("a Decimal of more than 65 digits, or 38 after the point, which MariaDB cannot store")
    return value


def _datetime_in(value: datetime) -> datetime:
    return adapters.in_utc(value).replace(tzinfo=None)


def _timedelta_in(value: timedelta) -> timedelta:
    if abs(value) > _LONGEST_TIME:
        raise Unfit("a timedelta beyond 838:59:59.999999, MariaDB's longest TIME")
    return value


def _instant_out(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC)


def _time_out(value: timedelta) -> time:
    if not timedelta(0) <= value < _DAY:
        raise ValueError("not a time of day")
    return (datetime.min + value).time()


ADAPTERS: Mapping[type, Adapter] = {
    type(None): adapters.unchanged,
    bool: int,
    int: adapters.integer,
    float: adapters.finite,
    str: adapters.text,
    bytes: adapters.binary,
    bytearray: adapters.binary,
    memoryview: adapters.binary,
    Decimal: _decimal_in,
    datetime: _datetime_in,
    date: adapters.unchanged,
    time: adapters.naive_time,
    timedelta: _timedelta_in,
    UUID: str,
    dict: adapters.json_text,
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
    Decimal: None,
    datetime: None,
    Instant: _instant_out,
    date: None,
    time: _time_out,
    timedelta: None,
    UUID: converters.uuid_of_text,
    Json: converters.json_of_text,
}
"""Functions that convert the driver's value to the field's type, by that type; None if the driver returns the type."""
