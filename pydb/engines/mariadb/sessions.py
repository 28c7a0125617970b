"""Reset MariaDB's sessions: an engine in; out, connections that leave the pool in their initial state, or read-only.

With each answer, the server reports whether a statement has changed the state of its session:
https://mariadb.com/kb/en/server-system-variables/#session_track_state_change.  The drivers ignore that report; the
connections of ``tracked_connection`` remember it.  A connection whose session was changed is closed when it is
returned.
"""

from __future__ import annotations

from functools import partial
from inspect import isawaitable
from typing import Any

from sqlalchemy import Engine, event

from pydb.engines import patience, read_connections
from pydb.engines.mariadb.session_modes import PLAIN, READS, SNAPSHOT, SNAPSHOT_READS, Mode, mode_change
from pydb.engines.waiting import await_here


def reset_sessions(engine: Engine, connect_timeout: float) -> None:
    """Give each user of the engine's pool a connection in its initial state, or in the mode that the user needs.

    A pooled connection must show within a part of ``connect_timeout`` seconds that it is alive.
    """
    borrower = read_connections.attach_borrower(engine)
    dialect: Any = engine.dialect
    plain_ping = dialect.do_ping

    def mode_for(connection: Any) -> Mode:
        if borrower.reads:
            return SNAPSHOT_READS if connection.has_snapshots else READS
        return SNAPSHOT if borrower.keeps_snapshot and connection.has_snapshots else PLAIN

    def ping(driver: Any) -> bool:
        connection = tracked(driver)
        mode, usual = mode_for(connection), (connection._read_timeout, connection._write_timeout)
        connection._read_timeout = connection._write_timeout = patience.ping_timeout(connect_timeout)
        with patience.pinging():
            if connection.mode is mode:
                plain_ping(driver)
            else:
                _switch(connection, mode)  # the SQL that changes the session also shows that the connection is alive
        connection._read_timeout, connection._write_timeout = usual
        return True

    def checkout(driver: Any, record: Any, _proxy: Any) -> None:
        connection = tracked(driver)
        mode = mode_for(connection)
        if connection.mode is not mode:
            _switch(connection, mode)
        record.info[read_connections.READS] = borrower.reads
        connection.changed = connection.rolled_back = False

    def checkin(driver: Any, record: Any) -> None:
        if driver is not None and tracked(driver).changed:
            read_connections.replace(engine, record)

    if dialect.is_async:
        from pydb.engines.mariadb.async_tracked_connection import connect_tracked

        dialect.connect = partial(dialect.connect, async_creator_fn=connect_tracked)
    else:
        from pydb.engines.mariadb.tracked_connection import TrackedConnection

        dialect.connect = TrackedConnection
    dialect.do_ping = ping
    event.listen(engine, "checkout", checkout)
    event.listen(engine, "checkin", checkin)


def tracked(driver: Any) -> Any:
    """The driver's connection: ``driver`` itself, or the one inside SQLAlchemy's adapter of an asynchronous driver."""
    return getattr(driver, "driver_connection", driver)


def _switch(connection: Any, mode: Mode) -> None:
    """End the connection's current mode, and begin this one."""
    asked = connection.query(mode_change(connection.mode, mode))
    if isawaitable(asked):
        await_here(asked)
    connection.mode = mode
