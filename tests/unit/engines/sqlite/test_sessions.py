"""Pooled connections of SQLite: each user gets the original settings, and ``read()`` a read-only connection."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import exc

from pydb import Database


def temporary(database: Database) -> list[str]:
    with database.connect() as conn:
        return list(conn.exec_driver_sql("SELECT name FROM sqlite_temp_schema").scalars())


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///{}/app.db"])
def test_what_lasts_is_gone_for_the_next_user(url: str, tmp_path: Path) -> None:
    """A temporary table, a pragma or an attached file does not exist for the next user; the database's rows do."""
    with Database(url.format(tmp_path), pool_size=1) as database:
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE kept (id integer)")
        for statement in ("CREATE TEMP TABLE gone (id integer)", "PRAGMA cache_size = 7", "ATTACH ':memory:' AS other"):
            with database.connect() as conn:
                conn.exec_driver_sql(statement)
        assert temporary(database) == []
        with database.connect() as conn:
            assert conn.exec_driver_sql("PRAGMA cache_size").scalar_one() != 7
            assert "other" not in [row[1] for row in conn.exec_driver_sql("PRAGMA database_list")]
            assert conn.exec_driver_sql("SELECT count(*) FROM kept").scalar_one() == 0


def test_a_connection_that_was_not_changed_stays(tmp_path: Path) -> None:
    """A change that ends with its transaction needs no new connection."""
    with Database(f"sqlite:///{tmp_path}/app.db", pool_size=1) as database:
        seen = set()
        for _ in range(3):
            with database.begin() as conn:
                conn.exec_driver_sql("CREATE TABLE IF NOT EXISTS t (id integer)")
                seen.add(id(conn.connection.dbapi_connection))
        assert len(seen) == 1


def test_read_is_read_only(tmp_path: Path) -> None:
    """``read()`` refuses to write and to become writable, and the next ``begin()`` can write."""
    with Database(f"sqlite:///{tmp_path}/app.db", pool_size=1) as database:
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (id integer)")
        for statement in ("INSERT INTO t VALUES (1)", "PRAGMA query_only = OFF", "ATTACH ':memory:' AS other"):
            with database.read() as conn, pytest.raises(exc.DBAPIError):
                conn.exec_driver_sql(statement)
        with database.begin() as conn:
            conn.exec_driver_sql("INSERT INTO t VALUES (1)")
