"""Connections of SQLite: the settings of Database's engines, and which databases are files."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from pydb import Database, load
from pydb.engines.base import Settings, rules_of
from pydb.errors import RecordError, StatementTimeout

RULES = rules_of("sqlite")
SETTINGS = Settings(None, 10.0, 10.0)


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///app.db", "app.db"),
        ("sqlite:////srv/app.db", "/srv/app.db"),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("sqlite:///file:app.db?uri=true", None),
    ],
)
def test_files(url: str, file: str | None) -> None:
    """A path is a file; memory is not, nor is a file: URI without a plain path."""
    assert RULES.file_of(make_url(url)) == file


def test_numbers_of_core_rows(tmp_path: Path) -> None:
    """A row without a record has the types of numbers that check has found, and an overflowed integer is refused."""
    sql = "-- name: a :many\nSELECT :n + 1 AS whole, CASE WHEN 1 < 2 THEN 0 ELSE 0.5 END AS real;\n"
    (tmp_path / "t.sql").write_text(f"-- T.\n\n{sql}")
    types = {"t.a": {"columns": {"whole": "int", "real": "float"}}}
    queries = load(tmp_path, types=types)
    with Database("sqlite://") as database, database.read() as conn:
        (row,) = queries.t.a(conn, n=1)
        assert (row.whole, type(row.real)) == (2, float)
        with pytest.raises(RecordError, match="column whole contains a float that is not a int"):
            queries.t.a(conn, n=2**63 - 1)


def test_a_database_in_memory_is_one_connection() -> None:
    """A database in memory exists in its one connection, which threads share in turn."""
    options = RULES.create_engine_options(make_url("sqlite://"), SETTINGS)
    assert (options["pool_size"], options["max_overflow"]) == (1, 0)
    assert options["connect_args"] == {"timeout": 10.0, "check_same_thread": False}
    assert "pool_size" not in RULES.create_engine_options(make_url("sqlite:///app.db"), SETTINGS)


def test_what_each_connection_is_set_to(tmp_path: Path) -> None:
    """Foreign keys are enforced, the file is in WAL mode, and pydb begins the transactions."""
    with Database(f"sqlite:///{tmp_path}/app.db") as database, database.connect() as conn:
        assert conn.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        assert conn.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert conn.connection.dbapi_connection.isolation_level is None  # type: ignore[union-attr]


def test_a_statement_that_takes_too_long() -> None:
    """The statement is interrupted, and the connection can be used afterwards."""
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with Database("sqlite://", statement_timeout=0.05) as database:
        with pytest.raises(StatementTimeout), database.read() as conn:
            conn.exec_driver_sql(endless)
        with database.read() as conn:
            assert conn.exec_driver_sql("SELECT 1").scalar_one() == 1


def test_what_executemany_counts() -> None:
    """sqlite3 counts only the rows of statements that begin with their verb."""
    assert RULES.counts_many("UPDATE t SET a = 1")
    assert RULES.counts_many("/* why */ DELETE FROM t")
    assert not RULES.counts_many("-- why\nWITH x AS (SELECT 1) UPDATE t SET a = 1")
