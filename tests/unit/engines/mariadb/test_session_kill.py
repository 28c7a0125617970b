"""Sessions whose client was interrupted are ended."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from pydb import Database
from pydb.engines.mariadb.session_kill import SESSION, end_sessions, same_statement, watch_sessions
from tests.harness.waiting import wait_until

pytestmark = pytest.mark.engines("mariadb")


def test_opened_sessions_are_known_and_ended(empty_url: str) -> None:
    """The ids of opened sessions are recorded, and sessions that are ended no longer exist on the server."""
    with Database(empty_url) as database, Database(empty_url) as other, other.connect() as conn:
        opened = watch_sessions(database.engine)
        assert opened == []
        left = database.connect()
        assert opened == [left.exec_driver_sql("SELECT connection_id()").scalar_one()]
        assert end_sessions(conn, opened)
        query = f"SELECT count(*) FROM information_schema.processlist WHERE id = {opened[0]}"
        assert conn.exec_driver_sql(query).scalar_one() == 0
        left.invalidate()
        left.close()


def test_sessions_that_are_gone(empty_url: str) -> None:
    """A session that has already ended is not an error."""
    with Database(empty_url) as database, database.connect() as conn:
        assert end_sessions(conn, [2**40])
        assert end_sessions(conn, [])


@pytest.mark.parametrize("text", ["plain", "it''s \\", "Zoë", "😀"])
def test_a_session_is_known_by_its_statement(empty_url: str, text: str) -> None:
    """A session that runs another statement is not the one that is meant, even if it has the id."""
    with Database(empty_url) as database, database.connect() as conn, database.connect() as other:
        session = other.exec_driver_sql("SELECT connection_id()").scalar_one()
        sleeping = f"/* s.{session} */ SELECT '{text}', sleep(60)"
        thread = threading.Thread(target=_ended, args=(other, sleeping))
        thread.start()
        query = f"{SESSION} {session}{same_statement(sleeping.encode())}"
        wait_until(lambda: conn.exec_driver_sql(query.replace("%", "%%")).all() == [(session,)], "it sleeps")
        query = f"{SESSION} {session}{same_statement(sleeping.replace('SELECT', 'DELETE').encode())}"
        assert conn.exec_driver_sql(query).all() == []
        assert end_sessions(conn, [session])
        thread.join()
        other.invalidate()


def _ended(conn: Connection, sql: str) -> None:
    with pytest.raises(DBAPIError):
        conn.exec_driver_sql(sql).all()
