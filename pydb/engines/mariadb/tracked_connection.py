"""Track sessions of PyMySQL: options in; out, a connection that knows how its session was changed (``sessions.py``)."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from typing import Any

import pymysql
from pymysql import connections
from pymysql.constants.CLIENT import SESSION_TRACK

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

__all__ = ["TrackedConnection", "TrackedResult"]

# The private attributes of PyMySQL have no types.
_Connection: Any = connections.Connection
_Result: Any = connections.MySQLResult

_QUICK = {"connect_timeout": KILLING, "read_timeout": KILLING, "write_timeout": KILLING, "init_command": None}


class TrackedConnection(_Connection):  # type: ignore[misc]
    """A connection that knows whether its session was ``changed`` since it was taken, and in which ``mode`` it is."""

    changed = False
    mode: Mode = PLAIN
    _max_packet: int | None = None
    rolled_back = False
    """Whether the server itself has rolled back a transaction since the connection was taken from the pool."""

    def __init__(self, *args: Any, client_flag: int = 0, **options: Any) -> None:
        patience.limit_connecting(options)
        self._again = partial(_Connection, *args, **{**options, **_QUICK, "client_flag": client_flag})
        super().__init__(*args, client_flag=client_flag | SESSION_TRACK, **options)
        self.has_snapshots = has_snapshot_isolation(self.server_version or "")

    def _execute_command(self, command: int, sql: Any) -> None:
        # At a larger packet, the server closes the connection, usually before it has sent an error.
        if len(sql) > SMALL and len(sql) >= self._largest_packet():
            raise pymysql.err.OperationalError(PACKET_TOO_LARGE, "Got a packet bigger than 'max_allowed_packet' bytes")
        self._sent = sql
        super()._execute_command(command, sql)

    def _end_session(self) -> None:
        """End this connection's session at the server, which would continue the statement and keep its locks.

        Through a proxy, another session may have the same id: only one with the same statement is ended.
        """
        self._force_close()
        session, sql = int(self.thread_id()), self._sent
        sql = sql if isinstance(sql, bytes) else sql.encode()
        deadline = time.monotonic() + KILLING
        with suppress(pymysql.err.Error, OSError), self._again() as other, other.cursor() as cursor:
            if not cursor.execute(f"{SESSION} {session}{same_statement(sql)}"):
                return
            with suppress(pymysql.err.Error):  # the session may have ended already
                cursor.execute(f"KILL CONNECTION {session}")
            while cursor.execute(f"{SESSION} {session}") and time.monotonic() < deadline:
                time.sleep(LOOK)

    def _largest_packet(self) -> int:
        if self._max_packet is None:
            self.query("SELECT @@max_allowed_packet")
            answer: Any = self._result
            ((self._max_packet,),) = answer.rows
        return int(self._max_packet or 0)

    def _force_close(self) -> None:
        # When a result is garbage, PyMySQL would read the rest of its stream, and raise where no caller can catch it.
        if self._result is not None:
            self._result.unbuffered_active = False
        super()._force_close()

    def _read_ok_packet(self) -> Any:
        packet = super()._read_ok_packet()
        if packet.server_status & STATE_CHANGED:
            self.changed = True
        return packet

    def _read_query_result(self, unbuffered: bool = False) -> Any:
        # The same as PyMySQL's method, except for the class of the result.
        self._result = None
        result = TrackedResult(self)
        try:
            if unbuffered:
                result.init_unbuffered_query()
            else:
                result.read()
        except pymysql.err.Error as error:
            self.rolled_back = self.rolled_back or rolls_back_transaction(error)
            raise
        except BaseException:
            self._end_session()
            raise
        self._result = result
        status = result.server_status
        if status is not None:
            self.server_status = status
            if status & STATE_CHANGED:
                self.changed = True
        return result.affected_rows


class TrackedResult(_Result):  # type: ignore[misc]
    """A result that reads the status at its end: PyMySQL keeps an answer's status only if there are no rows."""

    def _check_packet_is_eof(self, packet: Any) -> bool:
        # This method is called for each row, so it does no more than necessary.
        return packet.is_eof_packet() and self._end(packet)

    def _end(self, packet: Any) -> bool:
        # A mark, two bytes of warnings, two bytes of status, low byte first: https://mariadb.com/kb/en/eof_packet/.
        if packet.get_all_data()[4] & STATE_CHANGED >> 8:
            self.connection.changed = True
        return bool(super()._check_packet_is_eof(packet))
