"""The database of a command: a URL in, a Database or a transaction on it out.

A database that cannot be reached is told apart from one that refuses a statement.  After an interrupt no statement
runs on there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from pydb.database import Database
from pydb.engines.mariadb.kill import PATIENCE, end_sessions, watch_sessions
from pydb.errors import DatabaseError, PydbError

__all__ = ["database_at", "entered"]


@contextmanager
def database_at(url: URL) -> Iterator[Database]:
    """The database at a URL.  Raises PydbError for a URL that its driver does not take."""
    try:
        made = Database(url)
    except (TypeError, ValueError):
        raise _refused_option() from None
    with made as database:
        # psycopg cancels what it is waiting for, and SQLite is no other process.
        sessions = watch_sessions(database.engine) if database.rules.name == "mariadb" else []
        try:
            yield database
        except KeyboardInterrupt:
            _end(url, sessions)
            raise


def _end(url: URL, sessions: Collection[int]) -> None:
    """End the sessions of an interrupted command, on a new connection; a server that is gone has ended them."""
    with suppress(DBAPIError), ExitStack() as stack:
        if sessions:
            database = stack.enter_context(Database(url, pool_size=1, statement_timeout=PATIENCE))
            end_sessions(stack.enter_context(database.connect()), sessions)


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
