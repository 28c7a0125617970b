"""Classify exceptions of psycopg by their SQLSTATE: an exception in, a Failure out.

Source: https://www.postgresql.org/docs/current/errcodes-appendix.html.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from pydb import errors
from pydb.engines.base import NO_ENTRY, NO_OPTION, NO_SERVER, NO_TABLE, Failure, class_of
from pydb.engines.messages import holds_no_value

_BY_STATE: dict[str, type[errors.DatabaseError]] = {
    "23505": errors.UniqueViolation,
    "23P01": errors.UniqueViolation,  # an exclusion constraint: uniqueness by another operator than =
    "23503": errors.ForeignKeyViolation,
    "23001": errors.ForeignKeyViolation,
    "23502": errors.NotNullViolation,
    "23514": errors.CheckViolation,
    # Class 08, connections: every code that begins with 08 means a lost connection.
    "08000": errors.Disconnected,
    "08001": errors.Disconnected,
    "08003": errors.Disconnected,
    "08004": errors.Disconnected,
    "08006": errors.Disconnected,
    "08007": errors.Disconnected,  # at COMMIT it becomes CommitOutcomeUnknown, as every lost connection does
    "08P01": errors.Disconnected,
    # Class 25, the state of the transaction.  What READ_ONLY means also depends on the session.
    "25P03": errors.Disconnected,
    "25P04": errors.Disconnected,
    "40000": errors.SerializationFailure,
    "40001": errors.SerializationFailure,
    "40002": errors.ConstraintViolation,
    "40003": errors.Disconnected,
    "40P01": errors.Deadlock,
    "53000": errors.OperationalError,
    "53100": errors.OperationalError,
    "53200": errors.OperationalError,
    "53300": errors.Disconnected,
    "53400": errors.OperationalError,
    "54000": errors.OperationalError,
    "54001": errors.OperationalError,
    "54011": errors.OperationalError,
    "54023": errors.OperationalError,
    "55000": errors.OperationalError,
    "55006": errors.OperationalError,
    "55P02": errors.OperationalError,
    "55P03": errors.Busy,
    "55P04": errors.OperationalError,
    "57000": errors.OperationalError,
    "57014": errors.StatementTimeout,
    "57P01": errors.Disconnected,
    "57P02": errors.Disconnected,
    "57P03": errors.Disconnected,
    "57P04": errors.Disconnected,
    "57P05": errors.Disconnected,
    "58000": errors.OperationalError,
    "58030": errors.OperationalError,
    "58P01": errors.OperationalError,
    "58P02": errors.OperationalError,
    "72000": errors.SerializationFailure,
    "XX000": errors.InternalError,
    "XX001": errors.InternalError,
    "XX002": errors.InternalError,
}


POOLER = 'Database(url, pooler="transaction") goes through a pooler; commands take the server\'s own address'
_SATURATED = "the message comes from a connection pooler: are all of its connections to the server in use?  See its log"

_HINTS = {
    "08P01": _SATURATED,
    "25006": "write in a Database.begin() block",
    "25P02": "an earlier statement of this transaction failed; put what may fail in a savepoint",
    "40001": "Database.run() repeats the transaction",
    "40P01": "Database.run() repeats the transaction",
    "55P03": "Database.run() repeats the transaction",
    "42P01": NO_TABLE,
}


_OTHER_SESSION = ("26000", "42P05", "08P01")
_POOLS_STATEMENTS = "statement pooling"
_PREPARED = re.compile(
    r'prepared statement "\w+" (?:does not exist|already exists)'
    r'|bind message supplies \d+ parameters, but prepared statement "\w*" requires \d+'
)
"""The errors of a session that lacks a prepared statement of another session, or has a different one of that name."""

READ_ONLY = "25006"
"""A write in a read-only transaction: if nobody asked for a read-only one, the server is not the primary."""

_BROKEN_NAMES = ("constraint_name", "table_name", "column_name", "schema_name", "datatype_name")
_TYPES = frozenset(
    (
        *("anyarray", "anyelement", "bigint", "bit", "boolean", "bytea", "character", "cidr", "date", "double", "inet"),
        *("integer", "interval", "json", "jsonb", "macaddr", "money", "name", "numeric", "oid", "precision", "real"),
        *("record", "regclass", "smallint", "text", "time", "timestamp", "timestamptz", "unknown", "uuid", "varying"),
        *("void", "with", "without", "xml", "zone", "UTF8"),
    )
)
# The beginning of a message that names the problem; a value follows.
_LITERAL = re.compile(r"malformed (?:array|range|multirange|record) literal(?=: )")
_OPTION = re.compile(r'invalid connection option "([a-z_]{3,30})"')


_COPY_HINT = "use the driver's cursor: conn.connection.cursor().copy(…)"
_ACTIVE = 1  # PQTRANS_ACTIVE: https://www.postgresql.org/docs/current/libpq-status.html
_KEY = re.compile(r"Key \((.*?)\)=\(")


# Messages of libpq and the server about a failed connection: the place, and the reason.  Some repeat an option's value.
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
    r"|unsupported startup parameter|no more connections allowed|query_wait_timeout"
    r"|Connection (?:refused|reset|timed out)|No route to host|Network is |Host is "
    r"|No such file or directory|Permission denied|the server did not answer in time"
)


def _reason(text: str) -> tuple[str, bool]:
    """The reason why there is no connection, from psycopg's message; and whether it is psycopg's whole first line."""
    line = text.partition("\n")[0]
    place = _PLACE.match(line)
    end = place.end() if place else 0
    if _NO_CONNECTION.match(line, end):
        return line, True
    return f"{line[:end]}the connection is refused", False


def _is_displayed(diag: Any, message: str, sql: str | None) -> bool:
    if (getattr(diag, "source_file", None) or "").startswith("pl"):
        return False  # the author of a routine has written the message
    names = (getattr(diag, name, None) for name in _BROKEN_NAMES)
    return holds_no_value(message, sql, {*_TYPES, *(name for name in names if name)})


def _is_copy(orig: BaseException) -> bool:
    # psycopg itself raises this, without a code.
    return class_of(orig) is errors.ProgrammingError and str(orig).startswith("COPY cannot be used")


def _end_copy(driver: Any) -> None:
    """End a COPY that psycopg has refused: before that, the connection accepts no statement, not even ROLLBACK."""
    pgconn = driver.pgconn
    if pgconn.transaction_status != _ACTIVE:
        return
    try:
        pgconn.put_copy_end(b"refused")
    except driver.Error:  # it is a COPY TO
        pgconn.get_cancel().cancel()
        with suppress(driver.Error):
            while pgconn.get_copy_data(0)[0] > 0:
                pass
    while pgconn.get_result() is not None:
        pass


def is_lost(orig: BaseException, connection: Any) -> bool:
    """Whether the connection that raised this exception of psycopg cannot be used any more."""
    state = getattr(orig, "sqlstate", None)
    driver = getattr(connection, "dbapi_connection", connection)
    if state == READ_ONLY:
        return getattr(driver, "read_only", None) is not True
    if _is_mixed_up(orig):
        return False
    if _is_copy(orig) and hasattr(driver, "pgconn"):
        _end_copy(driver)
    return state is not None and _class_of_state(state) is errors.Disconnected


def _is_mixed_up(orig: BaseException) -> bool:
    """Whether a session lacks a statement that its client has prepared: a pooler has changed the session."""
    if getattr(orig, "sqlstate", None) not in _OTHER_SESSION:
        return False
    message = orig.diag.message_primary  # type: ignore[attr-defined]
    return bool(_PREPARED.fullmatch(message or ""))


def _class_of_state(state: str) -> type[errors.DatabaseError] | None:
    return _BY_STATE.get(state) or (errors.Disconnected if state.startswith("08") else None)


def classify(orig: BaseException, sql: str | None) -> Failure:
    """The meaning of a driver's exception.  ``sql`` is the text that was sent: a message may contain its words."""
    state = getattr(orig, "sqlstate", None)
    if state is None:
        return _classify_driver(orig, sql)
    diag = orig.diag  # type: ignore[attr-defined]
    message = diag.message_primary or ""
    if _is_mixed_up(orig):
        return Failure(errors.OperationalError, message, hint=POOLER)
    error = _class_of_state(state) or class_of(orig)
    if _POOLS_STATEMENTS in message:
        return Failure(error, message, hint="configure the pooler to pool transactions or sessions, not statements")
    displayed = _is_displayed(diag, message, sql)
    if not displayed:
        literal = _LITERAL.match(message)
        message = literal.group() if literal else f"PostgreSQL refused: {type(orig).__name__} ({state})"
    key = _KEY.match(diag.message_detail or "")
    columns = key.group(1).split(", ") if key else [diag.column_name] if diag.column_name else []
    return Failure(
        error,
        message,
        constraint=diag.constraint_name,
        table=diag.table_name,
        columns=tuple(columns),
        hint=_HINTS.get(state) if displayed else "the driver's message is in .orig (it may contain parameter values)",
    )


def _classify_driver(orig: BaseException, sql: str | None) -> Failure:
    kind = class_of(orig)
    if kind is errors.OperationalError:
        if "number of parameters" in str(orig):
            return Failure(kind, "more than 65,535 parameters in one statement", hint="send the list in parts")
        if sql is not None:
            return Failure(errors.Disconnected, "the connection to the server is lost")
        reason, displayed = _reason(str(orig))
        if not displayed:
            return Failure(errors.Disconnected, reason, hint=NO_OPTION)
        if "unsupported startup parameter" in reason:
            return Failure(errors.OperationalError, reason, hint=POOLER)
        if "authentication failed" in reason or "does not exist" in reason:
            return Failure(errors.OperationalError, reason, hint=NO_ENTRY)
        return Failure(errors.Disconnected, reason, hint=NO_SERVER)
    if _is_copy(orig):
        return Failure(kind, "COPY from or to the client is not a statement", hint=_COPY_HINT)
    if option := _OPTION.match(str(orig)):
        return Failure(kind, f"psycopg has no option {option[1]}", hint="check the options after the ? of the URL")
    hint = "the driver's message is in .orig (it may contain parameter values)"
    return Failure(kind, f"psycopg raised {type(orig).__name__}", hint=hint)
