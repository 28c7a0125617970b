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

import importlib
from typing import TYPE_CHECKING, Any

from pydb.errors.base import (
    AlreadyDone,
    MigrationError,
    NoRow,
    NoSuchStatement,
    NotIsolated,
    OptionError,
    ParameterError,
    PydbError,
    RecordError,
    RowError,
    SqlFileError,
    TooManyRows,
    TransactionDoomed,
)

if TYPE_CHECKING:
    from pydb.errors.database import (
        Busy,
        CheckViolation,
        CommitOutcomeUnknown,
        ConstraintViolation,
        DatabaseError,
        DataError,
        Deadlock,
        Disconnected,
        ForeignKeyViolation,
        InterfaceError,
        InternalError,
        NotNullViolation,
        NotSupportedError,
        OperationalError,
        PoolTimeout,
        ProgrammingError,
        Retryable,
        SerializationFailure,
        StatementTimeout,
        UniqueViolation,
    )

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


def __getattr__(name: str) -> Any:
    # Imported at first use: pydb.errors.database imports SQLAlchemy, which a check on SQLite does not need.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    globals()[name] = found = getattr(importlib.import_module("pydb.errors.database"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
