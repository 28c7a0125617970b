"""Convert values for PostgreSQL: Python values in, values for psycopg out, and the reverse for results."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Any
from uuid import UUID

from pydb.sqlfile.type_words import Instant, Json
from pydb.values import adapters, converters
from pydb.values.adapters import Adapter, Unfit
from pydb.values.converters import Converter
from pydb.values.json_level import JSON_CONVERTERS, JsonValues, aware_instant

_JSON_INTEGER = 1e16
"""From this size on, jsonb returns a float as an integer."""


def _json_in(value: Any) -> str:
    text = adapters.json_text(value)
    _check_jsonb(value)
    return text


def _check_jsonb(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _check_jsonb(key)
            _check_jsonb(item)
    elif isinstance(value, list):
        for item in value:
            _check_jsonb(item)
    elif isinstance(value, str):
        adapters.text_without_nul(value)
    elif isinstance(value, float) and _JSON_INTEGER <= abs(value) < math.inf:
        raise Unfit("JSON with a float of 1e16 or more, which jsonb gives back as an integer")


def _naive(value: Any) -> datetime:
    if type(value) is not datetime:  # a time of day also has a tzinfo
        raise TypeError("not of the field's type")
    if value.tzinfo is not None:
        raise ValueError("an instant, but the record has a naive datetime: annotate it AwareDatetime")
    return value


def _instant(value: Any) -> datetime:
    if type(value) is not datetime:
        raise TypeError("not of the field's type")
    zone = value.tzinfo
    if zone is None:
        raise ValueError("a timestamp without time zone is not an instant")
    return value if zone is UTC else value.astimezone(UTC)


def _naive_time(value: Any) -> time:
    if type(value) is not time:
        raise TypeError("not of the field's type")
    if value.tzinfo is not None:
        raise ValueError("a time with an offset")
    return value


ADAPTERS: Mapping[type, Adapter] = {
    type(None): adapters.unchanged,
    bool: adapters.unchanged,
    int: adapters.integer,
    float: float.__float__,
    str: adapters.text_without_nul,
    bytes: adapters.binary,
    bytearray: adapters.binary,
    memoryview: adapters.binary,
    Decimal: adapters.finite_decimal,
    datetime: adapters.in_utc,
    date: adapters.unchanged,
    time: adapters.naive_time,
    timedelta: adapters.unchanged,
    UUID: adapters.unchanged,
    **dict.fromkeys((IPv4Address, IPv6Address, IPv4Interface, IPv6Interface), adapters.unchanged),
    **dict.fromkeys((IPv4Network, IPv6Network), adapters.unchanged),
    dict: _json_in,
    list: _json_in,
}
"""Functions that convert a parameter to the driver's type, by the type of the parameter."""

CONVERTERS: Mapping[Any, Converter | None] = {
    int: None,
    str: None,
    bytes: None,
    float: None,
    bool: None,
    bytearray: converters.byte_array,
    memoryview: memoryview,
    Decimal: None,
    datetime: _naive,
    Instant: _instant,
    date: None,
    time: _naive_time,
    timedelta: None,
    UUID: None,
    Json: None,
}
"""Functions that convert the driver's value to the field's type, by that type; None if the driver returns the type."""

JSON_VALUES = JsonValues({**JSON_CONVERTERS, Instant: aware_instant, Json: None})
"""In JSON, PostgreSQL writes an instant with its offset, and a document as a nested document."""
