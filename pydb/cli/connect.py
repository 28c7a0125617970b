"""Open the database of a command: a URL in, a Database or a transaction on it out.

A database that cannot be reached raises PydbError, and a database that refuses a statement raises DatabaseError.  After
an interrupt no statement continues in the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from pydb.database import Database
from pydb.errors import DatabaseError, PydbError
from pydb.project import database_file

__all__ = ["database_at", "entered", "refuse_absent_file"]

PATIENCE = 10.0
"""The timeout of a statement that ends the sessions of an interrupted command, in seconds."""


def refuse_absent_file(url: URL, creator: str = "pydb schema apply") -> None:
    """Raise PydbError for a database file that does not exist: the engine would create an empty one.

    ``creator`` is the command that creates it.
    """
    file = database_file(url)
    if file is not None and not Path(file).exists():
        raise PydbError(f"the database {file} does not exist", hint=f"`{creator}` creates it")


@contextmanager
def database_at(url: URL) -> Iterator[Database]:
    """The database at a URL.  Raises PydbError for a URL that its driver does not accept."""
    try:
        made = Database(url)
    except PydbError:
        raise
    except (TypeError, ValueError):
        raise _refused_option() from None
    with made as database:
        end_sessions = database.rules.session_ender(database.engine)
        try:
            yield database
        except KeyboardInterrupt:
            with suppress(DBAPIError):  # a server that has stopped has ended them
                end_sessions(partial(_connection, url))
            raise


@contextmanager
def _connection(url: URL) -> Iterator[Connection]:
    """A new connection, with a short timeout for everything."""
    with Database(url, pool_size=1, statement_timeout=PATIENCE) as database, database.connect() as conn:
        yield conn


@contextmanager
def entered(transaction: AbstractContextManager[Connection]) -> Iterator[Connection]:
    """Enter ``database.begin()`` or ``.read()``.  Raises PydbError, not DatabaseError, if that fails."""
    with ExitStack() as stack:
        try:
            conn = stack.enter_context(transaction)
        except DatabaseError as error:
            raise PydbError(f"cannot connect to the database: {error.message}", hint=error.hint) from error
        except PydbError:
            raise
        except (TypeError, ValueError):
            raise _refused_option() from None
        yield conn


def _refused_option() -> PydbError:
    # The driver's message may repeat a value.
    return PydbError(
        "cannot connect to the database: its driver refuses an option of the URL",
        hint="check the options after the ? in the URL",
    )
