"""asyncmy's cursors for native calls: Core's adapter in, a reusable cursor out; ``execute`` reads all rows."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from sqlalchemy import Connection

from pydb.engines.async_cursor import AsyncCursor

__all__ = ["AsyncmyCursor", "AsyncmyCursors", "asyncmy_cursors_of"]

MAX_CURSORS = 4
"""The maximum number of cursors that a connection keeps: about as many as there are concurrent calls on it."""

_INFO = "pydb_cursors"


class AsyncmyCursors:
    """The unused cursors of one connection."""

    __slots__ = ("_adapter", "_free")

    def __init__(self, adapter: Any) -> None:
        self._adapter = adapter
        self._free: list[AsyncmyCursor] = []

    def acquire(self, _sql: str) -> AsyncmyCursor:
        """A cursor; until its release no other call uses it."""
        return self._free.pop() if self._free else AsyncmyCursor(self._adapter)

    def release(self, _sql: str, cursor: AsyncmyCursor) -> None:
        """Keep the cursor, without the server's answer."""
        cursor.forget()
        if len(self._free) < MAX_CURSORS:
            self._free.append(cursor)


class AsyncmyCursor(AsyncCursor):
    """A cursor of asyncmy that is used with the lock of Core's adapter."""

    __slots__ = ("_cursor", "fetchall", "fetchmany", "fetchone")

    def __init__(self, adapter: Any) -> None:
        super().__init__(adapter)
        self._cursor = adapter.driver_connection.cursor()
        self.fetchone = self._cursor.fetchone
        self.fetchmany = self._cursor.fetchmany
        self.fetchall = self._cursor.fetchall

    @property
    def rowcount(self) -> Any:
        return self._cursor.rowcount

    def forget(self) -> None:
        """Release the rows."""
        self._cursor._rows = self._cursor._result = None

    def _send(self, sql: str, values: Any) -> Awaitable[Any]:
        return self._cursor.execute(sql, values)  # type: ignore[no-any-return]


def asyncmy_cursors_of(conn: Connection, adapter: Any) -> AsyncmyCursors:
    """The cursors of the asyncmy connection that Core's ``adapter`` holds; they live as long as it does."""
    found: AsyncmyCursors | None = conn.info.get(_INFO)
    if found is None:
        found = conn.info[_INFO] = AsyncmyCursors(adapter)
    return found
