"""Pooled connections of MariaDB: each user gets the original settings, and ``read()`` a read-only connection."""

from __future__ import annotations

import pytest
from sqlalchemy import exc

from pydb import Database, errors

pytestmark = pytest.mark.engines("mariadb")
SETTINGS = "SELECT @@sql_mode, @@tx_isolation, @@tx_read_only, database()"


@pytest.mark.parametrize(
    "statement", ["SET sql_mode = ''", "SET tx_isolation = 'SERIALIZABLE'", "USE mysql", "SET @a = 1"]
)
def test_settings_end_with_the_user(empty_url: str, statement: str) -> None:
    """The settings of a user do not exist for the next user."""
    with Database(empty_url, pool_size=1) as database:
        with database.connect() as conn:
            before = conn.exec_driver_sql(SETTINGS).one()
        with database.connect() as conn:
            conn.exec_driver_sql(statement)
        with database.connect() as conn:
            assert conn.exec_driver_sql(SETTINGS).one() == before
            assert conn.exec_driver_sql("SELECT @a").scalar_one() is None


def test_a_connection_that_was_not_changed_stays(empty_url: str) -> None:
    """Reading and writing rows needs no new connection, nor does a change between ``read()`` and ``begin()``."""
    with Database(empty_url, pool_size=1) as database:
        seen = set()
        for block in (database.begin, database.read, database.read, database.begin):
            with block() as conn:
                seen.add(conn.exec_driver_sql("SELECT connection_id()").scalar_one())
        assert len(seen) == 1


def test_read_is_read_only(empty_url: str) -> None:
    """``read()`` refuses to write, and the next ``begin()`` can write."""
    with Database(empty_url, pool_size=1) as database:
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (id integer)")
        with database.read() as conn, pytest.raises(exc.DBAPIError):
            conn.exec_driver_sql("INSERT INTO t VALUES (1)")
        with database.begin() as conn:
            conn.exec_driver_sql("INSERT INTO t VALUES (1)")


def test_a_packet_that_is_too_large(empty_url: str) -> None:
    """A statement longer than ``max_allowed_packet`` is refused before it is sent, and the transaction continues."""
    with Database(empty_url) as database, database.begin() as conn:
        (largest,) = conn.exec_driver_sql("SELECT @@max_allowed_packet").one()
        with pytest.raises(exc.OperationalError, match="max_allowed_packet") as caught, conn.begin_nested():
            conn.exec_driver_sql("SELECT length(%s)", ("x" * largest,))
        assert not isinstance(caught.value, errors.Disconnected)
        assert conn.exec_driver_sql("SELECT length(%s)", ("x" * (largest - 100),)).scalar_one() == largest - 100
