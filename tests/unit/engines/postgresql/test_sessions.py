"""Pooled connections of PostgreSQL: each user gets the original settings."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import make_url

from pydb import Database

pytestmark = pytest.mark.engines("postgresql")
SETTING = "SELECT current_setting('work_mem'), current_setting('role'), current_setting('search_path')"


def test_settings_end_with_the_user(empty_url: str) -> None:
    """The settings of a block's session do not exist for the connection's next user."""
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
    """A temporary table does not exist for the next user."""
    with Database(empty_url, pool_size=1) as database:
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TEMPORARY TABLE gone (id integer)")
        with database.connect() as conn:
            assert conn.exec_driver_sql("SELECT to_regclass('pg_temp.gone')").scalar_one() is None


def test_modes_of_core_end_with_the_user(empty_url: str) -> None:
    """AUTOCOMMIT and read-only mode of one user do not apply to the next one."""
    with Database(empty_url, pool_size=1) as database:
        with database.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql("SELECT 1")
        with database.read() as conn:
            conn.exec_driver_sql("SELECT 1")
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (id integer)")


def test_connections_of_the_applications_own(empty_url: str) -> None:
    """A function of the application that makes the connections need not set pydb's settings."""
    plain = make_url(empty_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with Database(empty_url, creator=lambda: psycopg.connect(plain)) as database, database.begin() as conn:
        assert conn.exec_driver_sql("SELECT 1").scalar_one() == 1
