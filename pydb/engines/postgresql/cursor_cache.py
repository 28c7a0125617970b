"""psycopg's cursors, cached from call to call: a connection and a statement in, a cursor that knows the statement out.

A new cursor copies the connection's adapters, and looks up how to write each type of parameter and how to read each
type of column.  One that sends the same text again has done all that: it saves a fifth of a point read.  psycopg means
cursors to be used again; see https://www.psycopg.org/psycopg3/docs/api/cursors.html.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from pydb.engines.postgresql.unreadable import load_intervals

MAX_CURSORS = 100
"""How many cursors a connection keeps, of 4 kB each: as many as psycopg keeps prepared statements."""

_INFO = "pydb_cursors"


class PsycopgCursors:
    """The cached cursors of one psycopg connection, by the text they send: the one used last is last."""

    __slots__ = ("_cached", "_connection", "_settings", "_status")

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._cached: dict[str, Any] = {}
        self._status = connection.pgconn.parameter_status
        self._settings = self._current()

    def acquire(self, sql: str) -> Any:
        """A cursor for this text.  Until its release no other call uses it; the caller may fail or run it again."""
        current = self._current()
        if current != self._settings:
            self._cached.clear()
            self._settings = current
        cursor = self._cached.pop(sql, None)
        return self._connection.cursor() if cursor is None else cursor

    def release(self, sql: str, cursor: Any) -> None:
        """Keep the cursor, whose rows were read, for the next call; the server's answer in it is freed."""
        answer = cursor.pgresult
        if answer is None or self._current() != self._settings:
            return
        answer.clear()
        if len(self._cached) >= MAX_CURSORS:
            del self._cached[next(iter(self._cached))]
        self._cached[sql] = cursor

    def _current(self) -> tuple[bytes | None, ...]:
        """The settings by which a cursor has chosen how to read and write values."""
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
    """The same of the asynchronous psycopg connection that Core's ``adapter`` holds; it has a lock of its own."""
    return cursors_of(conn, adapter.driver_connection)
