"""Reset SQLite's connections: an engine in; out, connections that leave the pool in their initial state, or read-only.

When SQLite prepares a statement, it calls an authorizer for each action of the statement; when the statement runs
again, it does not: https://sqlite.org/c3ref/set_authorizer.html.  So it costs hardly any time to notice that a
connection was changed.  A changed connection is closed when it is returned to the pool.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from sqlite3 import (
    SQLITE_ATTACH,
    SQLITE_AUTH,
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
from pydb.engines.connections import pooled_connection
from pydb.engines.sqlite.driver_thread import in_transaction, on_its_thread, sqlite3_connection
from pydb.engines.sqlite.statement_watch import StatementWatch
from pydb.engines.sqlite.syntax import pragma_lasts
from pydb.support.blocks import guarded_block

_STATE, _ANSWERS, WATCH = "pydb_session", "pydb_answers", "pydb_watch"
_PASSING = frozenset({SQLITE_READ, SQLITE_SELECT, SQLITE_TRANSACTION})


MAX_ANSWERS = 1_000
"""The maximum number of cached answers of a connection's authorizer; it is called for each table and column."""


class _Refused(Exception):
    """The authorizer raises this to make SQLite refuse the statement."""


class ConnectionState:
    """The state of a connection: whether it was ``changed`` since it was taken, and whether it only ``reads``.

    ``refused`` says that ``read()`` has refused a statement since it was taken.
    """

    __slots__ = ("_switching", "changed", "reads", "refused")

    def __init__(self) -> None:
        self.changed = self.reads = self.refused = self._switching = False

    def switch(self, driver: Any, reads: bool, authorize: Callable[..., int]) -> None:
        """Make the connection read-only, or writable.

        ``authorize``, which caches its answers, is called for the PRAGMA before it runs.
        """
        word = "ON" if reads else "OFF"
        self._switching = True
        try:
            authorize(SQLITE_PRAGMA, "query_only", word, None, None)
            on_its_thread(driver, lambda connection: connection.execute(f"PRAGMA query_only = {word}"))
        finally:
            self._switching = False
        self.reads = reads

    def authorize(self, action: int, one: str | None, two: str | None, schema: str | None, _trigger: Any) -> int:
        """SQLite's authorizer; in ``read()`` it refuses an action whose effect outlasts the transaction."""
        if action in _PASSING or self._switching or not _lasts(action, one, two, schema):
            return SQLITE_OK
        if self.reads:
            self.refused = True
            raise _Refused
        self.changed = True
        return SQLITE_OK


def _ask_ahead(authorize: Callable[..., int]) -> None:
    """Put the answers that BEGIN, COMMIT and ROLLBACK need into the cache of ``authorize``."""
    for word in ("BEGIN", "COMMIT", "ROLLBACK"):
        authorize(SQLITE_TRANSACTION, word, None, None, None)


def _lasts(action: int, one: str | None, two: str | None, schema: str | None) -> bool:
    """Whether the effect of the action on the connection outlasts the transaction."""
    if action == SQLITE_PRAGMA:
        return one is not None and two is not None and pragma_lasts(one)
    if action == SQLITE_FUNCTION:
        return two == "load_extension"
    return action in (SQLITE_ATTACH, SQLITE_DETACH) or schema == "temp"


