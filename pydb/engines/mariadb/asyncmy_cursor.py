"""A cursor of asyncmy for one native call: it holds all rows when ``execute`` has ended."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from sqlalchemy import Connection

from pydb.engines.async_cursor import AsyncCursor

__all__ = ["AsyncmyCursor"]


class AsyncmyCursor(AsyncCursor):
    """asyncmy's own cursor, behind the lock of Core's adapter."""

    __slots__ = ("_cursor", "fetchall", "fetchmany", "fetchone")

    def __init__(self, conn: Connection, adapter: Any) -> None:
        super().__init__(conn, adapter)
        self._cursor = adapter.driver_connection.cursor()
        self.fetchone = self._cursor.fetchone
        self.fetchmany = self._cursor.fetchmany
        self.fetchall = self._cursor.fetchall

    @property
    def rowcount(self) -> int:
        return int(self._cursor.rowcount)

    def _send(self, _driver: Any, sql: str, values: Any) -> Awaitable[Any]:  # type: ignore[override]
        return self._cursor.execute(sql, values)  # type: ignore[no-any-return]
