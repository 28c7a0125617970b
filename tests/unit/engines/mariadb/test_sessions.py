"""MariaDB's pooled connections: each user gets one as it was made, and ``read()`` one that is read-only."""

from __future__ import annotations

import pytest
from sqlalchemy import exc

from pydb import Database

pytestmark = pytest.mark.engines("mariadb")
SETTINGS = "SELECT @@sql_mode, @@tx_isolation, @@tx_read_only, database()"


@pytest.mark.parametrize(
    "statement", ["SET sql_mode = ''", "SET tx_isolation = 'SERIALIZABLE'", "USE mysql", "SET @a = 1"]
)
def test_settings_end_with_the_user(empty_url: str, statement: str) -> None:
    """What a user sets in its session is gone for the next one."""
    with Database(empty_url, pool_size=1) as database:
        with database.connect() as conn:
            before = conn.exec_driver_sql(SETTINGS).one()
        with database.connect() as conn:
            conn.exec_driver_sql(statement)
        with database.connect() as conn:
            assert conn.exec_driver_sql(SETTINGS).one() == before
            assert conn.exec_driver_sql("SELECT @a").scalar_one() is None


def test_a_connection_that_was_not_changed_stays(empty_url: str) -> None:
    """Reading and writing rows costs no new connection, nor does the change between ``read()`` and ``begin()``."""
    with Database(empty_url, pool_size=1) as database:
        seen = set()
        for block in (database.begin, database.read, database.read, database.begin):
            with block() as conn:
                seen.add(conn.exec_driver_sql("SELECT connection_id()").scalar_one())
        assert len(seen) == 1


def test_read_is_read_only(empty_url: str) -> None:
    """``read()`` refuses to write, and the next ``begin()`` can."""
    with Database(empty_url, pool_size=1) as database:
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (id integer)")
        with database.read() as conn, pytest.raises(exc.DBAPIError):
            conn.exec_driver_sql("INSERT INTO t VALUES (1)")
        with database.begin() as conn:
            conn.exec_driver_sql("INSERT INTO t VALUES (1)")
