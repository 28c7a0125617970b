"""Sessions whose client was interrupted are ended."""

from __future__ import annotations

import pytest

from pydb import Database
from pydb.engines.mariadb.session_kill import end_sessions, watch_sessions

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
