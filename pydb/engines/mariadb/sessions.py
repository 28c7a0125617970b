"""MariaDB's sessions: an engine in; out, connections that come from the pool as they were made, or read-only.

The server says with each answer whether a statement has changed its session's state:
https://mariadb.com/kb/en/server-system-variables/#session_track_state_change.  PyMySQL drops that; here it is kept,
and a connection whose session was changed is closed when it comes back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pymysql
from pymysql import connections
from pymysql.constants.CLIENT import SESSION_TRACK
from sqlalchemy import Engine, event

from pydb.engines import patience, read_connections

# https://mariadb.com/kb/en/innodb-system-variables/#innodb_rollback_on_timeout: 1205 undoes its statement alone.
ROLLED_BACK = (1213, 1020)
_STATE_CHANGED = 0x4000  # SERVER_SESSION_STATE_CHANGED: https://mariadb.com/kb/en/ok_packet/#server-status-flag
_PACKET_TOO_LARGE = 1153
_SMALL = 16_384
"""Bytes of a statement for which ``max_allowed_packet`` is not asked for."""

# The first releases with innodb_snapshot_isolation: https://mariadb.com/kb/en/innodb-system-variables/
_WITH_SNAPSHOTS = {(10, 6): 18, (10, 11): 8, (11, 0): 6, (11, 1): 5, (11, 2): 4}


Mode = Mapping[str, str]
"""What a session is set for: the variables, each with its value, that are set until the mode ends."""

PLAIN: Mode = MappingProxyType({})
# Besides the transaction of read(), because a CREATE TABLE, or a COMMIT in SQL, ends that one.
READS: Mode = MappingProxyType({"tx_isolation": "'REPEATABLE-READ'", "tx_read_only": "1"})
SNAPSHOT: Mode = MappingProxyType({"innodb_snapshot_isolation": "ON"})
SNAPSHOT_READS: Mode = MappingProxyType({**READS, **SNAPSHOT})


def has_snapshot_isolation(version: str) -> bool:
    """Whether a server of this version has ``innodb_snapshot_isolation``."""
    found = re.search(r"(\d+)\.(\d+)\.(\d+)-MariaDB", version)
    if found is None:
        return False
    major, minor, patch = (int(part) for part in found.groups())
    return (major, minor) >= (11, 3) or patch >= _WITH_SNAPSHOTS.get((major, minor), 1_000)


def reset_sessions(engine: Engine, connect_timeout: float) -> None:
    """Give each user of the engine's pool a connection as it was made, or one in the mode that it asks for.

    Whether it is alive, it must show in a part of ``connect_timeout`` seconds.
    """
    borrower = read_connections.attach_borrower(engine)
    dialect: Any = engine.dialect
    plain_ping = dialect.do_ping

    def mode_for(driver: TrackedConnection) -> Mode:
        if borrower.reads:
            return SNAPSHOT_READS if driver.has_snapshots else READS
        return SNAPSHOT if borrower.keeps_snapshot and driver.has_snapshots else PLAIN

    def ping(driver: TrackedConnection) -> bool:
        mode, usual = mode_for(driver), (driver._read_timeout, driver._write_timeout)
        driver._read_timeout = driver._write_timeout = patience.ping_timeout(connect_timeout)
        with patience.pinging():
            if driver.mode is mode:
                plain_ping(driver)
            else:
                driver.switch(mode)  # what changes the session shows as well that the connection is alive
        driver._read_timeout, driver._write_timeout = usual
        return True

    def checkout(driver: TrackedConnection, record: Any, _proxy: Any) -> None:
        mode = mode_for(driver)
        if driver.mode is not mode:
            driver.switch(mode)
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
    """A connection that knows whether its session was ``changed`` since it was taken, and in which ``mode`` it is."""

    changed = False
    mode: Mode = PLAIN
    _max_packet: int | None = None
    rolled_back = False
    """Whether the server has rolled a transaction back by itself since the connection was taken."""

    def __init__(self, *args: Any, client_flag: int = 0, **options: Any) -> None:
        seconds = patience.connect_timeout(options.get("connect_timeout") or 10)
        options["connect_timeout"] = seconds
        for name in ("read_timeout", "write_timeout"):
            if isinstance(options.get(name), patience.ConnectingTimeout):
                options[name] = patience.ConnectingTimeout(min(options[name], seconds))
        super().__init__(*args, client_flag=client_flag | SESSION_TRACK, **options)
        self.has_snapshots = has_snapshot_isolation(self.server_version or "")

    def switch(self, mode: Mode) -> None:
        """Set the session as it was before, and then for this mode."""
        before, after = self.mode, mode
        assignments = [f"{name} = @pydb_{name}" for name in before if name not in after]
        assignments += [f"@pydb_{name} = @@{name}" for name in after if name not in before]
        assignments += [f"{name} = {value}" for name, value in after.items() if name not in before]
        self.query("SET " + ", ".join(assignments))
        self.mode = mode

    def _execute_command(self, command: int, sql: Any) -> None:
        # The server closes the connection over a larger packet, mostly before it has said why.
        if len(sql) > _SMALL and len(sql) >= self._largest_packet():
            raise pymysql.err.OperationalError(_PACKET_TOO_LARGE, "Got a packet bigger than 'max_allowed_packet' bytes")
        super()._execute_command(command, sql)

    def _largest_packet(self) -> int:
        if self._max_packet is None:
            self.query("SELECT @@max_allowed_packet")
            answer: Any = self._result
            ((self._max_packet,),) = answer.rows
        return int(self._max_packet or 0)

    def _force_close(self) -> None:
        # PyMySQL would read the rest of a stream when its result is garbage, and raise where nobody hears it.
        if self._result is not None:
            self._result.unbuffered_active = False
        super()._force_close()

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
