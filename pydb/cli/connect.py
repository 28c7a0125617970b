"""The database of a command: a URL in, a Database or a transaction on it out.

A database that cannot be reached is told apart from one that refuses a statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from sqlalchemy import Connection
from sqlalchemy.engine import URL

from pydb.database import Database
from pydb.errors import DatabaseError, PydbError

__all__ = ["database_at", "entered"]


def database_at(url: URL) -> Database:
    """The database at a URL.  Raises PydbError for a URL that its driver does not take."""
    try:
        return Database(url)
    except (TypeError, ValueError):
        raise _refused_option() from None


@contextmanager
def entered(transaction: AbstractContextManager[Connection]) -> Iterator[Connection]:
    """Enter ``database.begin()`` or ``.read()``; raises PydbError, not DatabaseError, when that fails."""
    with ExitStack() as stack:
        try:
            conn = stack.enter_context(transaction)
        except DatabaseError as error:
            raise PydbError(f"no connection to the database: {error.message}", hint=error.hint) from error
        except (TypeError, ValueError):
            raise _refused_option() from None
        yield conn


def _refused_option() -> PydbError:
    # The driver's own words may repeat a value.
    return PydbError("no connection to the database: its driver refuses an option of the URL", hint="look behind the ?")
