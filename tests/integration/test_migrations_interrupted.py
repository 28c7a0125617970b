"""A signal ends ``pydb migrate``: the statement stops, the output says what is kept, and the next run continues."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pydb import Database
from tests.harness.command_processes import Fork
from tests.harness.migrations import journal, rows, write_migrations
from tests.harness.waiting import wait_until

pytestmark = pytest.mark.deep

FIRST = "CREATE TABLE t (id integer NOT NULL PRIMARY KEY);\n"
ENDLESS = {
    "sqlite": "INSERT INTO t\nWITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n;",
    "postgresql": "INSERT INTO t\nSELECT 1 FROM pg_sleep(3600);",
    "mariadb": "INSERT INTO t\nSELECT SLEEP(3600);",
}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_in_a_statement(
    tmp_path: Path, empty_url: str, empty_db: Database, engine_name: str, number: signal.Signals
) -> None:
    """Nothing of the running migration is kept, and the exit code is that of the signal."""
    write_migrations(tmp_path / "migrations", {"0001_first": FIRST, "0002_second": ENDLESS[engine_name]})
    with Fork(tmp_path, "migrate", "--migrations", "migrations", "--db", empty_url) as command:
        wait_until(lambda: "applied 0001_first" in "".join(command._texts()), "the first migration is applied")
        wait_until(lambda: is_running(empty_db, engine_name), "the second one runs")
        command.send(number)
        done = command.done()
    assert (done.code, done.out) == (128 + number, "")
    assert done.err.splitlines()[-1] == (
        "pydb: interrupted: applied: 0001_first; 0002_second was under way: `pydb migrate status` says what is kept"
    )
    assert rows(empty_db, "SELECT * FROM t") == []
    write_migrations(tmp_path / "migrations", {"0002_second": "INSERT INTO t VALUES (7);"})
    with Fork(tmp_path, "migrate", "--migrations", "migrations", "--db", empty_url) as command:
        assert "applied 0002_second\n" in command.done().err
    assert [row[1] for row in journal(empty_db)] == ["0001_first", "0002_second"]


def is_running(db: Database, engine: str) -> bool:
    """Whether the endless statement runs, or at least its transaction."""
    query = {
        "postgresql": "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'INSERT INTO t%' AND state = 'active'",
        "mariadb": "SELECT 1 FROM information_schema.processlist WHERE info LIKE 'INSERT INTO t%'",
    }
    if engine in query:
        return bool(rows(db, query[engine]))
    with closing(sqlite3.connect(str(db.engine.url.database), timeout=0)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        return False
