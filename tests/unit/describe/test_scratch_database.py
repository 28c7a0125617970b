"""A database on a server for the duration of a check."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url

from pydb import Database
from pydb.describe.orphans import created
from pydb.describe.scratch_database import scratch_database
from pydb.describe.server_sessions import ServerSessions
from pydb.describe.session import sessions_of
from pydb.errors import PydbError

pytestmark = pytest.mark.engines("postgresql", "mariadb")


def test_it_is_made_and_dropped(empty_url: str, engine_name: str) -> None:
    """A new, empty database with a name of pydb is dropped after the block, also after an error."""
    sessions = sessions_of(engine_name)
    assert isinstance(sessions, ServerSessions)
    with pytest.raises(ZeroDivisionError), scratch_database(make_url(empty_url), sessions.server) as url:
        name = url.database
        assert created(str(name)) is not None
        with Database(url) as database, database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (id integer)")
        raise ZeroDivisionError
    with pytest.raises(PydbError), Database(url) as database, database.connect():
        pass


def test_who_may_not_create_one(empty_url: str, engine_name: str) -> None:
    """The refusal says which right is missing, or what to do without it."""
    sessions = sessions_of(engine_name)
    assert isinstance(sessions, ServerSessions)
    url = make_url(empty_url).set(password="wrong")
    with pytest.raises(PydbError), scratch_database(url, sessions.server):
        pass
