"""The words for types in @param and @column, and the Python type that each means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID


class Instant:
    """Marks a ``datetime`` annotation as an instant: aware, in UTC."""


class Json:
    """The kind of any value that is stored as JSON; ``dict`` and ``list`` are kinds of their own."""


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
