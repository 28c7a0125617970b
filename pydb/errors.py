"""Every error that pydb raises: one tree.

PydbError
├── SqlFileError               a .sql file is wrong
├── OptionError                Database cannot take a URL, an option or an isolation level; also ValueError
├── NoSuchStatement            queries["…"] names no statement; also KeyError
├── ParameterError             a parameter is missing, unknown or unfit
├── RowError                   NoRow · TooManyRows · RecordError
├── PoolTimeout                no pooled connection became free; also sqlalchemy.exc.TimeoutError
├── TransactionDoomed          a block whose statement failed cannot commit
├── AlreadyDone                another transaction has used the key of run(once=…)
├── MigrationError             a migration cannot be applied, or was refused
├── NotIsolated                a test's transaction cannot undo this, or not in the same way
└── DatabaseError              also the matching sqlalchemy.exc class
    ├── ConstraintViolation    UniqueViolation · ForeignKeyViolation · NotNullViolation · CheckViolation
    ├── Retryable              SerializationFailure · Deadlock · Busy
    ├── StatementTimeout
    ├── Disconnected
    ├── CommitOutcomeUnknown   never retried
    └── DataError · InternalError · InterfaceError · NotSupportedError · OperationalError · ProgrammingError

The text of an error has the place (``sql/users.sql:12``), the statement, what is wrong, and what to do next.  It is one
line; only a SqlFileError adds the line of SQL with a ``^`` under the place.  The text never contains control characters
or parameter values.  The driver's own exception, which may contain values, is in ``orig``; it is not pickled.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import exc

from pydb.support.escapes import Lines, escaped
from pydb.support.pointer import pointed

__all__ = [
    "AlreadyDone",
    "Busy",
    "CheckViolation",
    "CommitOutcomeUnknown",
    "ConstraintViolation",
    "DataError",
    "DatabaseError",
    "Deadlock",
    "Disconnected",
    "ForeignKeyViolation",
    "InterfaceError",
    "InternalError",
    "MigrationError",
    "NoRow",
    "NoSuchStatement",
    "NotIsolated",
    "NotNullViolation",
    "NotSupportedError",
    "OperationalError",
    "OptionError",
    "ParameterError",
    "PoolTimeout",
    "ProgrammingError",
    "PydbError",
    "RecordError",
    "Retryable",
    "RowError",
    "SerializationFailure",
    "SqlFileError",
    "StatementTimeout",
    "TooManyRows",
    "TransactionDoomed",
    "UniqueViolation",
]


class PydbError(Exception):
    """The base class of every error that pydb raises.

    ``message`` says what is wrong, and ``hint`` what to do next.  ``statement_name`` is the statement's full name
    (``users.by_id``); ``file`` and ``line`` are its place.  All of them except ``message`` may be None.  These
    attributes are not escaped; ``str(error)`` escapes characters that control a terminal or a log.
    """

    # Only these attributes are copied and pickled: a note, or another attribute, may contain a value.
    _kept: ClassVar[tuple[str, ...]] = ("message", "statement_name", "file", "line", "hint", "code")

    def __init__(
        self,
        message: str,
        *,
        statement_name: str | None = None,
        file: str | None = None,
        line: int | None = None,
        hint: str | None = None,
    ) -> None:
        Exception.__init__(self, message)
        self.message = message
        self.statement_name = statement_name
        self.file = file
        self.line = line
        self.hint = hint

    def __str__(self) -> str:
        """The text ``file:line: statement: message    hint: …``, without the parts that are not known."""
        where = f"{self.file}:{self.line}: " if self.line is not None else f"{self.file}: " if self.file else ""
        name = f"{self.statement_name}: " if self.statement_name else ""
        hint = f"    hint: {self.hint}" if self.hint else ""
        if isinstance(self.hint, Lines):
            return escaped(escaped(f"{where}{name}{self.message}") + hint, keep="\n")
        return escaped(f"{where}{name}{self.message}{hint}")

    def __repr__(self) -> str:
        """The usual form of Python's exceptions, with control characters escaped."""
        return escaped(Exception.__repr__(self))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the error, for example for multiprocessing, with all that pydb reports and without values."""
        state = {name: value for name, value in self.__dict__.items() if name in self._kept}
        return (_rebuild, (type(self), self.message, state))


def _rebuild(cls: type[PydbError], message: str, state: dict[str, Any]) -> PydbError:
    error = cls.__new__(cls, message)
    error.__dict__.update(state)
    return error


class SqlFileError(PydbError):
    """A .sql file breaks pydb's format for statements, or an engine refuses a statement of a script.

    ``column`` is the place in the line, counted from 1 in characters, and ``source`` the text of the line; each may be
    None.  ``str(error)`` shows the line below the message, and a ``^`` under the place.
    """

    _kept = (*PydbError._kept, "column", "source")

    def __init__(
        self,
        message: str,
        *,
        statement_name: str | None = None,
        file: str | None = None,
        line: int | None = None,
        hint: str | None = None,
        column: int | None = None,
        source: str | None = None,
    ) -> None:
        super().__init__(message, statement_name=statement_name, file=file, line=line, hint=hint)
        self.column = column
        self.source = source

    def __str__(self) -> str:
        """The text of PydbError; then, if known, the line of SQL and a ``^`` under the place."""
        text = super().__str__()
        return (
            text if self.source is None or not self.source.strip() else f"{text}\n{pointed(self.source, self.column)}"
        )


class OptionError(PydbError, ValueError):
    """``Database`` cannot take a URL, an option or an isolation level, or a driver is missing."""


class NoSuchStatement(PydbError, KeyError):
    """``queries[name]`` names no statement."""


class ParameterError(PydbError):
    """A parameter is missing or unknown, or has a value that the engine cannot store; nothing was sent."""


class RowError(PydbError):
    """The rows do not fit the statement's header."""


