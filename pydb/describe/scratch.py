"""Where statements are described: a schema script goes in, a Session in a database of its own comes out.

On SQLite that is a database in memory, on a server one that is created and dropped again, also after an error.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import URL

from pydb.database import Database
from pydb.describe.expansion import without_expansion
from pydb.describe.session import Refused, Session
from pydb.engines import rules_for
from pydb.errors import DatabaseError, PydbError, SqlFileError
from pydb.queries import file_text

__all__ = ["existing", "scratch"]

PREFIX = "pydb_check_"
"""What a scratch database's name begins with."""


@contextmanager
def scratch(url: URL | None, schema: str) -> Iterator[Session]:
    """A session in a new database with that schema: in memory without a URL, else on the URL's server.

    Raises SqlFileError when the engine refuses the schema, PydbError when no database can be created.
    """
    if url is None or url.get_backend_name() == "sqlite":
        from pydb.describe.sqlite import SqliteSession

        session: Any = SqliteSession()
        try:
            _apply(session, schema)
            yield session
        finally:
            session.close()
        return
    with _new_database(url) as own:
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

    from pydb.describe.sqlite import SqliteSession

    try:
        return SqliteSession(url.database or None)
    except apsw.Error as error:
        raise PydbError(
            f"{url.database} cannot be opened: {error}", hint="create it first: pydb schema apply"
        ) from None


def _apply(session: Any, schema: str) -> None:
    text = file_text(schema)
    try:
        session.apply(without_expansion(rules_for(session.engine).statements(text), session.engine, schema))
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
        from pydb.describe.postgresql import PostgresqlSession

        return PostgresqlSession(connection, release)
    from pydb.describe.mariadb import MariadbSession

    return MariadbSession(connection, release)


@contextmanager
def _new_database(url: URL) -> Iterator[URL]:
    name = PREFIX + secrets.token_hex(6)
    force = " WITH (FORCE)" if url.get_backend_name() == "postgresql" else ""
    with Database(url, pool_size=1) as database:
        with database.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            try:
                conn.exec_driver_sql(f"CREATE DATABASE {name}")
            except DatabaseError as error:
                raise PydbError(
                    f"no scratch database can be created: {error.message}",
                    hint="give --db a user that may create databases, or check the database itself with --live",
                ) from None
        try:
            yield url.set(database=name)
        finally:
            with database.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
                conn.exec_driver_sql(f"DROP DATABASE {name}{force}")
