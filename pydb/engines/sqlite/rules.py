"""SQLite through sqlite3: an engine's name in; the Rules for connections, transactions, errors and values out.

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
    """The rules of SQLite 3.35 and newer, through the standard library's sqlite3."""

    adapters = ADAPTERS
    converters = CONVERTERS
    json_values = JSON_VALUES
    # The default of SQLITE_MAX_VARIABLE_NUMBER since SQLite 3.32.
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
    # Not int and float: a sum that overflows is a real number, and a CASE of real numbers and 0 also returns integers.
    native_words = frozenset({"str", "bytes"})
    names_files = True
    savepoint_first = True  # A failed statement with ON CONFLICT FAIL keeps rows: https://sqlite.org/lang_conflict.html
    driver = "sqlite"
    asynchronous_driver = "sqlite+aiosqlite"

    def classify(self, orig: BaseException, sql: str | None) -> Failure:
        return classify(orig, sql)

    def json_converter(self, loads: Converter) -> Converter:
        # A column declared as json has numeric affinity: a document that is a number is stored as a number.
        return lambda value: loads(repr(value) if type(value) in (int, float) else value)

    def unreadable(self, orig: BaseException, answer: Any) -> Unreadable | None:
        return unreadable(orig)

    def add_constraint_details(self, failure: Failure, connection: Any, sql: str | None, parameters: Any) -> Failure:
        return constraint_names.with_constraint_details(failure, connection, sql, parameters)

    def create_engine_options(self, url: URL, settings: Settings) -> dict[str, Any]:
        options: dict[str, Any] = {"connect_args": {"timeout": settings.lock_timeout}}
        if locked_file(url) is None:
            # A database in memory exists only in its one connection, which several threads may use one after another.
            options["connect_args"]["check_same_thread"] = False
            options.update(pool_size=1, max_overflow=0)
        return options

    def prepare(self, engine: Engine, settings: Settings) -> None:
        file = locked_file(engine.url)
        # No write queue for a read-only file: it has no writers, and no lock files must be created beside it.
        queue = WriteQueue(None if is_read_only(engine.url) else file, settings.lock_timeout)
        event.listen(engine, "connect", _ConnectionSetup(settings, queue).connect)
        event.listen(engine, "begin", _begin)
        # For SQLAlchemy's skip_autocommit_rollback: the driver is always in autocommit mode, because pydb itself sends
        # BEGIN.
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
        # SQLite has only SERIALIZABLE, which is at least as strict as every other level.
        queue: WriteQueue = engine.get_execution_options()["pydb_write_queue"]
        refuse_forked(engine)
        if not queue.wal_settled:
            engine.connect().close()  # the switch to WAL also needs the writer's turn, so it must come first
        # The turn comes first: a waiting writer must not take a connection from readers.
        with queue.turn(), undone_connection(engine.connect) as conn:
            seconds = patience.shorter_lock_timeout(engine)
            if seconds is not None and locked_file(engine.url) is not None:
                # The connection is closed after the block, because it was changed.
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
        # The fork has copied a database in memory, so the child can use its copy.
        if locked_file(engine.url) is not None:
            super().after_fork_in_child(engine)

    def keep_apart(self, conn: Connection) -> None:
        # Not detached: a database in memory exists only in its connection.
        note_change(conn)

    def rolls_back_transaction(self, conn: Connection, orig: BaseException) -> bool:
        # After a full disk, or ON CONFLICT ROLLBACK: https://sqlite.org/lang_transaction.html#response_to_errors
        return not in_transaction(conn.connection.dbapi_connection)

    def transaction_failed(self, conn: Connection) -> bool:
        return not in_transaction(conn.connection.dbapi_connection)

    def can_set_savepoint(self, conn: Connection) -> bool:
        # Outside a transaction, RELEASE would commit.
        return in_transaction(conn.connection.dbapi_connection)

    def counts_many(self, sql: str) -> bool:
        first = first_code(sql, self.name)
        return first is None or first.text.upper() != "WITH"

    def rows_changed(self, conn: Connection, rowcount: int) -> int:
        # sqlite3 counts changed rows only for statements that begin with their verb, not for WITH … UPDATE.
        if rowcount >= 0:
            return rowcount
        cursor: Any = conn.connection.cursor()
        try:
            cursor.execute("SELECT changes()")
            return int(cursor.fetchone()[0])
        finally:
            cursor.close()


class _ConnectionSetup:
    """Sets up each new connection of an engine."""

    def __init__(self, settings: Settings, queue: WriteQueue) -> None:
        self._statement_timeout = settings.statement_timeout
        self._queue = queue

    def connect(self, dbapi_connection: Any, record: Any) -> None:
        """The engine's listener to new connections."""
        watch = record.info[WATCH] = StatementWatch(self._statement_timeout)
        on_its_thread(dbapi_connection, partial(_set_up, watch))
        self._queue.switch_to_wal(dbapi_connection)


def _set_up(watch: StatementWatch, connection: sqlite3.Connection) -> None:
    # pydb sends BEGIN: the driver would send it too late to include a read, and not before SAVEPOINT.
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
