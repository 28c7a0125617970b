"""Where statements are described: a schema script goes in, a Session in a database of its own comes out.

On SQLite that is a database in memory, on a server one that is created and dropped again, also after an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import URL

from pydb.database import Database
from pydb.database.url import shown_url
from pydb.describe.analysis.expansion import without_expansion
from pydb.describe.scratch_database import scratch_database
from pydb.describe.session import Refused, Session
from pydb.engines.base import rules_of
from pydb.engines.script_bounds import checked, run_checked
from pydb.errors import PydbError, SqlFileError
from pydb.sqlfile.loader import file_text

__all__ = ["existing", "scratch"]


@contextmanager
def scratch(url: URL | None, schema: str) -> Iterator[Session]:
    """A session in a new database with that schema: in memory without a URL, else on the URL's server.

    Raises SqlFileError when the engine refuses the schema, PydbError when no database can be created.
    """
    if url is None or url.get_backend_name() == "sqlite":
        from pydb.describe.engines.sqlite_session import SqliteSession

        session: Any = SqliteSession()
        try:
            _apply(session, schema)
            yield session
        finally:
            session.close()
        return
    with scratch_database(url) as own:
        session = _server_session(own)
        try:
            _apply(session, schema)
            yield session
        finally:
            session.close()


@contextmanager
def existing(url: URL) -> Iterator[Session]:
    """A session in the database that a URL names, which may only be read."""
    session: Any
    if url.get_backend_name() == "sqlite":
        session = _sqlite_file(url)
    else:
        session = _server_session(url)
        # MariaDB refuses even to prepare an UPDATE in a read-only session; preparing changes nothing.
        if session.engine == "postgresql":
            session.connection.execute("SET default_transaction_read_only = on")
    try:
        yield session
    finally:
        session.close()


def _sqlite_file(url: URL) -> Any:
    import apsw

    from pydb.describe.engines.sqlite_session import SqliteSession

    try:
        return SqliteSession(url.database or None)
    except apsw.Error as error:
        raise PydbError(
            f"{shown_url(url).database} cannot be opened: {error}", hint="create it first: pydb schema apply"
        ) from None


def _apply(session: Any, schema: str) -> None:
    rules = rules_of(session.engine)
    bounds = rules.script_bounds(session.ask)
    found = without_expansion(rules.statements(file_text(schema)), session.engine, schema)
    statements = checked(found, bounds, schema)
    try:
        with session.script() as execute:
            run_checked(statements, bounds, schema, execute)
    except Refused as refused:
        raise SqlFileError(
            f"{session.product} refuses the schema: {refused.message}", file=schema, line=refused.offset
        ) from None


def _server_session(url: URL) -> Any:
    """A session on the server's own connection, with the settings that ``Database`` gives it."""
    database = Database(url, pool_size=1)
    core = database.connect()
    connection: Any = core.connection.driver_connection

    def release() -> None:
        # The pool must not touch a connection whose protocol was spoken by hand.
        core.invalidate()
        core.close()
        database.close()

    if database.rules.name == "postgresql":
        from pydb.describe.engines.postgresql_session import PostgresqlSession

        return PostgresqlSession(connection, release)
    from pydb.describe.engines.mariadb_session import MariadbSession

    return MariadbSession(connection, release)
