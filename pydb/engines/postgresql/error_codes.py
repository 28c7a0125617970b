"""What an exception of psycopg means: by its SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html."""

from __future__ import annotations

import re

from pydb import errors
from pydb.engines.base import NO_ENTRY, NO_OPTION, NO_SERVER, NO_TABLE, Failure, class_of

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


def _reason(text: str) -> tuple[str, bool]:
    """Why there is no connection, by the first line of psycopg's message; and whether the line is displayed."""
    line = text.partition("\n")[0]
    place = _PLACE.match(line)
    end = place.end() if place else 0
    if _NO_CONNECTION.match(line, end):
        return line, True
    return f"{line[:end]}the connection is refused", False


def classify(orig: BaseException, sql: str | None) -> Failure:
    """What a driver's exception means.  ``sql`` is what was sent: a word that stands in it is no secret."""
    state = getattr(orig, "sqlstate", None)
    if state is None:
        return _classify_driver(orig, sql)
    diag = orig.diag  # type: ignore[attr-defined]
    error = _BY_STATE.get(state)
    if error is None:
        error = errors.Disconnected if state.startswith("08") else class_of(orig)
    displayed = state.startswith(_NAMES_ONLY)
    message = diag.message_primary if displayed else f"PostgreSQL refused: {type(orig).__name__} ({state})"
    key = _KEY.match(diag.message_detail or "")
    columns = key.group(1).split(", ") if key else [diag.column_name] if diag.column_name else []
    return Failure(
        error,
        message,
        constraint=diag.constraint_name,
        table=diag.table_name,
        columns=tuple(columns),
        hint=_HINTS.get(state) if displayed else "PostgreSQL's own words, which may hold values, are in .orig",
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
        if "authentication failed" in reason or "does not exist" in reason:
            return Failure(errors.OperationalError, reason, hint=NO_ENTRY)
        return Failure(errors.Disconnected, reason, hint=NO_SERVER)
    hint = "the driver's own words, which may hold values, are in .orig"
    return Failure(kind, f"psycopg raised {type(orig).__name__}", hint=hint)
