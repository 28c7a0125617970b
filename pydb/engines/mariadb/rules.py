"""MariaDB through PyMySQL: an engine's name in; the Rules for connections, transactions, errors and values out.

The connections of ``Database`` run in ANSI mode, so that shared SQL means the same as on other engines: ``||`` joins
text, a backslash is an ordinary character, ``"a"`` is an identifier.  Sources: https://mariadb.com/kb/en/sql-mode/,
https://mariadb.com/kb/en/mariadb-error-code-reference/.
"""

from __future__ import annotations

import math
import re
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import URL, Dialect

from pydb import errors
from pydb.engines import patience, read_connections
from pydb.engines.base import CursorCache, Failure, Rules, Settings
from pydb.engines.connections import pooled_connection
from pydb.engines.lost_connections import drop_lost_connections
from pydb.engines.mariadb import buffered_stream
from pydb.engines.mariadb.error_codes import REFUSALS, classify, is_lost
from pydb.engines.mariadb.product import refuse_others
from pydb.engines.mariadb.session_kill import end_sessions, watch_sessions
from pydb.engines.mariadb.session_modes import rolls_back_transaction
from pydb.engines.mariadb.values import ADAPTERS, CONVERTERS
from pydb.sqlfile.definition import Form
from pydb.sqlfile.lexer import Unterminated, tokenize
from pydb.sqlfile.tokens import OPERATOR, QUOTED, STRING
from pydb.support.blocks import guarded_block

if TYPE_CHECKING:
    from pydb.engines.script_bounds import Ask, Bounds

SQL_MODE = ",".join(
    (
        "STRICT_TRANS_TABLES",
        "ERROR_FOR_DIVISION_BY_ZERO",
        "NO_ENGINE_SUBSTITUTION",
        "ANSI_QUOTES",
        "NO_BACKSLASH_ESCAPES",
        "PIPES_AS_CONCAT",
    )
)


_TRACKED = ("pymysql", "asyncmy")
# https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/
_COMMITTING = frozenset({"ALTER", "ANALYZE", "CREATE", "DROP", "FLUSH", "GRANT", "OPTIMIZE", "RENAME", "REPAIR"})
_COMMITTING |= {"REVOKE", "TRUNCATE"}
# Statements that run other statements, each of which may return rows: https://mariadb.com/kb/en/call/
_RUNNING_OTHERS = frozenset({"CALL", "EXECUTE", "BEGIN"})
_TEMPORARY = re.compile(r"\b(?:CREATE(?:\s+OR\s+REPLACE)?|DROP)\s+TEMPORARY\s", re.I)
_NO_BACKSLASH_ESCAPES = 512
_SNAPSHOT_LEVELS = ("REPEATABLE READ", "SERIALIZABLE")
_IN_AUTOCOMMIT = 2  # SERVER_STATUS_AUTOCOMMIT
_IN_TRANSACTION = 1  # SERVER_STATUS_IN_TRANS: https://mariadb.com/kb/en/ok_packet/#server-status-flag
_IS_OLD_SESSION = text(
    "SELECT 1 FROM information_schema.processlist AS p "
    "INNER JOIN information_schema.global_status AS s ON s.variable_name = 'UPTIME' "
    "WHERE p.id = :session AND s.variable_value > :age"
)
_SSL_ERROR = 2026  # CR_SSL_CONNECTION_ERROR
# Tables of MyISAM and Aria keep what a failed statement has written: https://mariadb.com/kb/en/aria-storage-engine/.
_KEEPING_TABLE = (
    "SELECT 1 FROM information_schema.tables AS t "
    "INNER JOIN information_schema.engines AS e ON t.engine = e.engine "
    "WHERE t.table_schema = database() AND t.table_type = 'BASE TABLE' AND e.transactions <> 'YES' LIMIT 1"
)
_KEY_COLUMNS = (
    "SELECT column_name FROM information_schema.statistics "
    "WHERE table_schema = database() AND table_name = %s AND index_name = %s ORDER BY seq_in_index"
)


