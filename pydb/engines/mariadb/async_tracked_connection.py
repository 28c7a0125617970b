"""Track sessions of asyncmy: options in; out, a connection that knows how its session was changed (``sessions.py``).

A task that is cancelled closes its connection.  The server notices that only after the statement.  So pydb ends the
session through another connection, as psycopg does.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import Any
from weakref import ref

from asyncmy import connection, cursors, errors
from asyncmy.constants.CLIENT import SESSION_TRACK
from asyncmy.constants.COMMAND import COM_QUERY

from pydb.engines import patience
from pydb.engines.mariadb.session_kill import KILLING, LOOK, SESSION, same_statement
from pydb.engines.mariadb.session_modes import (
    PACKET_TOO_LARGE,
    PLAIN,
    SMALL,
    STATE_CHANGED,
    Mode,
    has_snapshot_isolation,
    rolls_back_transaction,
)
from pydb.engines.waiting import finished

__all__ = ["AsyncTrackedConnection", "connect_tracked"]

LEAVING = 3
"""An abandoned generator begins to close its stream within this number of iterations of the event loop."""

# The private attributes of asyncmy have no types.
_Connection: Any = connection.Connection
_execute_command = _Connection._execute_command
_read_query_result = _Connection._read_query_result
_StreamCursor: Any = cursors.SSCursor


async def connect_tracked(**options: Any) -> AsyncTrackedConnection:
    """A new connection, made before the deadline of ``patience``."""
    patience.limit_connecting(options)
    options["client_flag"] = options.get("client_flag", 0) | SESSION_TRACK
    made = AsyncTrackedConnection(options)
    await made.connect()
    made.has_snapshots = has_snapshot_isolation(made.server_version or "")
    return made


class AsyncTrackedConnection(_Connection):  # type: ignore[misc]
    """A connection that knows whether its session was ``changed`` since it was taken, and in which ``mode`` it is."""

    changed = False
    mode: Mode = PLAIN
    has_snapshots = False
    rolled_back = False
    """Whether the server itself has rolled back a transaction since the connection was taken from the pool."""

    _max_packet: int | None = None
    _write_timeout: float | None = None
    _streams = False
    """Whether the last result may still be at the server."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(**options)
        self._options = options
        self._stream: ref[StreamCursor] | None = None
        self.reading = asyncio.Lock()
        """A lock for the packets of a stream: a task may close one stream while the next command begins."""

    def cursor(self, cursor: Any = None) -> Any:
        """A cursor; if it is a stream, its rows are kept when the connection sends another statement."""
        return super().cursor(StreamCursor if cursor is cursors.SSCursor else cursor)

    def stream(self, cursor: StreamCursor) -> None:
        """Remember the cursor whose rows are still at the server."""
        self._stream = ref(cursor)

    def forget_stream(self, cursor: StreamCursor) -> None:
        """Forget the cursor."""
        if self._stream is not None and self._stream() is cursor:
            self._stream = None

    async def show_warnings(self) -> None:
        """Do nothing: asyncmy would ask for warnings, and log them with the values that they contain."""

    async def query(self, sql: Any, unbuffered: bool = False) -> Any:
        """Send a statement and read its answer; if it is ``unbuffered``, read only the beginning of the answer."""
        # This repeats code of the two methods below, because each further coroutine would slow down a point read.
        if isinstance(sql, str):
            sql = sql.encode(self._encoding, "surrogateescape")
        if self._stream is not None or self._streams or len(sql) > SMALL:
            await self._prepare_to_send(sql)
        await _execute_command(self, COM_QUERY, sql)
        self._streams = unbuffered
        try:
            await _read_query_result(self, unbuffered)
        except BaseException as error:
            await self._note_failure(error, sql)
            raise
        if self._result.server_status & STATE_CHANGED:
            self.changed = True
        return self._affected_rows

    async def _execute_command(self, command: int, sql: Any) -> None:
        await self._prepare_to_send(sql)
        await _execute_command(self, command, sql)

    async def _prepare_to_send(self, sql: Any) -> None:
        if self._stream is not None:
            await self._read_stream()
        if self._streams:
            self._end_stream()
        # At a larger packet, the server closes the connection, usually before it has sent an error.
        if len(sql) > SMALL and len(sql) >= await self._largest_packet():
            raise errors.OperationalError(PACKET_TOO_LARGE, "Got a packet bigger than 'max_allowed_packet' bytes")

    async def _read_stream(self) -> None:
        """Read the packets of the stream that come before the answer to another command."""
        for _ in range(LEAVING):  # if the stream is being closed, it drops its rows itself
            await asyncio.sleep(0)
        async with self.reading:
            stream = None if self._stream is None else self._stream()
            if stream is not None:
                await stream.buffer_rest()
            elif self._result is not None and self._result.unbuffered_active:
                await self._result._finish_unbuffered_query()
            self._stream = None

    async def _largest_packet(self) -> int:
        if self._max_packet is None:
            await self.query("SELECT @@max_allowed_packet")
            ((self._max_packet,),) = self._result.rows
        return int(self._max_packet or 0)

    def _end_stream(self) -> None:
        """Read the status at the end of a stream, once."""
        self._streams = False
        self._note_status()

    def _note_status(self) -> None:
        if self._result is not None and self._result.server_status & STATE_CHANGED:
            self.changed = True

    async def _read_ok_packet(self) -> Any:
        packet = await super()._read_ok_packet()
        if packet.server_status & STATE_CHANGED:
            self.changed = True
        return packet

    async def _read_query_result(self, unbuffered: bool = False) -> None:
        if self._streams:
            self._end_stream()
        self._streams = unbuffered
        try:
            await _read_query_result(self, unbuffered)
        except BaseException as error:
            await self._note_failure(error)
            raise
        if self._result.server_status & STATE_CHANGED:
            self.changed = True

    async def _note_failure(self, error: BaseException, sql: bytes = b"") -> None:
        if isinstance(error, asyncio.CancelledError):
            await finished(self._end_session(sql), stops=False)
        elif isinstance(error, errors.MySQLError):
            self.rolled_back = self.rolled_back or rolls_back_transaction(error)

    async def _end_session(self, sql: bytes) -> None:
        """End this connection's session at the server, and wait until it has ended.

        Through a proxy, another session may have the same id: only one with the same statement is ended.
        """
        self.close()
        session = int(self.thread_id())
        with suppress(errors.MySQLError, OSError, TimeoutError):
            async with asyncio.timeout(KILLING):
                other = _Connection(**self._options)
                await other.connect()
                try:
                    await other.query(f"{SESSION} {session}{same_statement(sql)}")
                    if other._result.rows:
                        with suppress(errors.MySQLError):  # the session may have ended already
                            await other.query(f"KILL CONNECTION {session}")
                        await _gone(other, session)
                finally:
                    other.close()


