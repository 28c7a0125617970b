"""Write and read arrays of PostgreSQL as text: a list of values in, the array's literal out, and the reverse.

A literal has no type: the server gives it the type of its place, as it does when the statement is prepared.
Syntax: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO; reading and writing are psycopg's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydb.sqlfile.type_words import Address, Instant, Json, Network
from pydb.values.kinds import base_value

__all__ = ["array_literal", "array_of_literal"]

_TEXTS = 1009

_ARRAYS: Mapping[Any, int] = {
    bool: 1000,
    bytes: 1001,
    int: 1016,
    float: 1022,
    datetime: 1115,
    date: 1182,
    time: 1183,
    Instant: 1185,
    timedelta: 1187,
    Decimal: 1231,
    UUID: 2951,
    Json: 3807,
    Address: 1041,
    Network: 651,
}
"""The number in pg_type of an array whose items psycopg reads as such a Python type."""


def array_literal(items: list[Any]) -> str:
    """The literal of an array.  Raises psycopg's DataError if the items cannot be an array."""
    from psycopg.adapt import PyFormat, Transformer

    items = list(map(_binary_as_text, items))
    written = Transformer().get_dumper(items, PyFormat.TEXT).dump(items) if items else b"{}"
    return bytes(written or b"").decode()


def _binary_as_text(item: Any) -> Any:
    """Bytes in hexadecimal notation: without a connection, psycopg would escape them as in a string of SQL."""
    if isinstance(item, list):
        return list(map(_binary_as_text, item))
    return f"\\x{item.hex()}" if isinstance(item, bytes) else item


def array_of_literal(text: str, item: Any) -> Any:
    """The list for an array's literal; ``item`` is the type of a Kind that the items get.

    It is for arrays that psycopg returns as text: arrays of enums, domains and types of extensions.
    """
    from psycopg.adapt import Transformer
    from psycopg.pq import Format

    number = _ARRAYS.get(base_value(item), _TEXTS)
    return Transformer().get_loader(number, Format.TEXT).load(text.encode())
