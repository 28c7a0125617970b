"""Convert ranges and multiranges for PostgreSQL: psycopg's Range or Multirange in, its literal out.

A literal has no type: the server gives it the type of its place.
Syntax: https://www.postgresql.org/docs/current/rangetypes.html#RANGETYPES-IO; psycopg writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydb.values.adapters import Adapter, Unfit

__all__ = ["range_adapters"]


@lru_cache(maxsize=1)
def range_adapters() -> Mapping[type, Adapter]:
    """The adapters of psycopg's classes for ranges; columns of these types return such values."""
    from psycopg.types.multirange import Multirange
    from psycopg.types.range import Range

    return {Range: _literal, Multirange: _literal}


def _literal(value: Any) -> str:
    from psycopg import Error
    from psycopg.adapt import PyFormat, Transformer

    try:
        written = Transformer().get_dumper(value, PyFormat.TEXT).dump(value)
        return bytes(written or b"").decode()
    except (Error, TypeError, ValueError):
        raise Unfit(f"a {type(value).__name__} with a bound that cannot be written") from None
