"""A cursor for one native call of asyncmy: a statement in; all its rows, read without a cursor of asyncmy, out.

asyncmy's own cursor needs two more coroutines for each statement, and one for each fetch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydb.engines.async_cursor import AsyncCursor

__all__ = ["AsyncmyCursor"]


class AsyncmyCursor(AsyncCursor):
    """A cursor that uses the driver's connection directly."""

    __slots__ = ()

    async def _answer(self, sql: str, values: Any) -> tuple[Sequence[Any], int]:
        driver = self._adapter.driver_connection
        if driver._echo or driver._query_callback is not None or driver._stmt_cache_size:
            return await _by_cursor(driver, sql, values)
        literal = driver.literal
        await driver.query(sql % tuple([literal(value) for value in values]))
        result = driver._result
        return result.rows or (), result.affected_rows


async def _by_cursor(driver: Any, sql: str, values: Any) -> tuple[Sequence[Any], int]:
    """The same with asyncmy's own cursor, which logs or prepares statements if the driver's options say so."""
    async with driver.cursor() as cursor:
        await cursor.execute(sql, values)
        return await cursor.fetchall(), cursor.rowcount
