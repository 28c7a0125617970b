"""Classify exceptions of sqlite3 by SQLite's result codes: an exception in, a Failure out.

Source: https://sqlite.org/rescode.html.
"""

from __future__ import annotations

import re
import sqlite3

from pydb import errors
from pydb.engines.base import NO_TABLE, Failure, class_of
from pydb.engines.messages import words_stand_in
from pydb.values.unfit import Unreadable

# By extended code, else by primary code; for any other code, the class of the driver's exception decides.
_BY_CODE: dict[int, type[errors.DatabaseError]] = {
    sqlite3.SQLITE_INTERNAL: errors.InternalError,
    sqlite3.SQLITE_PERM: errors.OperationalError,
    sqlite3.SQLITE_ABORT: errors.OperationalError,
    sqlite3.SQLITE_BUSY: errors.Busy,
    sqlite3.SQLITE_BUSY_SNAPSHOT: errors.SerializationFailure,
    sqlite3.SQLITE_LOCKED: errors.Busy,
    sqlite3.SQLITE_NOMEM: errors.OperationalError,
    sqlite3.SQLITE_READONLY: errors.OperationalError,
    sqlite3.SQLITE_READONLY_DBMOVED: errors.Disconnected,
    sqlite3.SQLITE_INTERRUPT: errors.StatementTimeout,
    sqlite3.SQLITE_IOERR: errors.OperationalError,
    sqlite3.SQLITE_NOTFOUND: errors.InternalError,
    sqlite3.SQLITE_FULL: errors.OperationalError,
    sqlite3.SQLITE_CANTOPEN: errors.OperationalError,
    sqlite3.SQLITE_PROTOCOL: errors.Busy,
    sqlite3.SQLITE_SCHEMA: errors.Busy,
    sqlite3.SQLITE_TOOBIG: errors.DataError,
    sqlite3.SQLITE_MISMATCH: errors.DataError,
    sqlite3.SQLITE_NOLFS: errors.OperationalError,
}


_BUSY_SNAPSHOT = sqlite3.SQLITE_BUSY_SNAPSHOT


_CONSTRAINT = re.compile(r"(UNIQUE|NOT NULL|CHECK|FOREIGN KEY) constraint failed(?:: (.*))?", re.S)


# A name with "main." in front comes from the schema: from a foreign key, a view or a trigger.
_NAMES_SQL = re.compile(
    r"(?:no such table: main\.\w+"
    r"|no such (?:table|column|function|index|view|trigger|collation sequence|module|savepoint): (\S+)"
    r"|near \"(.+)\": syntax error|ambiguous column name: (\S+)|table (\S+) has no column named (\S+)"
    r"|table (\S+) already exists|index (\S+) already exists|wrong number of arguments to function (\S+)\(\)"
    r"|misuse of aggregate:? (\S+?)\(\)|incomplete input|\d+ values for \d+ columns|too many SQL variables"
    r"|table \S+ has \d+ columns but \d+ values were supplied"
    r"|ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint"
    r"|cannot (?:commit|rollback) - no transaction is active|integer overflow|malformed JSON"
    r"|cannot start a transaction within a transaction"
    r"|cannot VACUUM (?:from within a transaction|- SQL statements in progress)"
    r"|cannot change into wal mode from within a transaction|no query solution"
    r"|(?:LIMIT|ORDER BY) clause should come after [A-Z ]+"
    r"|Safety level may not be changed inside a transaction|too many (?:terms in compound SELECT|arguments on \w+)"
    r"|Expression tree is too large \(maximum depth \d+\)|row value misused|parser stack overflow"
    r"|sub-select returns \d+ columns - expected \d+|misuse of window function \w+\(\)"
    r"|SELECTs to the left and right of \S+ do not have the same number of result columns"
    r"|DISTINCT is not supported for window functions"
    r"|all VALUES must have the same number of terms|a GROUP BY clause is required before HAVING|no tables specified"
    r"|(?:JSON cannot hold BLOB values|malformed MATCH expression)|LIKE or GLOB pattern too complex"
    r"|ESCAPE expression must be a single character|database schema has changed|user-defined function raised exception"
    r"|recursive aggregate queries not supported|unable to use function \w+ in the requested context)"
)


# The name ends before the words ' with text', after which sqlite3's message contains the value.
_NOT_UTF_8 = re.compile(r"Could not decode to UTF-8 column '(.*?)' with text '", re.S)


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
    sqlite3.SQLITE_AUTH: "read() refuses what changes the connection: use begin() or connect() for PRAGMA and ATTACH",
    sqlite3.SQLITE_CANTOPEN: "does its folder exist, and may this user write to it?",
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


def classify(orig: BaseException, sql: str | None) -> Failure:
    """The meaning of a driver's exception.  ``sql`` is the text that was sent: a message may contain its words."""
    code = getattr(orig, "sqlite_errorcode", None)
    if code is None:
        return _classify_driver(orig)
    primary = code & 0xFF
    if primary == sqlite3.SQLITE_CONSTRAINT and isinstance(orig, sqlite3.Error):
        return _classify_constraint(orig, code)
    if code == _BUSY_SNAPSHOT:
        message = "another transaction has written since this one began to read"
        return Failure(errors.SerializationFailure, message, hint="write in Database.begin()")
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return Failure(errors.Busy, "the database is locked", hint="Database.run() repeats the transaction")
    if primary == sqlite3.SQLITE_INTERRUPT:
        return Failure(errors.StatementTimeout, "the statement was interrupted")
    message = _STATIC.get(primary, "")
    if primary == sqlite3.SQLITE_ERROR:
        found = _NAMES_SQL.fullmatch(str(orig))
        words = tuple(word for word in found.groups() if word) if found else ()
        message = str(orig) if found and words_stand_in(words, sql) else ""
    name = getattr(orig, "sqlite_errorname", "an error")
    hint = _HINTS.get(primary) if message else "the driver's message is in .orig (it may contain parameter values)"
    if message.startswith("no such table"):
        hint = NO_TABLE
    error = _BY_CODE.get(code) or _BY_CODE.get(primary) or class_of(orig)
    return Failure(error, message or f"SQLite failed with {name}", hint=hint)


def _classify_driver(orig: BaseException) -> Failure:
    if "closed database" in str(orig):
        return Failure(errors.Disconnected, "the connection is closed")
    hint = "the driver's message is in .orig (it may contain parameter values)"
    return Failure(class_of(orig), f"sqlite3 raised {type(orig).__name__}", hint=hint)


def unreadable(orig: BaseException) -> Unreadable | None:
    """The column with a text that is not UTF-8; None if the exception means something else."""
    found = _NOT_UTF_8.match(str(orig)) if isinstance(orig, sqlite3.Error) else None
    return None if found is None else Unreadable(found.group(1), "a text that is not UTF-8")
