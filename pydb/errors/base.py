"""The errors that have nothing to do with a connection: a message, and where it belongs, in; its text out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from pydb.support.escapes import Lines, escaped
from pydb.support.pointer import pointed

__all__ = [
    "AlreadyDone",
    "MigrationError",
    "NoRow",
    "NoSuchStatement",
    "NotIsolated",
    "OptionError",
    "ParameterError",
    "PydbError",
    "RecordError",
    "RowError",
    "SqlFileError",
    "TooManyRows",
    "TransactionDoomed",
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


# The names in tracebacks and pickles are those that programs import.
for _name in __all__:
    globals()[_name].__module__ = "pydb.errors"
