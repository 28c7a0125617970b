"""The owner of a scratch database on the server, and databases without an owner."""

from __future__ import annotations

import secrets

import pytest
from sqlalchemy import Connection

from pydb import Database
from pydb.describe.server_sessions import ServerSessions
from pydb.describe.session import sessions_of

pytestmark = pytest.mark.engines("postgresql")


def autocommit(database: Database) -> Connection:
    return database.connect().execution_options(isolation_level="AUTOCOMMIT")


def test_an_owned_database_is_left_alone(empty_url: str, engine_name: str) -> None:
    """While the owner's session is open, others do not drop the database; afterwards the next one drops it."""
    sessions = sessions_of(engine_name)
    assert isinstance(sessions, ServerSessions)
    server, name = sessions.server, f"pydb_check_20260101t000000_{secrets.token_hex(6)}"
    with Database(empty_url) as database, Database(empty_url) as other, autocommit(other) as conn:
        owner = autocommit(database)
        server.claim(owner, name)
        owner.exec_driver_sql(f"CREATE DATABASE {name}")
        assert name in server.databases(conn)
        assert not server.drop_unowned(conn, name)
        owner.invalidate()
        owner.close()
        server.take_over(conn, name)
        server.drop(conn, name)
        assert name not in server.databases(conn)
        server.drop(conn, name)
