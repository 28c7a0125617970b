"""Runs on SQLite; integration tests have all engines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pydb import Database, migrate
from pydb.engines.base import POOLED
from pydb.errors import MigrationError
from pydb.migrations.runner import applied_rows, planned
from tests.harness.migrations import write_migrations


def test_planned(tmp_path: Path) -> None:
    """The pending migrations are returned, and nothing is applied; no journal is created."""
    folder = write_migrations(tmp_path, {"0001_a": "SELECT 1;", "0002_b": "SELECT 2;"})
    with Database("sqlite://") as db:
        assert [(item.name, done) for item, done in planned(db, folder, to=1)] == [("0001_a", 0)]
        assert applied_rows(db) == {}
        migrate(db, folder, to=1)
        assert [(item.name, done) for item, done in planned(db, folder)] == [("0002_b", 0)]
        assert list(applied_rows(db)) == [1]


def test_behind_a_pooler(tmp_path: Path) -> None:
    """It is refused, because a lock belongs to a session and a pooler changes sessions."""
    folder = write_migrations(tmp_path, {"0001_a": "SELECT 1;"})
    with Database("sqlite://") as db:
        db.engine.update_execution_options(**{POOLED: True})
        with pytest.raises(MigrationError, match="behind a pooler"):
            migrate(db, folder)


def test_a_database_that_was_there_before(tmp_path: Path) -> None:
    """If the first migration fails in a database without a journal, the hint names the baseline."""
    folder = write_migrations(tmp_path, {"0001_a": "CREATE TABLE t (a text);", "0002_b": "CREATE TABLE t (a text);"})
    with Database("sqlite://") as db:
        with db.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (a text)")
        with pytest.raises(
            MigrationError, match="for a database that is older than its migrations: pydb migrate baseline"
        ):
            migrate(db, folder)
    with Database("sqlite://") as db, pytest.raises(MigrationError) as caught:
        migrate(db, folder)
    assert caught.value.hint == "correct the file, and migrate again"


@pytest.mark.deep
def test_what_it_imports(tmp_path: Path) -> None:
    """An application can migrate without the libraries of the command line and of check."""
    write_migrations(tmp_path, {"0001_a": "CREATE TABLE t (a text);"})
    missing = ("click", "rich", "sqlglot", "apsw", "psycopg", "pymysql")
    code = f"""
import sys
sys.modules.update(dict.fromkeys({missing!r}))
import pydb
with pydb.Database("sqlite://") as db:
    assert pydb.migrate(db, {str(tmp_path)!r}) == ["0001_a"]
"""
    subprocess.run([sys.executable, "-c", code], check=True)
