"""Translate exceptions: a driver's or SQLAlchemy's exception in, pydb's error that names the statement out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection, exc

from pydb.engines.base import Rules
from pydb.errors import ConstraintViolation, DatabaseError, Disconnected, PoolTimeout, PydbError, Retryable


def translate(
    error: exc.DBAPIError,
    rules: Rules,
    *,
    name: str | None = None,
    file: str | None = None,
    line: int | None = None,
    conn: Connection | None = None,
    where: str = "",
) -> DatabaseError:
    """The DatabaseError for Core's wrapper around a driver's exception.

    ``where`` precedes the message.  ``conn``, on which the statement failed, is used to look up a broken constraint if
    the driver's message does not name it.  Raise the error outside the ``except`` block: else a traceback would print
    the driver's message, which may contain values.
    """
    if isinstance(error, DatabaseError):
        if error.file is None and name is not None and error.statement_name == name:
            error.file, error.line = file, line
        return error
    orig = error.orig if error.orig is not None else error
    failure = rules.classify(orig, error.statement)
    if conn is not None and not error.connection_invalidated and issubclass(failure.error, ConstraintViolation):
        failure = rules.add_constraint_details(failure, conn.connection.dbapi_connection, error.statement, error.params)
    kind = failure.error
    if error.connection_invalidated and not issubclass(kind, Disconnected):
        if not issubclass(kind, Retryable):
            hint = "the server is not the primary now; Database.run() repeats the transaction"
            failure = replace(failure, hint=hint)
        kind = Disconnected
    return kind(
        where + failure.message,
        orig=orig,
        sql=error.statement,
        connection_invalidated=error.connection_invalidated,
        constraint=failure.constraint,
        table=failure.table,
        columns=failure.columns,
        statement_name=name,
        file=file,
        line=line,
        hint=failure.hint,
    )


@contextmanager
def translated(rules: Rules, *, file: str | None = None, line: int | None = None) -> Iterator[None]:
    """Translate Core's errors of the database or the pool into pydb's, with their traceback, at the block's end."""
    failure: PydbError
    try:
        yield
        return
    except DatabaseError:
        raise
    except exc.DBAPIError as error:
        failure, traceback = translate(error, rules, file=file, line=line), error.__traceback__
    except exc.TimeoutError as error:
        hint = "end transactions sooner, or raise pool_size or pool_timeout"
        failure, traceback = PoolTimeout("no pooled connection became free in time", hint=hint), error.__traceback__
    try:
        raise failure.with_traceback(traceback) from None
    finally:
        # At the end of a with block, Python adds the exception that ends it as context.  Its text may contain values,
        # so it is removed.  An interrupt stays, because it is the reason why the program ends.
        context = failure.__context__
        while isinstance(context, Exception):
            context = context.__context__
        failure.__context__ = context
