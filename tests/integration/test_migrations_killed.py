"""Migrations in separate processes: several at the same time, and killed between statements or inside one."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

import pydb
from pydb import Database
from pydb.errors import MigrationError
from tests.harness.command_processes import Fork
from tests.harness.documents import PROJECT
from tests.harness.migrations import journal, rows, write_migrations
from tests.harness.waiting import ALARM, wait_until

pytestmark = pytest.mark.deep

FIRST = "CREATE TABLE t (id integer NOT NULL PRIMARY KEY, a integer NULL);\nINSERT INTO t (id, a) VALUES (1, 1);\n"
STEPS = "CREATE TABLE one (id integer);\nINSERT INTO one VALUES (1);\nCREATE TABLE two (id integer);\n"
CONCURRENTLY = "-- pydb: outside a transaction\nCREATE INDEX CONCURRENTLY t_a_idx ON t (a);\n"


def start(url: str, folder: Path, moment: str = "never", text: str = "-") -> subprocess.Popen[str]:
    """A process that migrates."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.harness.killed_migrations", url, str(folder), moment, text],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def killed(url: str, folder: Path, moment: str, text: str) -> None:
    """Migrate in a process that is killed at this moment."""
    process = start(url, folder, moment, text)
    _, err = process.communicate(timeout=ALARM)
    assert process.returncode == -signal.SIGKILL, err


def hinted_sql(error: MigrationError, start: str) -> str:
    """The statement in the error's hint that begins with this text; the hint ends with it."""
    _, found, rest = str(error.hint).partition(start)
    return found + rest


def test_eight_processes_at_once(empty_url: str, empty_db: Database, engine_name: str, tmp_path: Path) -> None:
    """One of eight processes applies the migrations, also CREATE INDEX CONCURRENTLY; seven wait and apply nothing."""
    third = CONCURRENTLY if engine_name == "postgresql" else "CREATE INDEX t_a_idx ON t (a);"
    folder = write_migrations(tmp_path / "m", {"0001_first": FIRST, "0002_steps": STEPS, "0003_index": third})
    with ExitStack() as stack:
        commands = [
            stack.enter_context(Fork(tmp_path, "migrate", "--migrations", str(folder), "--db", empty_url))
            for _ in range(8)
        ]
        done = [command.done() for command in commands]
    assert [one.code for one in done] == [0] * 8, done
    ends = [one.err.splitlines()[-1] for one in done]
    assert ends.count("nothing to apply") == 7
    (applied,) = [one.err.splitlines() for one, end in zip(done, ends, strict=True) if end != "nothing to apply"]
    assert applied[-4:-1] == ["applied 0001_first", "applied 0002_steps", "applied 0003_index"]
    assert len(journal(empty_db)) == 3


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("text", ["CREATE TABLE one", "INSERT INTO one", "CREATE TABLE two"])
def test_killed_between_statements(
    empty_url: str, empty_db: Database, engine_name: str, tmp_path: Path, moment: str, text: str
) -> None:
    """After kill -9 the next run applies what is not done, once; on MariaDB it asks if the outcome is unknown."""
    folder = write_migrations(tmp_path, {"0001_first": FIRST, "0002_steps": STEPS})
    killed(empty_url, folder, moment, text)
    if engine_name == "mariadb" and moment == "after" and text.startswith("CREATE"):
        with pytest.raises(MigrationError, match="already exists") as caught:
            pydb.migrate(empty_db, folder)
        with empty_db.begin() as conn:
            conn.exec_driver_sql(hinted_sql(caught.value, "UPDATE pydb_migrations SET done = "))
    assert pydb.migrate(empty_db, folder) == ["0002_steps"]
    assert rows(empty_db, "SELECT id FROM one") == [(1,)]
    assert rows(empty_db, "SELECT id FROM two") == []
    assert [row[3:] for row in journal(empty_db)] == [(2, 1), (3, 1)]


@pytest.mark.engines("postgresql", "mariadb")
def test_killed_inside_a_statement(empty_url: str, empty_db: Database, engine_name: str, tmp_path: Path) -> None:
    """The server continues the statement of a killed client, and the next run waits for its end."""
    sleeping = {
        "postgresql": ("SELECT pg_sleep(2);", "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"),
        "mariadb": (
            "CREATE TABLE slow AS SELECT SLEEP(2) AS a;",
            "SELECT 1 FROM information_schema.processlist WHERE info LIKE 'CREATE TABLE slow%'",
        ),
    }
    statement, running = sleeping[engine_name]
    folder = write_migrations(
        tmp_path, {"0001_first": FIRST, "0002_slow": f"{statement}\nINSERT INTO t VALUES (2, 2);"}
    )
    with start(empty_url, folder) as process:
        wait_until(lambda: rows(empty_db, running), "the statement runs")
        process.kill()
        process.communicate()
    if engine_name == "mariadb":
        with pytest.raises(MigrationError, match="'slow' already exists; no change of this file is kept") as caught:
            pydb.migrate(empty_db, folder)
        with empty_db.begin() as conn:
            conn.exec_driver_sql(hinted_sql(caught.value, "UPDATE pydb_migrations SET done = "))
    assert pydb.migrate(empty_db, folder) == ["0002_slow"]
    assert not rows(empty_db, running)
    assert rows(empty_db, "SELECT id FROM t ORDER BY id") == [(1,), (2,)]


@pytest.mark.engines("postgresql")
def test_an_invalid_index(empty_db: Database, tmp_path: Path) -> None:
    """An index that CONCURRENTLY has left invalid is reported with its DROP, at the failure and later."""
    folder = write_migrations(
        tmp_path,
        {
            "0001_first": FIRST + "INSERT INTO t (id, a) VALUES (2, 1);",
            "0002_index": CONCURRENTLY.replace(
                "INDEX CONCURRENTLY t_a_idx", "UNIQUE INDEX CONCURRENTLY IF NOT EXISTS t_a_key"
            ),
        },
    )
    for _ in range(2):
        with pytest.raises(MigrationError, match="the index t_a_key of t is invalid") as caught:
            pydb.migrate(empty_db, folder)
        assert caught.value.line == 2
    drop = hinted_sql(caught.value, "DROP ")
    assert drop == "DROP INDEX CONCURRENTLY t_a_key;"
    with empty_db.connect() as conn:
        conn.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(drop)
    with empty_db.begin() as conn:
        conn.exec_driver_sql("UPDATE t SET a = id")
    assert pydb.migrate(empty_db, folder) == ["0002_index"]


@pytest.mark.engines("postgresql")
def test_killed_inside_of_concurrently(empty_url: str, empty_db: Database, tmp_path: Path) -> None:
    """The server finishes the index of a killed CREATE INDEX CONCURRENTLY; the next run says how to record it."""
    folder = write_migrations(tmp_path, {"0001_first": FIRST, "0002_index": CONCURRENTLY})
    running = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONC%' AND wait_event_type = 'Lock'"
    with Database(empty_url) as other:
        pydb.migrate(other, folder, to=1)
        with other.begin() as conn:
            conn.exec_driver_sql("INSERT INTO t VALUES (3, 3)")  # the index waits for the end of this transaction
            with start(empty_url, folder) as process:
                wait_until(lambda: rows(empty_db, running), "the statement runs")
                process.kill()
                process.communicate()
    with pytest.raises(MigrationError, match='"t_a_idx" already exists') as caught:
        pydb.migrate(empty_db, folder)
    with empty_db.begin() as conn:
        conn.exec_driver_sql(hinted_sql(caught.value, "UPDATE pydb_migrations SET done = "))
    assert pydb.migrate(empty_db, folder) == ["0002_index"]