async def _gone(other: Any, session: int) -> None:
    while True:
        await other.query(f"{SESSION} {session}")
        if not other._result.rows:
            return
        await asyncio.sleep(LOOK)


class StreamCursor(_StreamCursor):  # type: ignore[misc]
    """asyncmy's cursor of a result at the server; its rows are kept when the connection sends another statement."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._buffer: deque[Any] = deque()

    async def _query(self, q: Any) -> Any:
        self._buffer.clear()
        answer = await super()._query(q)
        self.connection.stream(self)
        return answer

    async def read_next(self) -> Any:
        return self._buffer.popleft() if self._buffer else await super().read_next()

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows, the buffered ones first."""
        wanted = self.arraysize if size is None else size
        async with self.connection.reading:
            rows = [self._buffer.popleft() for _ in range(min(wanted, len(self._buffer)))]
            while len(rows) < wanted and (row := await super().read_next()) is not None:
                rows.append(row)
                rows += self._result._take_pending_rows(wanted - len(rows))
        return rows

    async def buffer_rest(self) -> None:
        """Read all remaining rows from the server into the buffer."""
        result = self._result
        while result is not None and result.unbuffered_active and (row := await super().read_next()) is not None:
            self._buffer.append(row)
            self._buffer += result._take_pending_rows()

    async def close(self) -> None:
        """Read and drop the remaining rows."""
        connection, result = self.connection, self._result
        if connection is None:
            return
        async with connection.reading:
            if result is not None and result.unbuffered_active:
                await result._finish_unbuffered_query()
            connection.forget_stream(self)
        self._buffer.clear()
        await super().close()
