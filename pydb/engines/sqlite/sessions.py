"""SQLite's connections: an engine in; out, connections that come from the pool as they were made, or read-only.

SQLite asks an authorizer what a statement is about to do when it prepares it, and not when it runs it again:
https://sqlite.org/c3ref/set_authorizer.html.  So it costs next to nothing to know that a connection was changed.  Such
a connection is closed when it comes back.
"""

from __future__ import annotations

import sqlite3
from sqlite3 import (
    SQLITE_ATTACH,
    SQLITE_DENY,
    SQLITE_DETACH,
    SQLITE_FUNCTION,
    SQLITE_OK,
    SQLITE_PRAGMA,
    SQLITE_READ,
    SQLITE_SELECT,
    SQLITE_TRANSACTION,
)
from typing import Any

from sqlalchemy import Connection, Engine, event

from pydb.engines import read_connections
from pydb.engines.sqlite.syntax import pragma_lasts

_STATE = "pydb_session"
_PASSING = frozenset({SQLITE_READ, SQLITE_SELECT, SQLITE_TRANSACTION})


class ConnectionState:
    """What is known of a connection: whether it was ``changed`` since it was taken, and whether it only ``reads``."""

    __slots__ = ("_switching", "changed", "reads")

    def __init__(self) -> None:
        self.changed = self.reads = self._switching = False

    def switch(self, driver: sqlite3.Connection, reads: bool) -> None:
        """Make the connection read-only, or writable."""
        self._switching = True
        try:
            driver.execute(f"PRAGMA query_only = {'ON' if reads else 'OFF'}")
        finally:
            self._switching = False
        self.reads = reads

    def authorize(self, action: int, one: str | None, two: str | None, schema: str | None, _trigger: Any) -> int:
        """SQLite's question whether a statement may do this; what outlasts a transaction, it may not in ``read()``."""
        if action in _PASSING or self._switching or not _lasts(action, one, two, schema):
            return SQLITE_OK
        if self.reads:
            return SQLITE_DENY
        self.changed = True
        return SQLITE_OK


def _lasts(action: int, one: str | None, two: str | None, schema: str | None) -> bool:
    """Whether the action leaves something in the connection when its transaction is over."""
    if action == SQLITE_PRAGMA:
        return one is not None and two is not None and pragma_lasts(one)
    if action == SQLITE_FUNCTION:
        return two == "load_extension"
    return action in (SQLITE_ATTACH, SQLITE_DETACH) or schema == "temp"


def reset_sessions(engine: Engine, in_memory: bool) -> None:
    """Give each user of the engine's pool a connection as it was made, and ``read()`` one that is read-only.

    Call it after the other listeners are attached: at the check-in it may close the connection.
    """
    borrower = read_connections.attach_borrower(engine)
    moving = _Moving(engine) if in_memory else None

    def connect(driver: sqlite3.Connection, record: Any) -> None:
        if moving is not None:
            moving.end(driver)
        state = record.info[_STATE] = ConnectionState()
        driver.set_authorizer(state.authorize)

    def checkout(driver: sqlite3.Connection, record: Any, _proxy: Any) -> None:
        # An AUTOCOMMIT connection goes back to the pool in the driver's legacy mode.
        driver.isolation_level = None
        info, reads = record.info, borrower.reads
        info[read_connections.READS] = reads
        state = info[_STATE]
        if state.reads is not reads:
            state.switch(driver, reads)
        state.changed = False

    def checkin(driver: sqlite3.Connection | None, record: Any) -> None:
        if driver is None:
            return
        # A COMMIT that a deferred constraint refuses leaves the transaction open, and Core takes it for ended.
        if driver.in_transaction:
            driver.rollback()
        if record.info[_STATE].changed:
            if moving is not None:
                moving.begin(driver)
            read_connections.replace(engine, record)

    event.listen(engine, "connect", connect)
    event.listen(engine, "checkout", checkout)
    event.listen(engine, "checkin", checkin)


def note_change(conn: Connection) -> None:
    """Let the connection be closed when it comes back."""
    conn.info[_STATE].changed = True


class _Moving:
    """A database in memory on its way from a connection that is about to be closed to the one that replaces it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._shared = engine.url.query.get("cache") == "shared"
        self._held: sqlite3.Connection | None = None

    def begin(self, driver: sqlite3.Connection) -> None:
        if self._shared:
            # One more connection to the same database keeps it alive.
            arguments, options = self._engine.dialect.create_connect_args(self._engine.url)
            connect: Any = sqlite3.connect
            self._held = connect(*arguments, **{**options, "check_same_thread": False})
        else:
            self._held = sqlite3.connect(":memory:", check_same_thread=False)
            driver.backup(self._held)

    def end(self, driver: sqlite3.Connection) -> None:
        if self._held is not None:
            if not self._shared:
                self._held.backup(driver)
            self._held.close()
            self._held = None