class NoRow(RowError):
    """A ``:one`` statement returned no row."""


class TooManyRows(RowError):
    """A ``:one`` or ``:maybe`` statement returned more than one row."""


class RecordError(RowError):
    """The columns of the result do not fit the record."""


class PoolTimeout(PydbError, exc.TimeoutError):
    """Every pooled connection was in use for the whole pool timeout."""

    __str__ = PydbError.__str__
    __reduce__ = PydbError.__reduce__


class TransactionDoomed(PydbError):
    """A statement failed in this block outside a savepoint, so the block was rolled back, not committed."""


class AlreadyDone(PydbError):
    """Another transaction with this key of ``Database.run(work, once=key)`` has committed; ``work`` did nothing.

    ``key`` is the key, ``done_at`` when that transaction began: an aware datetime, in UTC.
    """

    _kept = (*PydbError._kept, "key", "done_at")

    def __init__(self, message: str, *, key: str = "", done_at: datetime | None = None, **where: Any) -> None:
        super().__init__(message, **where)
        self.key = key
        self.done_at = done_at


class MigrationError(PydbError):
    """A migration file is wrong, was changed after it was applied, or a statement of it failed.

    Its ``__cause__`` is the DatabaseError of a statement that failed.
    """


class NotIsolated(PydbError):
    """A test ran something that its one transaction cannot undo, or that behaves differently inside it."""


class DatabaseError(PydbError, exc.DBAPIError):
    """The database refused or failed; also the matching ``sqlalchemy.exc`` class.

    ``orig`` is the driver's own exception.  ``statement`` is the SQL that was sent, with placeholders; ``params`` is
    always None.  ``constraint``, ``table`` and ``columns`` name what was violated, as far as the engine reports it.
    """

    constraint: str | None = None
    table: str | None = None
    columns: tuple[str, ...] = ()

    # Not orig: a driver's exception need not pickle, and its text may contain values.
    _kept = (
        *PydbError._kept,
        *("constraint", "table", "columns"),
        *("statement", "connection_invalidated", "hide_parameters", "ismulti"),
    )

    def __init__(
        self,
        message: str,
        *,
        orig: BaseException | None = None,
        sql: str | None = None,
        connection_invalidated: bool = False,
        constraint: str | None = None,
        table: str | None = None,
        columns: tuple[str, ...] = (),
        statement_name: str | None = None,
        file: str | None = None,
        line: int | None = None,
        hint: str | None = None,
    ) -> None:
        # The attributes of sqlalchemy.exc.DBAPIError, so that handlers written for it keep working.
        exc.DBAPIError.__init__(
            self,
            sql,
            None,
            orig if orig is not None else Exception(message),
            hide_parameters=True,
            connection_invalidated=connection_invalidated,
        )
        PydbError.__init__(self, message, statement_name=statement_name, file=file, line=line, hint=hint)
        self.constraint = constraint
        self.table = table
        self.columns = columns

    __str__ = PydbError.__str__

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the error without ``orig`` (None after that) and with an empty ``detail``."""
        rebuild, (kind, message, state) = PydbError.__reduce__(self)
        return (rebuild, (kind, message, {**state, "detail": []}))


class ConstraintViolation(DatabaseError, exc.IntegrityError):
    """A row violates a constraint."""


class UniqueViolation(ConstraintViolation):
    """The key or unique value already exists."""


class ForeignKeyViolation(ConstraintViolation):
    """A row refers to a row that does not exist, or other rows still refer to it."""


class NotNullViolation(ConstraintViolation):
    """A column that must have a value got NULL."""


class CheckViolation(ConstraintViolation):
    """A CHECK constraint refused the row."""


class Retryable(DatabaseError, exc.OperationalError):
    """The whole transaction should be repeated: ``Database.run`` does that."""


class SerializationFailure(Retryable):
    """Another transaction changed what this one read."""


class Deadlock(Retryable):
    """Two transactions waited for each other, and the engine chose this one to give way."""


class Busy(Retryable):
    """A lock was not free within the timeout."""


class StatementTimeout(DatabaseError, exc.OperationalError):
    """The statement ran longer than the statement timeout and was stopped."""


class Disconnected(DatabaseError, exc.OperationalError):
    """The connection was lost before COMMIT was sent."""


class CommitOutcomeUnknown(DatabaseError, exc.OperationalError):
    """The connection was lost during COMMIT: the transaction may have committed.  Never retried."""


class DataError(DatabaseError, exc.DataError):
    """A value does not fit its column or expression."""


class InternalError(DatabaseError, exc.InternalError):
    """The engine met an internal error."""


class InterfaceError(DatabaseError, exc.InterfaceError):
    """The driver was used wrongly."""


class NotSupportedError(DatabaseError, exc.NotSupportedError):
    """The engine does not support this."""


class OperationalError(DatabaseError, exc.OperationalError):
    """The engine could not do its work, for a reason outside the statement."""


class ProgrammingError(DatabaseError, exc.ProgrammingError):
    """The statement is wrong: syntax, or a table or column that does not exist."""
