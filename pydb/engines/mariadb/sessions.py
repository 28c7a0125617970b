"""MariaDB's sessions: an engine in; out, connections that come from the pool as they were made, or read-only.

The server says with each answer whether a statement has changed its session's state:
https://mariadb.com/kb/en/server-system-variables/#session_track_state_change.  PyMySQL drops that; here it is kept,
and a connection whose session was changed is closed when it comes back.
"""

from __future__ import annotations

from typing import Any

import pymysql
from pymysql import connections
from pymysql.constants.CLIENT import SESSION_TRACK
from sqlalchemy import Engine, event

from pydb.engines import read_connections

# https://mariadb.com/kb/en/innodb-system-variables/#innodb_rollback_on_timeout: 1205 undoes its statement alone.
ROLLED_BACK = (1213, 1020)
_STATE_CHANGED = 0x4000  # SERVER_SESSION_STATE_CHANGED: https://mariadb.com/kb/en/ok_packet/#server-status-flag
# Besides the transaction of read(), because a CREATE TABLE, or a COMMIT in SQL, ends that one.
_READ_ONLY = (
    "SET @pydb_isolation = @@tx_isolation, @pydb_read_only = @@tx_read_only, "
    "tx_isolation = 'REPEATABLE-READ', tx_read_only = 1"
)
_AS_BEFORE = "SET tx_isolation = @pydb_isolation, tx_read_only = @pydb_read_only"


def reset_sessions(engine: Engine) -> None:
    """Give each user of the engine's pool a connection as it was made, and ``read()`` one that is read-only."""
    borrower = read_connections.attach_borrower(engine)
    dialect: Any = engine.dialect
    plain_ping = dialect.do_ping

    def ping(driver: TrackedConnection) -> bool:
        # What changes the session shows as well that the connection is alive.
        if driver.reads is borrower.reads:
            return bool(plain_ping(driver))
        driver.switch(borrower.reads)
        return True

    def checkout(driver: TrackedConnection, record: Any, _proxy: Any) -> None:
        if driver.reads is not borrower.reads:
            driver.switch(borrower.reads)
        record.info[read_connections.READS] = borrower.reads
        driver.changed = driver.rolled_back = False

    def checkin(driver: TrackedConnection | None, record: Any) -> None:
        if driver is not None and driver.changed:
            read_connections.replace(engine, record)

    dialect.connect = TrackedConnection
    dialect.do_ping = ping
    event.listen(engine, "checkout", checkout)
    event.listen(engine, "checkin", checkin)


# What PyMySQL does inside has no types.
_Connection: Any = connections.Connection
_Result: Any = connections.MySQLResult


class TrackedConnection(_Connection):  # type: ignore[misc]
    """A connection that knows whether its session was ``changed`` since it was taken, and whether it only ``reads``."""

    changed = False
    reads = False
    rolled_back = False
    """Whether the server has rolled a transaction back by itself since the connection was taken."""

    def __init__(self, *args: Any, client_flag: int = 0, **options: Any) -> None:
        super().__init__(*args, client_flag=client_flag | SESSION_TRACK, **options)

    def switch(self, reads: bool) -> None:
        """Make the session read-only, or as it was before."""
        self.query(_READ_ONLY if reads else _AS_BEFORE)
        self.reads = reads

    def _read_ok_packet(self) -> Any:
        packet = super()._read_ok_packet()
        if packet.server_status & _STATE_CHANGED:
            self.changed = True
        return packet

    def _read_query_result(self, unbuffered: bool = False) -> Any:
        # PyMySQL's own, with another class.
        self._result = None
        result = TrackedResult(self)
        try:
            if unbuffered:
                result.init_unbuffered_query()
            else:
                result.read()
        except pymysql.err.Error as error:
            self.rolled_back = self.rolled_back or (bool(error.args) and error.args[0] in ROLLED_BACK)
            raise
        self._result = result
        status = result.server_status
        if status is not None:
            self.server_status = status
            if status & _STATE_CHANGED:
                self.changed = True
        return result.affected_rows


class TrackedResult(_Result):  # type: ignore[misc]
    """A result of which the end is looked at: PyMySQL keeps the status of an answer only where there are no rows."""

    def _check_packet_is_eof(self, packet: Any) -> bool:
        # Called for each row.
        return packet.is_eof_packet() and self._end(packet)

    def _end(self, packet: Any) -> bool:
        # A mark, two bytes of warnings, two of status, the low one first: https://mariadb.com/kb/en/eof_packet/.
        if packet.get_all_data()[4] & _STATE_CHANGED >> 8:
            self.connection.changed = True
        return bool(super()._check_packet_is_eof(packet))