class Mariadb(Rules):
    """The rules of MariaDB 10.5 and newer."""

    adapters = ADAPTERS
    converters = CONVERTERS
    max_parameters = 65_535
    once_table = """\
CREATE TABLE pydb_once (
    `key` varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
    attempt char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    done_at datetime(6) NOT NULL,
    CONSTRAINT pydb_once_pkey PRIMARY KEY (`key`)
) ENGINE=InnoDB;"""
    names_may_contain_values = True
    # Measured with PyMySQL; docs/values.md says how the other types are stored.
    native_words = Rules.native_words | {"Decimal", "date", "datetime"}
    ddl_commits = True
    driver = "mariadb+pymysql"
    asynchronous_driver = "mariadb+asyncmy"
    altered_types = frozenset({7, 10, 12})  # TIMESTAMP, DATE, DATETIME

    def classify(self, orig: BaseException, sql: str | None) -> Failure:
        return classify(orig, sql)

    def add_constraint_details(self, failure: Failure, connection: Any, sql: str | None, parameters: Any) -> Failure:
        if failure.error is not errors.UniqueViolation or failure.constraint is None or failure.table is None:
            return failure
        # Errors in this lookup must not hide the violation itself.
        with suppress(Exception), connection.cursor() as cursor:
            cursor.execute(_KEY_COLUMNS, (failure.table, failure.constraint))
            return replace(failure, columns=tuple(column for (column,) in cursor.fetchall()))
        return failure

    def create_engine_options(self, url: URL, settings: Settings) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "charset": "utf8mb4",
            "connect_timeout": max(1, math.ceil(settings.connect_timeout)),
        }
        # PyMySQL's connect_timeout ends with the TCP handshake; read_timeout limits the wait for the server's greeting.
        arguments["read_timeout"] = patience.ConnectingTimeout(settings.connect_timeout)
        if url.get_driver_name() != "asyncmy":  # asyncmy has no write_timeout
            arguments["write_timeout"] = arguments["read_timeout"]
        return {"connect_args": arguments, "pool_pre_ping": True}

    def prepare(self, engine: Engine, settings: Settings) -> None:
        drop_lost_connections(engine, is_lost)
        assignments = [
            f"sql_mode = '{SQL_MODE}'",
            "time_zone = '+00:00'",
            # In whole seconds, rounded up: 0 means not to wait.
            f"innodb_lock_wait_timeout = {math.ceil(settings.lock_timeout)}",
            f"lock_wait_timeout = {math.ceil(settings.lock_timeout)}",
            "session_track_state_change = ON",
            # A JSON_ARRAYAGG that is longer is cut, with only a warning: https://mariadb.com/kb/en/json_arrayagg/.
            f"group_concat_max_len = {2**32 - 1}",
        ]
        if settings.statement_timeout is not None:
            assignments.append(f"max_statement_time = {max(settings.statement_timeout, 0.001):.6f}")

        def connect(dbapi_connection: Any, _record: Any) -> None:
            connection = getattr(dbapi_connection, "driver_connection", dbapi_connection)
            with dbapi_connection.cursor() as cursor:
                refuse_others(connection, cursor)
                cursor.execute("SET " + ", ".join(assignments))
                # The driver has run init_command before; run it again, because it overrides pydb's settings.
                if own := getattr(connection, "init_command", None) or getattr(connection, "_init_command", None):
                    cursor.execute(own)
            # Replace only pydb's timeouts for connecting; other timeouts are the caller's.
            for name in ("_read_timeout", "_write_timeout"):
                if isinstance(getattr(connection, name, None), patience.ConnectingTimeout):
                    setattr(connection, name, settings.answer_timeout)

        def begin(conn: Connection) -> None:
            for statement in conn.get_execution_options().get("pydb_begin", ()):
                conn.exec_driver_sql(statement)

        event.listen(engine, "connect", connect, insert=True)
        event.listen(engine, "begin", begin)
        if engine.dialect.driver in _TRACKED:
            from pydb.engines.mariadb.sessions import reset_sessions

            reset_sessions(engine, settings.connect_timeout)
        else:
            read_connections.attach_borrower(engine)

    @guarded_block
    def begin(self, engine: Engine, isolation: str | None, *, repeats: bool = False) -> Iterator[Connection]:
        keeps_snapshot = isolation in _SNAPSHOT_LEVELS if isolation is not None else repeats
        connect = read_connections.connect_to_keep_snapshot if keeps_snapshot else Engine.connect
        with pooled_connection(partial(connect, engine)) as conn:
            first = () if isolation is None else (f"SET TRANSACTION ISOLATION LEVEL {isolation}",)
            seconds = patience.shorter_lock_timeout(engine)
            if seconds is not None:
                # Rounded down; 0 means not to wait.  The session is changed, so it is closed after the block.
                whole = math.floor(seconds)
                first = (f"SET innodb_lock_wait_timeout = {whole}, lock_wait_timeout = {whole}", *first)
            if first:
                conn.execution_options(pydb_begin=first)
            yield conn

    @guarded_block
    def read(self, engine: Engine, isolation: str | None = None) -> Iterator[Connection]:
        snapshot = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"
        with pooled_connection(partial(read_connections.connect_to_read, engine)) as conn:
            wanted = "SERIALIZABLE" if isolation == "SERIALIZABLE" else "REPEATABLE READ"
            usual = engine.dialect.driver in _TRACKED and isolation != "SERIALIZABLE"
            level = () if usual else (f"SET TRANSACTION ISOLATION LEVEL {wanted}",)
            conn.execution_options(pydb_begin=(*level, snapshot))
            yield conn

    def session_ender(self, engine: Engine) -> Callable[[Callable[[], AbstractContextManager[Connection]]], None]:
        # Unlike psycopg, PyMySQL does not cancel the running statement at an interrupt: it only closes its socket.
        opened = watch_sessions(engine)

        def end(connect: Callable[[], AbstractContextManager[Connection]]) -> None:
            if opened:
                with connect() as conn:
                    end_sessions(conn, opened)

        return end

    def rows(self, cursor: Any) -> Iterable[Sequence[Any]]:
        # PyMySQL has already read all rows.
        return cursor.fetchall()  # type: ignore[no-any-return]

    def cursor_cache(self, dialect: Dialect) -> Callable[[Connection, Any], CursorCache] | None:
        if dialect.driver != "asyncmy":
            return None
        from pydb.engines.async_cursor import AVAILABLE
        from pydb.engines.mariadb.asyncmy_cursor import AsyncmyCursor

        return AsyncmyCursor if AVAILABLE else None

    def begin_stream(self, cursor: Any) -> None:
        buffered_stream.buffer_on_interrupt(cursor)

    def commits_by_itself(self, form: Form) -> bool:
        return commits_implicitly(form.verb, form.sql)

    def altered(self, value: Any) -> str | None:
        # PyMySQL returns a value that is not a valid Python date as text.
        return "a date that is zero or contains a zero" if type(value) is str else None

    def may_give_results(self, form: Form) -> bool:
        return form.verb in _RUNNING_OTHERS

    def gives_more(self, cursor: Any) -> bool:
        # SQLAlchemy's adapter of an asynchronous driver does not return the result of nextset().
        driver = getattr(cursor, "_cursor", cursor)
        has_flag = hasattr(getattr(driver, "_result", None), "has_next")
        # The last answer to a CALL has no columns.
        while driver._result.has_next if has_flag else cursor.nextset():
            if has_flag:
                cursor.nextset()
            if driver.description:
                return True
        return False

    def in_transaction(self, conn: Connection) -> bool:
        return bool(getattr(conn.connection.driver_connection, "server_status", 0) & _IN_TRANSACTION)

    def can_set_savepoint(self, conn: Connection) -> bool:
        status = getattr(conn.connection.driver_connection, "server_status", _IN_AUTOCOMMIT)
        return not status & _IN_AUTOCOMMIT and not self.transaction_failed(conn)

    def undoes_all(self, conn: Connection) -> bool:
        with suppress(Exception), closing(conn.connection.cursor()) as cursor:
            cursor.execute(_KEEPING_TABLE)
            return cursor.fetchone() is None
        return False

    def mode_conflict(self, conn: Connection, form: Form) -> str | None:
        wanted = _modes_for(form.sql)
        driver = conn.connection.driver_connection
        # Every answer contains this flag; Database sets all modes together, so the flag is enough to check all of them.
        if not wanted or getattr(driver, "server_status", 0) & _NO_BACKSLASH_ESCAPES:
            return None
        cursor = conn.connection.cursor()
        try:
            cursor.execute("SELECT @@sql_mode")
            (modes,) = cursor.fetchone() or ("",)
        finally:
            cursor.close()
        return next((meaning for mode, meaning in wanted.items() if mode not in modes.split(",")), None)

    def session_of(self, conn: Connection) -> Any:
        return conn.connection.driver_connection.thread_id()  # type: ignore[union-attr]

    def end_session(self, conn: Connection, session: Any, age: float) -> None:
        # A restarted server numbers its sessions from the beginning.
        if conn.execute(_IS_OLD_SESSION, {"session": session, "age": age}).one_or_none() is not None:
            conn.exec_driver_sql(f"KILL CONNECTION {int(session)}")

    def script_bounds(self, ask: Ask) -> Bounds:
        from pydb.engines.mariadb.script_bounds import MariadbBounds

        return MariadbBounds(ask)

    def rolls_back_transaction(self, conn: Connection, orig: BaseException) -> bool:
        return rolls_back_transaction(orig)

    def transaction_failed(self, conn: Connection) -> bool:
        return bool(getattr(conn.connection.driver_connection, "rolled_back", False))

    def is_refusal(self, orig: BaseException) -> bool:
        return bool(orig.args) and orig.args[0] in REFUSALS

    def cannot_connect(self, orig: BaseException) -> bool:
        cause = getattr(orig, "original_exception", None)
        return isinstance(cause, (socket.gaierror, ssl.SSLError)) or (bool(orig.args) and orig.args[0] == _SSL_ERROR)


def commits_implicitly(verb: str, sql: str) -> bool:
    """Whether a statement implicitly commits the open transaction."""
    return verb in _COMMITTING and _TEMPORARY.search(sql) is None


def _modes_for(sql: str) -> dict[str, str]:
    """The ANSI modes on which this SQL relies, each with what the SQL means without the mode."""
    wanted = {}
    with suppress(Unterminated):
        for token in tokenize(sql, "mariadb"):
            if token.kind == OPERATOR and "||" in token.text:
                wanted["PIPES_AS_CONCAT"] = "|| is OR on this connection"
            elif token.kind == QUOTED and token.text.startswith('"'):
                wanted["ANSI_QUOTES"] = "a name in double quotes is a string on this connection"
            elif token.kind == STRING and "\\" in token.text:
                wanted["NO_BACKSLASH_ESCAPES"] = "a backslash in a string is an escape on this connection"
    return wanted
