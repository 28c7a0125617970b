"""PostgreSQL's pooled connections: each user gets one as it was made."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import make_url

from pydb import Database

pytestmark = pytest.mark.engines("postgresql")
SETTING = "SELECT current_setting('work_mem'), current_setting('role'), current_setting('search_path')"


def test_settings_end_with_the_user(empty_url: str) -> None:
    """What a block sets in its session is gone for the next user of the connection."""
    with Database(empty_url, pool_size=1) as database:
        with database.connect() as conn:
            before = conn.exec_driver_sql(SETTING).one()
            process = conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with database.begin() as conn:
            conn.exec_driver_sql("SET work_mem = '7MB'")
            conn.exec_driver_sql("SET search_path = nowhere")
        with database.connect() as conn:
            assert conn.exec_driver_sql(SETTING).one() == before
            assert conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() == process


def test_temporary_tables_end_with_the_user(empty_url: str) -> None:
    """A temporary table does not reach the next user."""
    with Database(empty_url, pool_size=1) as database:
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TEMPORARY TABLE gone (id integer)")
        with database.connect() as conn:
            assert conn.exec_driver_sql("SELECT to_regclass('pg_temp.gone')").scalar_one() is None


def test_modes_of_core_end_with_the_user(empty_url: str) -> None:
    """AUTOCOMMIT and read-only of one user are not the next one's."""
    with Database(empty_url, pool_size=1) as database:
        with database.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql("SELECT 1")
        with database.read() as conn:
            conn.exec_driver_sql("SELECT 1")
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (id integer)")


def test_connections_of_the_applications_own(empty_url: str) -> None:
    """A function that makes the connections itself need not give them pydb's settings."""
    plain = make_url(empty_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with Database(empty_url, creator=lambda: psycopg.connect(plain)) as database, database.begin() as conn:
        assert conn.exec_driver_sql("SELECT 1").scalar_one() == 1
