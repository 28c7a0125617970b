"""MariaDB's pooled connections: each user gets one as it was made, and ``read()`` one that is read-only."""

from __future__ import annotations

import pytest
from sqlalchemy import exc

from pydb import Database, errors
from pydb.engines.mariadb.sessions import has_snapshot_isolation

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


@pytest.mark.parametrize(
    ("version", "has"),
    [
        ("10.6.17-MariaDB", False),
        ("10.6.18-MariaDB-log", True),
        ("10.7.8-MariaDB", False),
        ("5.5.5-10.11.7-MariaDB", False),
        ("5.5.5-10.11.8-MariaDB-1:10.11.8+maria~deb12", True),
        ("11.3.2-MariaDB", True),
        ("12.0.1-MariaDB", True),
        ("8.0.36", False),
    ],
)
def test_versions_with_snapshot_isolation(empty_url: str, version: str, has: bool) -> None:
    """``innodb_snapshot_isolation`` came in the middle of several series of releases."""
    assert has_snapshot_isolation(version) is has


def test_a_packet_that_is_too_large(empty_url: str) -> None:
    """A statement beyond ``max_allowed_packet`` is refused before it is sent, and the transaction goes on."""
    with Database(empty_url) as database, database.begin() as conn:
        (largest,) = conn.exec_driver_sql("SELECT @@max_allowed_packet").one()
        with pytest.raises(exc.OperationalError, match="max_allowed_packet") as caught, conn.begin_nested():
            conn.exec_driver_sql("SELECT length(%s)", ("x" * largest,))
        assert not isinstance(caught.value, errors.Disconnected)
        assert conn.exec_driver_sql("SELECT length(%s)", ("x" * (largest - 100),)).scalar_one() == largest - 100
