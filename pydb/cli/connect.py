"""A transaction entered from the command line: a database that cannot be reached is told apart from one that fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from sqlalchemy import Connection

from pydb.errors import DatabaseError, PydbError

__all__ = ["entered"]


@contextmanager
def entered(transaction: AbstractContextManager[Connection]) -> Iterator[Connection]:
    """Enter ``database.begin()`` or ``.read()``; raises PydbError, not DatabaseError, when that fails."""
    with ExitStack() as stack:
        try:
            conn = stack.enter_context(transaction)
        except DatabaseError as error:
            raise PydbError(f"no connection to the database: {error.message}", hint=error.hint) from error
        yield conn