def reset_sessions(engine: Engine, in_memory: bool) -> None:
    """Give each user of the engine's pool a connection in its initial state, and ``read()`` a read-only one.

    Call it after all other listeners are attached, because its check-in listener may close the connection.
    """
    borrower = read_connections.attach_borrower(engine)
    moving = _Moving(engine) if in_memory else None

    def connect(driver: Any, record: Any) -> None:
        if moving is not None:
            moving.end(driver)
        state = record.info[_STATE] = ConnectionState()
        # A cached answer comes from code in C, which no interrupt can enter: sqlite3 would lose such an interrupt.
        answers = record.info[_ANSWERS] = lru_cache(MAX_ANSWERS)(state.authorize)
        _ask_ahead(answers)
        on_its_thread(driver, lambda connection: connection.set_authorizer(answers))

    def checkout(driver: Any, record: Any, _proxy: Any) -> None:
        # SQLAlchemy returns an AUTOCOMMIT connection to the pool in the driver's legacy transaction mode.
        connection = sqlite3_connection(driver)
        if connection is not None and connection.isolation_level is not None:
            driver.isolation_level = None
        info, reads = record.info, borrower.reads
        info[read_connections.READS] = reads
        set_reading(driver, info, reads)
        state = info[_STATE]
        state.changed = state.refused = False

    def checkin(driver: Any, record: Any) -> None:
        if driver is None:
            return
        # If a deferred constraint refuses a COMMIT, the transaction stays open, although Core believes that it has
        # ended.
        if in_transaction(driver):
            driver.rollback()
        if record.info[_STATE].changed:
            if moving is not None:
                moving.begin(driver)
            read_connections.replace(engine, record)

    event.listen(engine, "connect", connect)
    event.listen(engine, "checkout", checkout)
    event.listen(engine, "checkin", checkin)


def set_reading(driver: Any, info: Any, reads: bool) -> None:
    """Make the connection of the pool entry with this ``info`` read-only, or writable."""
    state = info[_STATE]
    if state.reads is not reads:
        answers = info[_ANSWERS]
        try:
            state.switch(driver, reads, answers)
        finally:
            answers.cache_clear()
            _ask_ahead(answers)


@guarded_block
def undone_connection(connect: Callable[[], Connection]) -> Iterator[Connection]:
    """A connection whose open transaction is rolled back, and which goes back to the pool, whatever ends the block.

    If an exception was raised while SQLite was working, sqlite3 has replaced it by an error of SQLite; this function
    raises the original exception.
    """
    with pooled_connection(connect) as conn:
        driver: Any = conn.connection.dbapi_connection
        watch: StatementWatch = conn.info[WATCH]
        raised: BaseException | None = None
        try:
            try:
                yield conn
            finally:
                raised = watch.take(driver)
                _roll_back(driver)  # usually Core has ended the transaction, but an interrupt may have prevented that
        except BaseException as error:
            # An interrupt may have stopped the clean-up before it did anything; to repeat it does no harm.
            raised = raised or watch.take(driver)
            _roll_back(driver)
            if raised is None or not isinstance(error, Exception):
                raise
            raise raised from error
        if raised is not None:
            raise raised


def _roll_back(driver: Any) -> None:
    with suppress(sqlite3.ProgrammingError):  # Core may have closed the connection
        if in_transaction(driver):
            driver.rollback()


def lost_interrupt(conn: Connection, orig: BaseException) -> BaseException | None:
    """The exception that was raised while SQLite worked, and that sqlite3 has replaced by ``orig``.

    None if ``orig`` is an error of SQLite itself.
    """
    if conn.invalidated or not isinstance(orig, sqlite3.Error):
        return None
    info = conn.info
    raised: BaseException | None = info[WATCH].take(conn.connection.dbapi_connection)
    state: ConnectionState = info[_STATE]
    if (
        raised is None
        and getattr(orig, "sqlite_errorcode", None) == SQLITE_AUTH
        and not (state.refused or state.changed)
    ):
        # The authorizer has not refused the statement, so an interrupt came; sqlite3 has lost the exception.
        return KeyboardInterrupt()
    return raised


def note_change(conn: Connection) -> None:
    """Have the connection closed when it is returned to the pool."""
    conn.info[_STATE].changed = True


class _Moving:
    """Moves a database in memory from a connection that is about to be closed to its replacement."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._shared = engine.url.query.get("cache") == "shared"
        self._held: sqlite3.Connection | None = None

    def begin(self, driver: Any) -> None:
        if self._shared:
            # Another connection to the same database keeps the database alive.
            arguments, options = self._engine.dialect.create_connect_args(self._engine.url)
            connect: Any = sqlite3.connect
            self._held = connect(*arguments, **{**options, "check_same_thread": False})
        else:
            self._held = held = sqlite3.connect(":memory:", check_same_thread=False)
            on_its_thread(driver, lambda connection: connection.backup(held))

    def end(self, driver: Any) -> None:
        held = self._held
        if held is not None:
            if not self._shared:
                on_its_thread(driver, held.backup)
            held.close()
            self._held = None
