"""SQLite, the embedded engine: what its connections, transactions, errors and values need to be safe.

Sources: https://sqlite.org/lang_transaction.html, https://sqlite.org/rescode.html,
https://sqlite.org/datatype3.html, https://sqlite.org/wal.html.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, Dialect

from pydb.engines import patience, read_connections
from pydb.engines.base import CursorCache, Failure, Rules, Settings
from pydb.engines.sqlite import constraint_names
from pydb.engines.sqlite.database_file import is_read_only, locked_file
from pydb.engines.sqlite.driver_thread import connect_asynchronously, in_transaction, on_its_thread
from pydb.engines.sqlite.error_codes import classify, unreadable
from pydb.engines.sqlite.fork_safety import keep_safe, refuse_forked
from pydb.engines.sqlite.sessions import WATCH, lost_interrupt, note_change, reset_sessions, undone_connection
from pydb.engines.sqlite.statement_watch import StatementWatch
from pydb.engines.sqlite.values import ADAPTERS, CONVERTERS, JSON_VALUES
from pydb.engines.sqlite.write_queue import WriteQueue
from pydb.sqlfile.lexer import first_code
from pydb.support.blocks import guarded_block
from pydb.values.converters import Converter
from pydb.values.unfit import Unreadable

if TYPE_CHECKING:
    from pydb.engines.script_bounds import Ask, Bounds

_DQS_DML, _DQS_DDL = 1013, 1014  # https://sqlite.org/c3ref/c_dbconfig_defensive.html


class Sqlite(Rules):
    """SQLite 3.35 or newer through the standard library's sqlite3."""

    adapters = ADAPTERS
    converters = CONVERTERS
    json_values = JSON_VALUES
    # SQLITE_MAX_VARIABLE_NUMBER's default since 3.32.
    max_parameters = 32_766
    once_table = """\
CREATE TABLE pydb_once (
    "key" text NOT NULL,
    attempt text NOT NULL,
    done_at text NOT NULL,
    CONSTRAINT pydb_once_pkey PRIMARY KEY ("key")
);"""
    driver_counts_rows = False
    driver_checks_integers = True
    # A sum that overflows is a real number, and a column of real numbers beside 0 in a CASE has integers too.
    native_words = frozenset({"str", "bytes"})
    names_files = True
    savepoint_first = True  # ON CONFLICT FAIL leaves rows behind: https://sqlite.org/lang_conflict.html
    driver = "sqlite"
    asynchronous_driver = "sqlite+aiosqlite"

    def classify(self, orig: BaseException, sql: str | None) -> Failure:
        return classify(orig, sql)

    def json_converter(self, loads: Converter) -> Converter:
        # A column declared as json has numeric affinity: a document that is a number is stored as one.
        return lambda value: loads(repr(value) if type(value) in (int, float) else value)

    def unreadable(self, orig: BaseException, answer: Any) -> Unreadable | None:
        return unreadable(orig)

    def add_constraint_details(self, failure: Failure, connection: Any, sql: str | None, parameters: Any) -> Failure:
        return constraint_names.with_constraint_details(failure, connection, sql, parameters)

    def create_engine_options(self, url: URL, settings: Settings) -> dict[str, Any]:
        options: dict[str, Any] = {"connect_args": {"timeout": settings.lock_timeout}}
        if locked_file(url) is None:
            # A database in memory lives in its one connection, which threads then hand to each other.
            options["connect_args"]["check_same_thread"] = False
            options.update(pool_size=1, max_overflow=0)
        return options

    def prepare(self, engine: Engine, settings: Settings) -> None:
        file = locked_file(engine.url)
        # A file opened to be read only has no writers, and nothing is made beside it.
        queue = WriteQueue(None if is_read_only(engine.url) else file, settings.lock_timeout)
        event.listen(engine, "connect", _ConnectionSetup(settings, queue).connect)
        event.listen(engine, "begin", _begin)
        # skip_autocommit_rollback asks it, and the driver is in autocommit mode always: pydb sends BEGIN itself.
        engine.dialect.detect_autocommit_setting = _is_in_autocommit  # type: ignore[assignment, method-assign]
        if engine.dialect.is_async:
            dialect: Any = engine.dialect
            dialect.connect = partial(dialect.connect, async_creator_fn=connect_asynchronously)
        reset_sessions(engine, in_memory=file is None)
        if file is not None:
            keep_safe(engine, file)
        engine.update_execution_options(pydb_write_queue=queue)

    def file_of(self, url: URL) -> str | None:
        path = url.database
        return path if path and path != ":memory:" and not path.startswith("file:") else None

    @guarded_block
    def begin(self, engine: Engine, isolation: str | None, *, repeats: bool = False) -> Iterator[Connection]:
        # Every level is served by SQLite's one, SERIALIZABLE, which is at least as strict.
        queue: WriteQueue = engine.get_execution_options()["pydb_write_queue"]
        refuse_forked(engine)
        if not queue.wal_settled:
            engine.connect().close()  # the switch to WAL takes the turn for itself
        # The turn comes first: a waiting writer must not take a connection from readers.
        with queue.turn(), undone_connection(engine.connect) as conn:
            seconds = patience.shorter_lock_timeout(engine)
            if seconds is not None and locked_file(engine.url) is not None:
                # The connection is closed behind the block, because it was changed.
                pragma = f"PRAGMA busy_timeout = {int(seconds * 1000)}"
                on_its_thread(conn.connection.dbapi_connection, lambda connection: connection.execute(pragma).close())
            conn.execution_options(pydb_begin="BEGIN IMMEDIATE")
            yield conn

    def read(self, engine: Engine, isolation: str | None = None) -> AbstractContextManager[Connection]:
        return undone_connection(partial(read_connections.connect_to_read, engine))

    def cursor_cache(self, dialect: Dialect) -> Callable[[Connection, Any], CursorCache] | None:
        if dialect.driver != "aiosqlite":
            return None
        from pydb.engines.async_cursor import AVAILABLE
        from pydb.engines.sqlite.aiosqlite_cursor import AiosqliteCursor

        return AiosqliteCursor if AVAILABLE else None

    def raised_meanwhile(self, conn: Connection, orig: BaseException) -> BaseException | None:
        return lost_interrupt(conn, orig)

    def script_bounds(self, ask: Ask) -> Bounds:
        from pydb.engines.sqlite.script_bounds import SqliteBounds

        return SqliteBounds()

    @contextmanager
    def confined(self, dbapi_connection: Any) -> Iterator[None]:
        from pydb.engines.sqlite.script_bounds import authorize

        on_its_thread(dbapi_connection, lambda connection: connection.set_authorizer(authorize))
        try:
            yield
        finally:
            on_its_thread(dbapi_connection, lambda connection: connection.set_authorizer(None))

    def after_fork_in_child(self, engine: Engine) -> None:
        # A database in memory has been copied with the process.
        if locked_file(engine.url) is not None:
            super().after_fork_in_child(engine)

    def keep_apart(self, conn: Connection) -> None:
        # Not detached: the connection to a database in memory is all there is of it.
        note_change(conn)

    def rolls_back_transaction(self, conn: Connection, orig: BaseException) -> bool:
        # A full disk does it, and ON CONFLICT ROLLBACK: https://sqlite.org/lang_transaction.html#response_to_errors
        return not in_transaction(conn.connection.dbapi_connection)

    def transaction_failed(self, conn: Connection) -> bool:
        return not in_transaction(conn.connection.dbapi_connection)

    def can_set_savepoint(self, conn: Connection) -> bool:
        # Outside of a transaction RELEASE would commit.
        return in_transaction(conn.connection.dbapi_connection)

    def counts_many(self, sql: str) -> bool:
        first = first_code(sql, self.name)
        return first is None or first.text.upper() != "WITH"

    def rows_changed(self, conn: Connection, rowcount: int) -> int:
        # sqlite3 counts only statements that begin with their verb, not WITH … UPDATE.
        if rowcount >= 0:
            return rowcount
        cursor: Any = conn.connection.cursor()
        try:
            cursor.execute("SELECT changes()")
            return int(cursor.fetchone()[0])
        finally:
            cursor.close()


class _ConnectionSetup:
    """What each new connection of an engine needs."""

    def __init__(self, settings: Settings, queue: WriteQueue) -> None:
        self._statement_timeout = settings.statement_timeout
        self._queue = queue

    def connect(self, dbapi_connection: Any, record: Any) -> None:
        """The engine's listener to new connections."""
        watch = record.info[WATCH] = StatementWatch(self._statement_timeout)
        on_its_thread(dbapi_connection, partial(_set_up, watch))
        self._queue.switch_to_wal(dbapi_connection)


def _set_up(watch: StatementWatch, connection: sqlite3.Connection) -> None:
    # BEGIN is pydb's: the driver's own comes too late to cover a read, and not at all before SAVEPOINT.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    set_option = getattr(connection, "setconfig", None)
    if set_option is not None:  # Python 3.12: "nosuch" is an error, not a string
        for option in (_DQS_DML, _DQS_DDL):
            set_option(option, False)
    watch.install(connection)


def _is_in_autocommit(dbapi_connection: Any) -> bool:
    return not in_transaction(dbapi_connection)


def _begin(conn: Connection) -> None:
    options = conn.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        conn.exec_driver_sql(options.get("pydb_begin", "BEGIN"))
