"""Cache psycopg's cursors from call to call: a connection and a statement in, a cursor that has sent it before out.

A new cursor copies the connection's adapters, and looks up how to write each type of parameter and how to read each
type of column.  A cursor that sends the same text again need not do that, which saves a fifth of a point read.  psycopg
allows a cursor to be used again: https://www.psycopg.org/psycopg3/docs/api/cursors.html.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from pydb.engines.postgresql.unreadable import load_intervals

MAX_CURSORS = 100
"""The maximum number of cursors, of 4 kB each, that a connection keeps: psycopg keeps as many prepared statements."""

_INFO = "pydb_cursors"


class PsycopgCursors:
    """The cached cursors of one psycopg connection, by the text that they send; the last one was used last."""

    __slots__ = ("_cached", "_connection", "_settings", "_status")

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._cached: dict[str, Any] = {}
        self._status = connection.pgconn.parameter_status
        self._settings = self._current()

    def acquire(self, sql: str) -> Any:
        """A cursor for this text.  No other call uses it until its release."""
        current = self._current()
        if current != self._settings:
            self._cached.clear()
            self._settings = current
        cursor = self._cached.pop(sql, None)
        return self._connection.cursor() if cursor is None else cursor

    def release(self, sql: str, cursor: Any) -> None:
        """Keep the cursor for the next call, and free the server's answer in it; its rows must have been read."""
        answer = cursor.pgresult
        if answer is None or self._current() != self._settings:
            return
        answer.clear()
        if len(self._cached) >= MAX_CURSORS:
            del self._cached[next(iter(self._cached))]
        self._cached[sql] = cursor

    def _current(self) -> tuple[bytes | None, ...]:
        """The settings that decide how a cursor reads and writes values."""
        status = self._status
        return status(b"DateStyle"), status(b"IntervalStyle"), status(b"TimeZone"), status(b"client_encoding")


def cursors_of(conn: Connection, driver: Any) -> PsycopgCursors:
    """The cached cursors of ``driver``, the psycopg connection of ``conn``; they live as long as it does."""
    found: PsycopgCursors | None = conn.info.get(_INFO)
    if found is None:
        load_intervals(driver)
        found = conn.info[_INFO] = PsycopgCursors(driver)
    return found


def async_cursors_of(conn: Connection, adapter: Any) -> PsycopgCursors:
    """The same, for the asynchronous psycopg connection in Core's ``adapter``; that connection has its own lock."""
    return cursors_of(conn, adapter.driver_connection)
