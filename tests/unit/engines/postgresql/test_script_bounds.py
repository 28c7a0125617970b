"""The allowed contents of a script on PostgreSQL, by its text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pydb import Database
from pydb.engines.postgresql.script_bounds import PostgresqlBounds
from pydb.engines.script_bounds import OutOfBounds

pytestmark = pytest.mark.engines("postgresql")


@pytest.fixture
def bounds(empty_db: Database) -> Iterator[PostgresqlBounds]:
    """The rules for a script on this database."""
    with empty_db.connect() as conn:
        yield PostgresqlBounds(lambda query: conn.exec_driver_sql(query).fetchall())


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE DATABASE other",
        "CREATE ROLE other",
        "ALTER SYSTEM SET work_mem = '1MB'",
        "COPY t FROM PROGRAM 'ls'",
        "COPY t TO '/srv/file'",
        "\\connect other",
        "BEGIN",
        "DO $$ BEGIN EXECUTE 'DROP DATABASE other'; END $$",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_what_is_refused(bounds: PostgresqlBounds, sql: str) -> None:
    """Other databases, roles, server settings, files, programs and transactions are refused."""
    with pytest.raises(OutOfBounds):
        bounds.check(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE copy_log (database text, role text)",
        "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$",
        "INSERT INTO t VALUES ('CREATE DATABASE other')",
        "SET LOCAL work_mem = '1MB'",
        "COMMENT ON TABLE t IS 'ALTER SYSTEM'",
    ],
)
def test_what_passes(bounds: PostgresqlBounds, sql: str) -> None:
    """A script that stays in its database is accepted, whatever its names and strings contain."""
    bounds.check(sql)
