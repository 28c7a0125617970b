"""Sessions on a server, opened with the settings of Database and closed without its pool."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url

from pydb.describe.server_sessions import ServerSessions
from pydb.describe.session import sessions_of

pytestmark = pytest.mark.engines("postgresql", "mariadb")


def test_an_existing_database(empty_url: str, engine_name: str) -> None:
    """The session knows its engine and product, and reads the catalogue of the named database."""
    sessions = sessions_of(engine_name)
    assert isinstance(sessions, ServerSessions)
    session = sessions.existing(make_url(empty_url))
    assert session.engine == engine_name
    assert session.product.split()[0] == {"postgresql": "PostgreSQL", "mariadb": "MariaDB"}[engine_name]
    assert session.catalogue.tables == {}
    session.close()


def test_a_scratch_database(empty_url: str, engine_name: str) -> None:
    """A scratch session can change its own database."""
    with sessions_of(engine_name).scratch(make_url(empty_url)) as session:
        with session.script() as execute:
            execute(1, "CREATE TABLE t (id integer)")
        assert list(session.catalogue.tables) == ["t"]
