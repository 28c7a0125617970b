"""A cursor for one native call of aiosqlite: a statement in; all its rows, read in one task of the thread, out.

aiosqlite's own cursor needs a task of the connection's thread to be created, one to execute, one for each fetch, and
one to be closed.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from pydb.engines.async_cursor import AsyncCursor

__all__ = ["AiosqliteCursor"]


class AiosqliteCursor(AsyncCursor):
    """A cursor whose statement runs in aiosqlite's thread."""

    __slots__ = ()

    async def _answer(self, sql: str, values: Any) -> tuple[list[Any], int]:
        driver = self._adapter.driver_connection
        turn = _Turn(driver._conn, sql, values)
        try:
            return await driver._execute(turn)  # type: ignore[no-any-return]
        except BaseException as error:
            if not isinstance(error, Exception):
                turn.stop()
            raise


class _Turn:
    """The task that aiosqlite's thread runs."""

    __slots__ = ("_connection", "_sql", "_stopped", "_values")

    def __init__(self, connection: sqlite3.Connection, sql: str, values: Any) -> None:
        self._connection, self._sql, self._values = connection, sql, values
        self._stopped = False

    def __call__(self) -> tuple[list[Any], int]:
        """Run the statement; return its rows, and the number of changed rows."""
        if self._stopped:
            return [], -1
        cursor = self._connection.cursor()
        try:
            cursor.execute(self._sql, self._values)
            rows = cursor.fetchall()
            if cursor.rowcount < 0 and cursor.description is None:
                # sqlite3 counts changed rows only for statements that begin with their verb, not for WITH … UPDATE.
                return rows, int(self._connection.execute("SELECT changes()").fetchone()[0])
            return rows, cursor.rowcount
        finally:
            cursor.close()

    def stop(self) -> None:
        """Stop the statement: its result is not needed any more."""
        self._stopped = True
        self._connection.interrupt()
