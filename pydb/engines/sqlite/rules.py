"""SQLite, the embedded engine: what its connections, transactions, errors and values need to be safe.

Facts behind it: https://sqlite.org/lang_transaction.html, https://sqlite.org/rescode.html,
https://sqlite.org/datatype3.html, https://sqlite.org/wal.html.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time as clock
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import QueuePool

from pydb import errors
from pydb.engines import read_connections
from pydb.engines.base import NO_TABLE, Failure, Rules, Settings, class_of, words_stand_in
from pydb.engines.sqlite import constraint_names
from pydb.engines.sqlite.fork_safety import keep_safe, refuse_forked
from pydb.engines.sqlite.sessions import note_change, reset_sessions
from pydb.engines.sqlite.write_queue import WriteQueue
from pydb.sqlfile.lexer import first_code
from pydb.sqlfile.type_words import Instant, Json
from pydb.values import adapters, converters
from pydb.values.adapters import Adapter, Unfit
from pydb.values.converters import Converter

if TYPE_CHECKING:
    from pydb.engines.script_bounds import Ask, Bounds

# Values.  SQLite has five storage classes; docs/values.md says which Python type is stored as which.

_MICROSECOND = timedelta(microseconds=1)


def _decimal_in(value: Decimal) -> float | int:
    """A REAL, which holds any decimal of up to 15 significant digits (IEEE 754 binary64)."""
    if not value.is_finite():
        raise Unfit("a Decimal NaN or infinity")
    real = float(value)
    if converters.decimal_of_number(real) != value:
        raise Unfit("a Decimal of more than 15 significant digits, or beyond a 64-bit float: SQLite would round it")
    # A numeric column makes an integer of a great whole REAL, and that integer has other last digits.
    return int(value) if abs(real) >= 2**53 and adapters.MIN_INTEGER <= value <= adapters.MAX_INTEGER else real


def _datetime_in(value: datetime) -> str:
    return adapters.in_utc(value).isoformat(" ", "microseconds")


def _datetime_out(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is not None:
        raise ValueError("an instant, where the record has a naive datetime: annotate it AwareDatetime")
    return moment


def _instant_out(value: str) -> datetime:
    # SQLite's own CURRENT_TIMESTAMP is UTC and says so nowhere.
    moment = datetime.fromisoformat(value)
    zone = moment.tzinfo
    return moment if zone is UTC else moment.replace(tzinfo=UTC) if zone is None else moment.astimezone(UTC)


def _time_in(value: time) -> str:
    return adapters.naive_time(value).isoformat("microseconds")


def _timedelta_in(value: timedelta) -> int:
    try:
        return adapters.integer(value // _MICROSECOND)
    except Unfit:
        raise Unfit("a timedelta of more than 64 bits of microseconds") from None


def _time_out(value: str) -> time:
    return adapters.naive_time(time.fromisoformat(value))


def _timedelta_out(value: int) -> timedelta:
    if type(value) is not int:
        raise TypeError("not a number of microseconds")
    return timedelta(microseconds=value)


# Classification.  The codes are https://sqlite.org/rescode.html's; a message of another form may hold a value.

_BUSY_SNAPSHOT = 517
_DQS_DML, _DQS_DDL = 1013, 1014  # https://sqlite.org/c3ref/c_dbconfig_defensive.html
_CONSTRAINT = re.compile(r"(UNIQUE|NOT NULL|CHECK|FOREIGN KEY) constraint failed(?:: (.*))?", re.S)
_NAMES_SQL = re.compile(
    r"(?:no such (?:table|column|function|index|view|trigger|collation sequence|module|savepoint): (\S+)"
    r"|near \"(.+)\": syntax error|ambiguous column name: (\S+)|table (\S+) has no column named (\S+)"
    r"|table (\S+) already exists|index (\S+) already exists|wrong number of arguments to function (\S+)\(\)"
    r"|misuse of aggregate:? (\S+?)\(\)|incomplete input|\d+ values for \d+ columns|too many SQL variables"
    r"|table \S+ has \d+ columns but \d+ values were supplied"
    r"|ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint"
    r"|cannot (?:commit|rollback) - no transaction is active|integer overflow|malformed JSON"
    r"|cannot start a transaction within a transaction)"
)
_STATIC = {
    sqlite3.SQLITE_AUTH: "not authorized",
    sqlite3.SQLITE_CANTOPEN: "unable to open the database file",
    sqlite3.SQLITE_CORRUPT: "the database file is malformed",
    sqlite3.SQLITE_FULL: "the database or disk is full",
    sqlite3.SQLITE_IOERR: "disk I/O error",
    sqlite3.SQLITE_MISMATCH: "datatype mismatch",
    sqlite3.SQLITE_NOMEM: "out of memory",
    sqlite3.SQLITE_NOTADB: "the file is not a database",
    sqlite3.SQLITE_PERM: "access permission denied",
    sqlite3.SQLITE_READONLY: "attempt to write in a read-only transaction or database",
    sqlite3.SQLITE_TOOBIG: "string or blob too big",
}
_HINTS = {
    sqlite3.SQLITE_READONLY: "write in a Database.begin() block",
    sqlite3.SQLITE_AUTH: "read() refuses what outlasts it: PRAGMA, ATTACH and DETACH belong in begin() or connect()",
    sqlite3.SQLITE_CANTOPEN: "does its folder exist, and may this user write there?",
}


def _classify_constraint(orig: sqlite3.Error, code: int) -> Failure:
    found = _CONSTRAINT.fullmatch(str(orig))
    if found is None:
        datatype = re.fullmatch(r"cannot store (\w+) value in (\w+) column (\w+)\.(\w+)", str(orig))
        if datatype:
            value, wanted, table, column = datatype.groups()
            message = f"a {value} value in {wanted} column {table}.{column}"
            return Failure(errors.ConstraintViolation, message, table=table, columns=(column,))
        return Failure(errors.ConstraintViolation, f"a trigger or constraint refused the row (code {code})")
    kind, rest = found.group(1), found.group(2) or ""
    if kind == "FOREIGN KEY":
        return Failure(errors.ForeignKeyViolation, "FOREIGN KEY constraint failed")
    if kind == "CHECK":
        return Failure(errors.CheckViolation, f"CHECK constraint failed: {rest}", constraint=rest)
    if rest.startswith("index "):
        name = rest.removeprefix("index ").strip("'")
        return Failure(errors.UniqueViolation, f"UNIQUE constraint failed: {name}", constraint=name)
    table, columns = rest.split(".")[0], tuple(part.split(".", 1)[1] for part in rest.split(", ") if "." in part)
    error = errors.UniqueViolation if kind == "UNIQUE" else errors.NotNullViolation
    return Failure(error, f"{kind} constraint failed: {rest}", table=table, columns=columns)


class Sqlite(Rules):
    """SQLite 3.35 or newer through the standard library's sqlite3."""

    adapters: ClassVar[dict[type, Adapter]] = {
        type(None): adapters.unchanged,
        bool: int,
        int: adapters.integer,
        float: adapters.number,
        str: adapters.text,
        bytes: adapters.binary,
        bytearray: adapters.binary,
        memoryview: adapters.binary,
        Decimal: _decimal_in,
        datetime: _datetime_in,
        date: date.isoformat,
        time: _time_in,
        timedelta: _timedelta_in,
        UUID: str,
        dict: adapters.json_text,
        list: adapters.json_text,
    }
    converters: ClassVar[dict[Any, Converter | None]] = {
        int: None,
        str: None,
        bytes: None,
        float: None,
        bool: converters.BOOLEANS.__getitem__,
        bytearray: converters.byte_array,
        memoryview: memoryview,
        Decimal: converters.decimal_of_number,
        datetime: _datetime_out,
        Instant: _instant_out,
        date: date.fromisoformat,
        time: _time_out,
        timedelta: _timedelta_out,
        UUID: converters.uuid_of_text,
        Json: converters.json_of_text,
    }
    # SQLITE_MAX_VARIABLE_NUMBER's default since 3.32.
    max_parameters = 32_766
    driver_counts_rows = False
    driver_checks_integers = True

    def classify(self, orig: BaseException, sql: str | None) -> Failure:
        code = getattr(orig, "sqlite_errorcode", None)
        if code is None:
            return self._classify_driver(orig)
        primary = code & 0xFF
        if primary == sqlite3.SQLITE_CONSTRAINT and isinstance(orig, sqlite3.Error):
            return _classify_constraint(orig, code)
        if code == _BUSY_SNAPSHOT:
            message = "another transaction wrote since this one began to read"
            return Failure(errors.SerializationFailure, message, hint="write in Database.begin()")
        if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return Failure(errors.Busy, "the database is locked", hint="Database.run() repeats the transaction")
        if primary == sqlite3.SQLITE_INTERRUPT:
            return Failure(errors.StatementTimeout, "the statement was interrupted")
        message = _STATIC.get(primary, "")
        if primary == sqlite3.SQLITE_ERROR:
            found = _NAMES_SQL.fullmatch(str(orig))
            words = tuple(word for word in found.groups() if word) if found else ()
            message = str(orig) if found and words_stand_in(words, sql) else ""
        name = getattr(orig, "sqlite_errorname", "an error")
        hint = _HINTS.get(primary) if message else "SQLite's own words, which may hold values, are in .orig"
        if message.startswith("no such table"):
            hint = NO_TABLE
        return Failure(class_of(orig), message or f"SQLite answered {name}", hint=hint)

    def add_constraint_details(self, failure: Failure, connection: Any, sql: str | None, parameters: Any) -> Failure:
        return constraint_names.with_constraint_details(failure, connection, sql, parameters)

    def _classify_driver(self, orig: BaseException) -> Failure:
        if "closed database" in str(orig):
            return Failure(errors.Disconnected, "the connection is closed")
        hint = "the driver's own words, which may hold values, are in .orig"
        return Failure(class_of(orig), f"sqlite3 raised {type(orig).__name__}", hint=hint)

    def create_engine_options(self, url: URL, settings: Settings) -> dict[str, Any]:
        options: dict[str, Any] = {"connect_args": {"timeout": settings.lock_timeout}}
        if _file_of(url) is None:
            # A database in memory lives in its one connection, which threads then hand to each other.
            options["connect_args"]["check_same_thread"] = False
            options.update(poolclass=QueuePool, pool_size=1, max_overflow=0)
        return options

    def prepare(self, engine: Engine, settings: Settings) -> None:
        # A file opened to be read only has no writers, and nothing is made beside it.
        file = _file_of(engine.url)
        turns = WriteQueue(None if _is_read_only(engine.url) else file, settings.lock_timeout)

        def connect(dbapi_connection: Any, _record: Any) -> None:
            # BEGIN is ours: the driver's own comes too late to cover a read, and not at all before SAVEPOINT.
            dbapi_connection.isolation_level = None
            dbapi_connection.execute("PRAGMA foreign_keys = ON")
            if hasattr(dbapi_connection, "setconfig"):  # Python 3.12: "nosuch" is an error, not a string
                for option in (_DQS_DML, _DQS_DDL):
                    dbapi_connection.setconfig(option, False)
            if settings.statement_timeout is not None:
                _stop_after(dbapi_connection, settings.statement_timeout)
            turns.switch_to_wal(dbapi_connection)

        def begin(conn: Connection) -> None:
            options = conn.get_execution_options()
            if options.get("isolation_level") != "AUTOCOMMIT":
                conn.exec_driver_sql(options.get("pydb_begin", "BEGIN"))

        event.listen(engine, "connect", connect)
        event.listen(engine, "begin", begin)
        reset_sessions(engine, in_memory=file is None)
        if file is not None:
            keep_safe(engine, file)
        engine.update_execution_options(pydb_turns=turns)

    @contextmanager
    def begin(self, engine: Engine, isolation: str | None) -> Iterator[Connection]:
        # Every level is served by SQLite's one, SERIALIZABLE, which is at least as strict.
        turns: WriteQueue = engine.get_execution_options()["pydb_turns"]
        refuse_forked(engine)
        if not turns.wal_settled:
            engine.connect().close()  # the switch to WAL takes the turn for itself
        # The turn comes first: who waits for it keeps no connection from those who read.
        with turns.turn(), engine.connect() as conn:
            conn.execution_options(pydb_begin="BEGIN IMMEDIATE")
            yield conn

    @contextmanager
    def read(self, engine: Engine) -> Iterator[Connection]:
        with read_connections.connect_to_read(engine) as conn:
            yield conn

    def script_bounds(self, ask: Ask) -> Bounds:
        from pydb.engines.sqlite.script_bounds import SqliteBounds

        return SqliteBounds()

    @contextmanager
    def confined(self, dbapi_connection: Any) -> Iterator[None]:
        from pydb.engines.sqlite.script_bounds import authorize

        dbapi_connection.set_authorizer(authorize)
        try:
            yield
        finally:
            dbapi_connection.set_authorizer(None)

    def after_fork_in_child(self, engine: Engine) -> None:
        # A database in memory has been copied with the process.
        if _file_of(engine.url) is not None:
            super().after_fork_in_child(engine)

    def keep_apart(self, conn: Connection) -> None:
        # Not detached: the connection to a database in memory is all there is of it.
        note_change(conn)

    def rolls_back_transaction(self, conn: Connection, orig: BaseException) -> bool:
        # A full disk does it, and ON CONFLICT ROLLBACK: https://sqlite.org/lang_transaction.html#response_to_errors
        return not conn.connection.dbapi_connection.in_transaction  # type: ignore[union-attr]

    def counts_many(self, sql: str) -> bool:
        first = first_code(sql, self.name)
        return first is None or first.text.upper() != "WITH"

    def rows_changed(self, conn: Connection, rowcount: int) -> int:
        # sqlite3 counts only statements that begin with their verb, not WITH … UPDATE.
        if rowcount >= 0:
            return rowcount
        cursor = conn.connection.cursor()
        try:
            return int(cursor.execute("SELECT changes()").fetchone()[0])
        finally:
            cursor.close()


def _stop_after(dbapi_connection: sqlite3.Connection, seconds: float) -> None:
    """Interrupt each statement that runs longer than this."""
    deadline = clock.monotonic() + seconds

    def start(sql: str) -> None:
        nonlocal deadline
        if not sql.startswith("--"):  # a trigger's statement is part of the one that fired it
            deadline = clock.monotonic() + seconds

    dbapi_connection.set_trace_callback(start)
    dbapi_connection.set_progress_handler(lambda: clock.monotonic() > deadline, 1_000)


def _is_read_only(url: URL) -> bool:
    """Whether the URL itself forbids to write: https://sqlite.org/uri.html."""
    return url.query.get("mode") == "ro" or url.query.get("immutable") == "1"


def _file_of(url: URL) -> str | None:
    """The path of the database file, or None for one in memory."""
    name = (url.database or ":memory:").removeprefix("file:")
    if name in (":memory:", "") or url.query.get("mode") == "memory":
        return None
    return os.path.realpath(name)
