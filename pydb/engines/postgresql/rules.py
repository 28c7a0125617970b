"""PostgreSQL through psycopg 3: connection settings, transactions, errors and values.

Facts behind it: https://www.postgresql.org/docs/current/errcodes-appendix.html,
https://www.postgresql.org/docs/current/transaction-iso.html.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, Dialect

from pydb import errors
from pydb.engines import read_connections
from pydb.engines.base import NO_ENTRY, NO_OPTION, NO_SERVER, NO_TABLE, CursorCache, Failure, Rules, Settings, class_of
from pydb.engines.postgresql.answer_timeout import impatient
from pydb.engines.postgresql.cursor_cache import cursors_of
from pydb.sqlfile.type_words import Instant, Json
from pydb.values import adapters, converters
from pydb.values.adapters import Adapter, Unfit
from pydb.values.converters import Conversion, Converter, conversion_for
from pydb.values.kinds import Kind

if TYPE_CHECKING:
    from pydb.engines.script_bounds import Ask, Bounds

# pg_type's numbers of json and jsonb.
_JSON = (114, 3802)

_ROWS = 200
"""How many rows to take from a cursor at a time."""

_JSON_INTEGER = 1e16
"""From here on jsonb writes a float as an integer."""


def _json_in(value: Any) -> str:
    text = adapters.json_text(value)
    _check_jsonb(value)
    return text


def _check_jsonb(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _check_jsonb(key)
            _check_jsonb(item)
    elif isinstance(value, list):
        for item in value:
            _check_jsonb(item)
    elif isinstance(value, str):
        adapters.text_without_nul(value)
    elif isinstance(value, float) and _JSON_INTEGER <= abs(value) < math.inf:
        raise Unfit("JSON with a float of 1e16 or more, which jsonb gives back as an integer")


def _naive(value: Any) -> datetime:
    if type(value) is not datetime:  # a time of day has a tzinfo too
        raise TypeError("not of the field's type")
    if value.tzinfo is not None:
        raise ValueError("an instant, where the record has a naive datetime: annotate it AwareDatetime")
    return value


def _json(data: Any) -> Any:
    return converters.json_of_text(str(data, "utf-8"))


def _load_json_fast(dbapi_connection: Any, _record: Any) -> None:
    from psycopg.types.json import set_json_loads

    set_json_loads(_json, getattr(dbapi_connection, "driver_connection", dbapi_connection))


def _instant(value: Any) -> datetime:
    if type(value) is not datetime:
        raise TypeError("not of the field's type")
    zone = value.tzinfo
    if zone is None:
        raise ValueError("a timestamp without time zone is not an instant")
    return value if zone is UTC else value.astimezone(UTC)


def _naive_time(value: Any) -> time:
    if type(value) is not time:
        raise TypeError("not of the field's type")
    if value.tzinfo is not None:
        raise ValueError("a time with an offset")
    return value


_BY_STATE: dict[str, type[errors.DatabaseError]] = {
    "23505": errors.UniqueViolation,
    "23P01": errors.UniqueViolation,  # an exclusion constraint: uniqueness by another operator
    "23503": errors.ForeignKeyViolation,
    "23001": errors.ForeignKeyViolation,
    "23502": errors.NotNullViolation,
    "23514": errors.CheckViolation,
    "40001": errors.SerializationFailure,
    "40P01": errors.Deadlock,
    "55P03": errors.Busy,
    "57014": errors.StatementTimeout,
    "57P01": errors.Disconnected,
    "57P02": errors.Disconnected,
    "57P03": errors.Disconnected,
}
_HINTS = {
    "25006": "write in a Database.begin() block",
    "25P02": "an earlier statement of this transaction failed; put what may fail in a savepoint",
    "40001": "Database.run() repeats the transaction",
    "40P01": "Database.run() repeats the transaction",
    "55P03": "Database.run() repeats the transaction",
    "42P01": NO_TABLE,
}
# Classes of SQLSTATE whose message names only objects, types and settings, never a parameter's value.
_NAMES_ONLY = ("0A", "23", "25", "26", "28", "3B", "3D", "3F", "40", "42", "53", "54", "55", "57")
_KEY = re.compile(r"Key \((.*?)\)=\(")
# Messages of libpq and of the server while connecting: where, and why.  Those about an option repeat it.
_PLACE = re.compile(
    r'(?:connection (?:failed|is bad): )?(?:connection to server (?:at "[^"]*"(?: \([^)]*\))?(?:, port \d+)?'
    r'|on socket "[^"]*") failed: )?(?:FATAL:  )?'
)
_NO_CONNECTION = re.compile(
    r'password authentication failed for user |(?:database|role) "[^"]*" (?:does not exist|is not )'
    r"|no pg_hba\.conf entry |permission denied for database "
    r"|sorry, too many clients|remaining connection slots |too many connections for "
    r"|the database system is |terminating connection |server closed the connection |server is (?:not )?in hot standby"
    r"|session is (?:not )?read-only|server does not support SSL|SSL error: |SSL connection |server certificate for "
    r"|fe_sendauth: no password supplied|channel binding required|authentication method requirement |GSSAPI "
    r"|failed to resolve host |could not translate host name |could not match \d+ |(?:connection )?timeout expired"
    r"|unsupported startup parameter|Connection (?:refused|reset|timed out)|No route to host|Network is |Host is "
    r"|No such file or directory|Permission denied|the server did not answer in time"
)


class Postgresql(Rules):
    """PostgreSQL 13 or newer."""

    adapters: ClassVar[dict[type, Adapter]] = {
        type(None): adapters.unchanged,
        bool: adapters.unchanged,
        int: adapters.integer,
        float: float.__float__,
        str: adapters.text_without_nul,
        bytes: adapters.binary,
        bytearray: adapters.binary,
        memoryview: adapters.binary,
        Decimal: adapters.finite_decimal,
        datetime: adapters.in_utc,
        date: adapters.unchanged,
        time: adapters.naive_time,
        timedelta: adapters.unchanged,
        UUID: adapters.unchanged,
        dict: _json_in,
        list: _json_in,
    }
    converters: ClassVar[dict[Any, Converter | None]] = {
        int: None,
        str: None,
        bytes: None,
        float: None,
        bool: None,
        bytearray: converters.byte_array,
        memoryview: memoryview,
        Decimal: None,
        datetime: _naive,
        Instant: _instant,
        date: None,
        time: _naive_time,
        timedelta: None,
        UUID: None,
        Json: None,
    }
    max_parameters = 65_535
    # An array literal takes the type of what it is compared with; Core's empty set is of integers.
    empty_lists = ("= ANY ('{}')", "<> ALL ('{}')")

    def conversion(self, kind: Kind, type_code: Any) -> Conversion | None:
        # psycopg reads columns of these types itself; JSON in a column of text comes as text.
        converters = self.converters if type_code in _JSON else {**self.converters, Json: json.loads}
        return conversion_for(kind, converters)

    def classify(self, orig: BaseException, sql: str | None) -> Failure:
        state = getattr(orig, "sqlstate", None)
        if state is None:
            return self._classify_driver(orig, sql)
        diag = orig.diag  # type: ignore[attr-defined]
        error = _BY_STATE.get(state)
        if error is None:
            error = errors.Disconnected if state.startswith("08") else class_of(orig)
        shown = state.startswith(_NAMES_ONLY)
        message = diag.message_primary if shown else f"PostgreSQL refused: {type(orig).__name__} ({state})"
        key = _KEY.match(diag.message_detail or "")
        columns = key.group(1).split(", ") if key else [diag.column_name] if diag.column_name else []
        return Failure(
            error,
            message,
            constraint=diag.constraint_name,
            table=diag.table_name,
            columns=tuple(columns),
            hint=_HINTS.get(state) if shown else "PostgreSQL's own words, which may hold values, are in .orig",
        )

    def _classify_driver(self, orig: BaseException, sql: str | None) -> Failure:
        kind = class_of(orig)
        if kind is errors.OperationalError:
            if "number of parameters" in str(orig):
                return Failure(kind, "more than 65,535 parameters in one statement", hint="send the list in parts")
            if sql is not None:
                return Failure(errors.Disconnected, "the connection to the server is lost")
            reason, shown = _reason(str(orig))
            if not shown:
                return Failure(errors.Disconnected, reason, hint=NO_OPTION)
            if "authentication failed" in reason or "does not exist" in reason:
                return Failure(errors.OperationalError, reason, hint=NO_ENTRY)
            return Failure(errors.Disconnected, reason, hint=NO_SERVER)
        hint = "the driver's own words, which may hold values, are in .orig"
        return Failure(kind, f"psycopg raised {type(orig).__name__}", hint=hint)

    def create_engine_options(self, url: URL, settings: Settings) -> dict[str, Any]:
        session = ["-c timezone=UTC", f"-c lock_timeout={_milliseconds(settings.lock_timeout)}"]
        if settings.statement_timeout is not None:
            session.append(f"-c statement_timeout={_milliseconds(settings.statement_timeout)}")
        if given := url.query.get("options"):
            session.append(given if isinstance(given, str) else " ".join(given))
        timeout = max(1, math.ceil(settings.connect_timeout))
        return {"connect_args": {"options": " ".join(session), "connect_timeout": timeout}, "pool_pre_ping": True}

    def prepare(self, engine: Engine, settings: Settings) -> None:
        if settings.answer_timeout is not None and engine.dialect.driver == "psycopg":
            connect = impatient(settings.answer_timeout).connect
            event.listen(engine, "do_connect", lambda _dialect, _record, args, options: connect(*args, **options))
        if engine.dialect.driver == "psycopg":
            event.listen(engine, "connect", _load_json_fast)
            from pydb.engines.postgresql.sessions import reset_sessions

            reset_sessions(engine)

    def cursor_cache(self, dialect: Dialect) -> Callable[[Connection, Any], CursorCache] | None:
        return cursors_of if dialect.driver == "psycopg" and not dialect.is_async else None

    def numbered_cursor(self, dbapi_connection: Any) -> Any:
        # psycopg would look for every %s of a long statement, each time: most of the cost of a batch.
        psycopg = sys.modules.get("psycopg")
        is_its = psycopg is not None and isinstance(dbapi_connection, psycopg.Connection)
        return psycopg.RawCursor(dbapi_connection) if psycopg is not None and is_its else None

    def rows(self, cursor: Any) -> Iterable[Sequence[Any]]:
        # In pieces: psycopg makes a list of rows in C, and few of them live at a time.
        return chain.from_iterable(iter(partial(cursor.fetchmany, _ROWS), []))

    @contextmanager
    def begin(self, engine: Engine, isolation: str | None) -> Iterator[Connection]:
        with engine.connect() as conn:
            if isolation is not None and engine.dialect.driver == "psycopg":
                from pydb.engines.postgresql.sessions import begin_at

                begin_at(conn, isolation)
            elif isolation is not None:
                conn.execution_options(isolation_level=isolation)
            yield conn

    @contextmanager
    def read(self, engine: Engine) -> Iterator[Connection]:
        with read_connections.connect_to_read(engine) as conn:
            if engine.dialect.driver != "psycopg":
                conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield conn

    def script_bounds(self, ask: Ask) -> Bounds:
        from pydb.engines.postgresql.script_bounds import PostgresqlBounds

        return PostgresqlBounds(ask)

    def rolls_back_transaction(self, conn: Connection, orig: BaseException) -> bool:
        return False  # the transaction stays, and refuses everything but ROLLBACK


def _reason(text: str) -> tuple[str, bool]:
    """Why there is no connection, by the first line of psycopg's message; and whether the line is shown."""
    line = text.partition("\n")[0]
    place = _PLACE.match(line)
    end = place.end() if place else 0
    if _NO_CONNECTION.match(line, end):
        return line, True
    return f"{line[:end]}the connection is refused", False


def _milliseconds(seconds: float) -> int:
    # 0 would be no limit.
    return max(1, math.ceil(seconds * 1000))
