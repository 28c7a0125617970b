"""The errors of a database and its pool, which are also SQLAlchemy's: a driver's exception in, pydb's class out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exc

from pydb.errors.base import PydbError

__all__ = [
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
    "NotNullViolation",
    "NotSupportedError",
    "OperationalError",
    "PoolTimeout",
    "ProgrammingError",
    "Retryable",
    "SerializationFailure",
    "StatementTimeout",
    "UniqueViolation",
]


class PoolTimeout(PydbError, exc.TimeoutError):
    """Every pooled connection was in use for the whole pool timeout."""

    __str__ = PydbError.__str__
    __reduce__ = PydbError.__reduce__


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


# The names in tracebacks and pickles are those that programs import.
for _name in __all__:
    globals()[_name].__module__ = "pydb.errors"
