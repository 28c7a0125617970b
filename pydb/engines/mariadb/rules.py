"""MariaDB through PyMySQL: connection settings, transactions, errors and values.

``Database``'s connections run in ANSI mode, so that shared SQL means the same as elsewhere: ``||`` joins, a backslash
is a backslash, ``"a"`` is an identifier.  Facts behind it: https://mariadb.com/kb/en/sql-mode/,
https://mariadb.com/kb/en/mariadb-error-code-reference/.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL

from pydb import errors
from pydb.engines import read_connections
from pydb.engines.base import NO_ENTRY, NO_SERVER, NO_TABLE, Failure, Rules, Settings, class_of, words_stand_in
from pydb.engines.mariadb import buffered_stream
from pydb.sqlfile.definition import Form
from pydb.sqlfile.lexer import OPERATOR, QUOTED, STRING, Unterminated, tokenize
from pydb.sqlfile.type_words import Instant, Json
from pydb.values import adapters, converters
from pydb.values.adapters import Adapter, Unfit
from pydb.values.converters import Converter

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

_LONGEST_TIME = timedelta(hours=838, minutes=59, seconds=59, microseconds=999_999)
_DAY = timedelta(days=1)


def _decimal_in(value: Decimal) -> Decimal:
    _, digits, exponent = adapters.finite_decimal(value).as_tuple()
    assert isinstance(exponent, int)
    if max(len(digits), len(digits) + exponent) > 65 or -exponent > 38:
        raise Unfit("a Decimal of more than 65 digits, or 38 after the point, which MariaDB cannot hold")
    return value


def _datetime_in(value: datetime) -> datetime:
    return adapters.in_utc(value).replace(tzinfo=None)


def _timedelta_in(value: timedelta) -> timedelta:
    if abs(value) > _LONGEST_TIME:
        raise Unfit("a timedelta beyond 838:59:59.999999, MariaDB's longest TIME")
    return value


def _instant_out(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC)


def _time_out(value: timedelta) -> time:
    if not timedelta(0) <= value < _DAY:
        raise ValueError("not a time of day")
    return (datetime.min + value).time()


_BY_NUMBER: dict[int, type[errors.DatabaseError]] = {
    1062: errors.UniqueViolation,
    1169: errors.UniqueViolation,
    1586: errors.UniqueViolation,
    1216: errors.ForeignKeyViolation,
    1217: errors.ForeignKeyViolation,
    1451: errors.ForeignKeyViolation,
    1452: errors.ForeignKeyViolation,
    1048: errors.NotNullViolation,
    1364: errors.NotNullViolation,
    4025: errors.CheckViolation,
    1213: errors.Deadlock,
    1205: errors.Busy,
    1020: errors.SerializationFailure,
    1969: errors.StatementTimeout,
    3024: errors.StatementTimeout,
    1317: errors.StatementTimeout,
    1053: errors.Disconnected,
    1927: errors.Disconnected,
    2002: errors.Disconnected,
    2003: errors.Disconnected,
    2006: errors.Disconnected,
    2013: errors.Disconnected,
    2055: errors.Disconnected,
    4031: errors.Disconnected,
}
# https://mariadb.com/kb/en/innodb-system-variables/#innodb_rollback_on_timeout: 1205 undoes its statement alone.
_ROLLED_BACK = (1213, 1020)
_RETRY = "Database.run() repeats the transaction"
_HINTS = {
    1213: _RETRY,
    1205: _RETRY,
    1020: _RETRY,
    1792: "write in a Database.begin() block",
    1146: NO_TABLE,
    1044: NO_ENTRY,
    1045: NO_ENTRY,
    1049: NO_ENTRY,
    2002: NO_SERVER,
    2003: NO_SERVER,
}
_FOREIGN_KEY = (
    r"a foreign key constraint fails \([`\"][^`\"]+[`\"]\.[`\"](?P<table>[^`\"]+)[`\"], "
    r"CONSTRAINT [`\"](?P<constraint>[^`\"]+)[`\"] FOREIGN KEY "
)
# What a message of these numbers says besides names is fixed; the groups are names, `\x60` is a backtick.
_PATTERNS: dict[int, str] = {
    1048: r"Column '(?P<columns>[^']+)' cannot be null",
    1364: r"Field '(?P<columns>[^']+)' doesn't have a default value",
    1142: r"[A-Z, ]+ command denied to user '[^']+'@'[^']+' for table `[^`]+`\.`(?P<table>[^`]+)`",
    1264: r"Out of range value for column '(?P<columns>[^']+)' at row \d+",
    1406: r"Data too long for column '(?P<columns>[^']+)' at row \d+",
    4025: r"CONSTRAINT `(?P<constraint>[^`]+)` failed for `[^`]+`\.`(?P<table>[^`]+)`",
    # The names are quoted as the session's sql_mode says.
    1451: rf"Cannot delete or update a parent row: {_FOREIGN_KEY}\([^)]+\) "
    r"REFERENCES [`\"][^`\"]+[`\"] \((?P<columns>[^)]+)\).*",
    1452: rf"Cannot add or update a child row: {_FOREIGN_KEY}\((?P<columns>[^)]+)\).*",
}
_UNIQUE = re.compile(r".* for key '(?:[^'.]+\.)?(?P<constraint>[^']+)'", re.S)
_NAMES = re.compile(
    r"Unknown column '([^']+)' in '[^']+'|Table '(?:[^'.]+\.)?([^']+)' doesn't exist|FUNCTION (\S+) does not exist"
    r"|Table '([^']+)' already exists|Column '([^']+)' in \S+ \S+ is ambiguous"
)
# What other messages say besides values, which they do hold.
_WORDS = {
    1064: "a syntax error",
    1052: "an ambiguous column",
    1265: "a value that its column would cut short",
    1292: "a value that is not of the wanted type",
    1305: "an unknown function",
    1365: "a division by zero",
    1366: "a value that is not of its column's type",
    1582: "a function with the wrong number of arguments",
    1644: "an error that a trigger or routine raised",
    1690: "a number out of range",
}
# Messages that hold no value at all.
_STATIC = (1205, 1213, 1020, 1792, 1969, 3024, 1317, 1053, 1927, 2006, 2013, 2055, 4031, 1242, 1040, 1203)
_CONNECTING = (1044, 1045, 1049, 1129, 1130, 2002, 2003)
# https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/
_COMMITTING = frozenset({"ALTER", "ANALYZE", "CREATE", "DROP", "FLUSH", "GRANT", "OPTIMIZE", "RENAME", "REPAIR"})
_COMMITTING |= {"REVOKE", "TRUNCATE"}
_TEMPORARY = re.compile(r"\b(?:CREATE(?:\s+OR\s+REPLACE)?|DROP)\s+TEMPORARY\s", re.I)
_NO_BACKSLASH_ESCAPES = 512
_IN_TRANSACTION = 1  # SERVER_STATUS_IN_TRANS: https://mariadb.com/kb/en/ok_packet/#server-status-flag
_KEY_COLUMNS = (
    "SELECT column_name FROM information_schema.statistics "
    "WHERE table_schema = database() AND table_name = %s AND index_name = %s ORDER BY seq_in_index"
)
_TARGET = re.compile(
    r"\b(?:INSERT(?:\s+IGNORE)?\s+INTO|REPLACE\s+INTO|UPDATE)\s+(?:[`\"]?\w+[`\"]?\.)?[`\"]?(\w+)", re.I
)


class Mariadb(Rules):
    """MariaDB 10.5 or newer."""

    adapters: ClassVar[dict[type, Adapter]] = {
        type(None): adapters.unchanged,
        bool: int,
        int: adapters.integer,
        float: adapters.finite,
        str: adapters.text,
        bytes: adapters.binary,
        bytearray: adapters.binary,
        memoryview: adapters.binary,
        Decimal: _decimal_in,
        datetime: _datetime_in,
        date: adapters.unchanged,
        time: adapters.naive_time,
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
        Decimal: None,
        datetime: None,
        Instant: _instant_out,
        date: None,
        time: _time_out,
        timedelta: None,
        UUID: converters.uuid_of_text,
        Json: converters.json_of_text,
    }
    max_parameters = 65_535
    names_hold_values = True

    def classify(self, orig: BaseException, sql: str | None) -> Failure:
        number = orig.args[0] if orig.args and isinstance(orig.args[0], int) else 0
        text = str(orig.args[1]) if len(orig.args) > 1 else ""
        kind = _BY_NUMBER.get(number)
        if number == 0 and sql is not None and kind is None and class_of(orig) is errors.InterfaceError:
            kind = errors.Disconnected  # PyMySQL's InterfaceError(0, "") is a socket that is closed already
        found = re.fullmatch(_PATTERNS[number], text, re.S) if number in _PATTERNS else None
        if number in (1062, 1586) and (unique := _UNIQUE.fullmatch(text)):
            found, text = unique, f"duplicate entry for key {unique['constraint']}"
        names = found.groupdict() if found else {}
        shown = found or number in _STATIC or (number in _CONNECTING and sql is None) or _names_only(text, sql)
        columns = tuple(column.strip(' `"') for column in (names.get("columns") or "").split(",") if column)
        return Failure(
            kind or class_of(orig),
            text if shown else f"MariaDB refused {_WORDS.get(number, 'the statement')} (error {number})",
            constraint=names.get("constraint"),
            table=names.get("table") or _target(sql),
            columns=columns,
            hint=_HINTS.get(number) if shown else "MariaDB's own words, which may hold values, are in .orig",
        )

    def add_constraint_details(self, failure: Failure, connection: Any, sql: str | None, parameters: Any) -> Failure:
        if failure.error is not errors.UniqueViolation or failure.constraint is None or failure.table is None:
            return failure
        # Whatever goes wrong here, the caller must hear of the violation itself.
        with suppress(Exception), connection.cursor() as cursor:
            cursor.execute(_KEY_COLUMNS, (failure.table, failure.constraint))
            return replace(failure, columns=tuple(column for (column,) in cursor.fetchall()))
        return failure

    def create_engine_options(self, url: URL, settings: Settings) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "charset": "utf8mb4",
            "connect_timeout": max(1, math.ceil(settings.connect_timeout)),
        }
        # PyMySQL's connect_timeout ends with TCP's handshake; the server's greeting is read after it.
        arguments["read_timeout"] = arguments["write_timeout"] = settings.connect_timeout
        return {"connect_args": arguments, "pool_pre_ping": True}

    def prepare(self, engine: Engine, settings: Settings) -> None:
        assignments = [
            f"sql_mode = '{SQL_MODE}'",
            "time_zone = '+00:00'",
            # MariaDB counts whole seconds here; 0 is not to wait.
            f"innodb_lock_wait_timeout = {math.ceil(settings.lock_timeout)}",
            f"lock_wait_timeout = {math.ceil(settings.lock_timeout)}",
            "session_track_state_change = ON",
        ]
        if settings.statement_timeout is not None:
            assignments.append(f"max_statement_time = {max(settings.statement_timeout, 0.001):.6f}")

        def connect(dbapi_connection: Any, _record: Any) -> None:
            dbapi_connection._read_timeout = dbapi_connection._write_timeout = settings.answer_timeout
            with dbapi_connection.cursor() as cursor:
                cursor.execute("SET " + ", ".join(assignments))

        def begin(conn: Connection) -> None:
            for statement in conn.get_execution_options().get("pydb_begin", ()):
                conn.exec_driver_sql(statement)

        event.listen(engine, "connect", connect, insert=True)
        event.listen(engine, "begin", begin)
        if engine.dialect.driver == "pymysql":
            from pydb.engines.mariadb.sessions import reset_sessions

            reset_sessions(engine)
        else:
            read_connections.attach_borrower(engine)

    @contextmanager
    def begin(self, engine: Engine, isolation: str | None) -> Iterator[Connection]:
        with engine.connect() as conn:
            if isolation is not None:
                conn.execution_options(pydb_begin=(f"SET TRANSACTION ISOLATION LEVEL {isolation}",))
            yield conn

    @contextmanager
    def read(self, engine: Engine) -> Iterator[Connection]:
        snapshot = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"
        with read_connections.connect_to_read(engine) as conn:
            level = () if engine.dialect.driver == "pymysql" else ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",)
            conn.execution_options(pydb_begin=(*level, snapshot))
            yield conn

    def rows(self, cursor: Any) -> Iterable[Sequence[Any]]:
        # PyMySQL holds them all already.
        return cursor.fetchall()  # type: ignore[no-any-return]

    def begin_stream(self, cursor: Any) -> None:
        buffered_stream.buffer_on_interrupt(cursor)

    def commits_by_itself(self, form: Form) -> bool:
        return form.verb in _COMMITTING and _TEMPORARY.search(form.sql) is None

    def in_transaction(self, conn: Connection) -> bool:
        return bool(getattr(conn.connection.dbapi_connection, "server_status", 0) & _IN_TRANSACTION)

    def mode_conflict(self, conn: Connection, form: Form) -> str | None:
        wanted = _modes_for(form.sql)
        driver = conn.connection.dbapi_connection
        # The flag comes with every answer, and Database sets all of the modes at once.
        if not wanted or getattr(driver, "server_status", 0) & _NO_BACKSLASH_ESCAPES:
            return None
        cursor = conn.connection.cursor()
        try:
            cursor.execute("SELECT @@sql_mode")
            (modes,) = cursor.fetchone() or ("",)
        finally:
            cursor.close()
        return next((meaning for mode, meaning in wanted.items() if mode not in modes.split(",")), None)

    def script_bounds(self, ask: Ask) -> Bounds:
        from pydb.engines.mariadb.script_bounds import MariadbBounds

        return MariadbBounds(ask)

    def rolls_back_transaction(self, conn: Connection, orig: BaseException) -> bool:
        return bool(orig.args) and orig.args[0] in _ROLLED_BACK


def _modes_for(sql: str) -> dict[str, str]:
    """The modes of ANSI SQL that this SQL relies on, each with what it means without."""
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


def _names_only(text: str, sql: str | None) -> bool:
    """Whether the message is about names that stand in the SQL."""
    found = _NAMES.fullmatch(text)
    words = tuple(part for name in found.groups() if name for part in name.split(".")) if found else ()
    return found is not None and words_stand_in(words, sql)


def _target(sql: str | None) -> str | None:
    """The table that an INSERT, REPLACE or UPDATE changes: MariaDB's messages leave it out."""
    found = _TARGET.search(sql) if sql else None
    return found.group(1) if found else None
