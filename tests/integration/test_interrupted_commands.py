"""Commands that change a database and are ended by a signal: their last line says what the database contains."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect, make_url

import pydb
from pydb.testing.servers import StartedServer
from tests.harness.command_processes import Command, Fork
from tests.harness.proxy import Proxy
from tests.harness.waiting import wait_until

SCHEMA = """\
CREATE TABLE ones (id integer NOT NULL PRIMARY KEY);
CREATE TABLE twos (id integer NOT NULL PRIMARY KEY);
CREATE TABLE threes (id integer NOT NULL PRIMARY KEY);
INSERT INTO ones (id) VALUES (7);
"""
TAKES_TIME = """\
INSERT INTO threes (id)
WITH RECURSIVE numbers (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM numbers WHERE id < 1000000)
SELECT count(*) FROM numbers;
"""
STATEMENTS = """\
-- name: grow :affected
UPDATE ones SET id = id + 1;


-- name: widen :exec
ALTER TABLE twos ADD COLUMN more integer;


-- name: endless :one scalar
WITH RECURSIVE numbers (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM numbers) SELECT count(*) FROM numbers;


-- name: fill :affected
INSERT INTO threes (id)
WITH RECURSIVE numbers (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM numbers)
SELECT id FROM numbers WHERE id < 0;


-- name: all_of :many
SELECT id FROM ones ORDER BY id FOR UPDATE;
"""
WAITING = {
    "postgresql": "SELECT 1 FROM pg_stat_activity WHERE datname = '{}' AND wait_event_type = 'Lock'",
    "mariadb": "SELECT 1 FROM information_schema.processlist "
    "WHERE db = '{}' AND (state LIKE 'Waiting for table%' OR info LIKE '/* all.grow %')",
}
Rows = Callable[[], dict[str, list[tuple[int, ...]]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with three tables and its statements."""
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "all.sql").write_text(STATEMENTS)
    (tmp_path / "schema.sql").write_text(SCHEMA)
    (tmp_path / "pyproject.toml").write_text('[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\n')
    return tmp_path


@pytest.fixture
def rows(empty_db: pydb.Database) -> Rows:
    """The rows of each table of the test's database, at this moment."""

    def held() -> dict[str, list[tuple[int, ...]]]:
        with empty_db.read() as conn:
            tables = sorted(inspect(conn).get_table_names())
            return {table: [tuple(row) for row in conn.exec_driver_sql(f"SELECT * FROM {table}")] for table in tables}

    return held


@pytest.fixture
def made(folder: Path, empty_db: pydb.Database) -> None:
    """Create the tables, with other rows than the schema script inserts."""
    empty_db.apply(folder / "schema.sql")
    with empty_db.begin() as conn:
        conn.exec_driver_sql("UPDATE ones SET id = 1")


RESET = ("schema", "reset", "--yes", "--schema", "schema.sql")
UNTOUCHED = {"ones": [(1,)], "threes": [], "twos": []}
AGAIN = "    hint: `pydb schema reset` starts again from any state"


@pytest.mark.deep
@pytest.mark.usefixtures("made")
@pytest.mark.engines("postgresql", "mariadb")
@pytest.mark.parametrize(
    ("lock", "arguments", "kept"),
    [
        ("twos", RESET, "nothing was changed, all rows are kept"),
        ("ones", ("run", "all.grow"), "rolled back, nothing is kept"),
        ("ones", ("run", "all.grow", "--commit"), "rolled back, nothing is kept"),
        ("twos", ("run", "all.widen", "--commit"), "rolled back, nothing is kept"),
    ],
)
def test_interrupted_while_it_waits_for_a_lock(
    shared_server: StartedServer, folder: Path, empty_url: str, empty_db: pydb.Database, rows: Rows,
    engine_name: str, lock: str, arguments: tuple[str, ...], kept: str,
) -> None:  # fmt: skip
    """The command's last line is true when it has ended and when the lock is free: nothing continues in the server."""
    after = UNTOUCHED
    if engine_name == "mariadb" and "widen" in arguments[1]:
        kept = "ALTER commits at once on MariaDB: it is not known what was kept"
    elif engine_name == "mariadb" and arguments == RESET:
        kept = f"1 of 3 tables dropped with their rows, none created again{AGAIN}"
        after = {"ones": [(1,)], "twos": []}
    with empty_db.begin() as conn:
        conn.exec_driver_sql(f"SELECT * FROM {lock} FOR UPDATE").all()
        waiting = WAITING[engine_name].format(make_url(empty_url).database)
        with Fork(folder, *arguments, "--db", empty_url) as command:
            wait_until(lambda: shared_server.execute(waiting), "it waits for the lock")
            command.send(signal.SIGTERM)
            done = command.done()
        assert (done.code, done.out, done.err) == (143, "", f"pydb: interrupted: {kept}\n")
    assert rows() == after


@pytest.mark.deep
@pytest.mark.usefixtures("made")
@pytest.mark.engines("postgresql", "mariadb")
def test_interrupted_in_commit(folder: Path, empty_url: str, proxy: Proxy, rows: Rows) -> None:
    """During COMMIT the outcome is unknown: here the server has committed, and only the answer is late."""
    hold = proxy.hold_after("COMMIT")
    with Fork(folder, "run", "all.grow", "--commit", "--db", proxy.url(empty_url)) as command:
        wait_until(hold.reached.is_set, "COMMIT is under way")
        before = proxy.connections
        command.send(signal.SIGINT)
        wait_until(lambda: proxy.connections > before, "a new connection cancels or cleans up")
        hold.release()
        done = command.done()
    message = "COMMIT was under way: it is not known whether the transaction was committed"
    assert (done.code, done.err) == (130, f"pydb: interrupted: {message}\n")
    assert rows() == {**UNTOUCHED, "ones": [(2,)]}


@pytest.mark.deep
@pytest.mark.usefixtures("made")
@pytest.mark.engines("mariadb")
def test_interrupted_while_tables_are_created(folder: Path, empty_url: str, proxy: Proxy, rows: Rows) -> None:
    """On MariaDB, a reset reports how many tables are dropped and created again, and so does a first creation."""
    hold = proxy.hold_before("TABLE twos")
    with Fork(folder, *RESET, "--db", proxy.url(empty_url)) as command:
        wait_until(hold.reached.is_set, "the second table is to be created")
        command.send(signal.SIGINT)
        done = command.done()
    kept = f"3 tables dropped with their rows, 1 of 3 tables created{AGAIN}"
    assert (done.code, done.err) == (130, f"pydb: interrupted: {kept}\n")
    hold.release()
    assert rows() == {"ones": []}


@pytest.mark.deep
@pytest.mark.engines("sqlite")
def test_interrupted_on_sqlite(folder: Path, empty_url: str, empty_db: pydb.Database, rows: Rows) -> None:
    """An interrupted reset and a waiting writer leave the file unchanged; SIGHUP under nohup is ignored."""
    empty_db.apply(folder / "schema.sql")
    before = rows()
    with (folder / "schema.sql").open("a") as script:
        script.write(TAKES_TIME)

    def taken(role: str) -> bool:
        with (folder / f"empty.db-{role}").open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    with Command(folder, *RESET, "--db", empty_url) as command:
        wait_until(lambda: taken("lock"), "it writes")
        command.send(signal.SIGHUP)
        done = command.done()
    assert (done.code, done.err) == (129, "pydb: interrupted: nothing was changed, all rows are kept\n")
    assert rows() == before
    run = ("run", "all.grow", "--commit", "--db", empty_url)
    with empty_db.begin(), Command(folder, *run, ignored=[signal.SIGHUP]) as command:
        wait_until(lambda: taken("queue"), "it waits for its turn")
        command.send(signal.SIGHUP)
        command.send(signal.SIGTERM)
        done = command.done()
    assert (done.code, done.err) == (143, "pydb: interrupted: rolled back, nothing is kept\n")
    assert rows() == before


@pytest.mark.deep
@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        (("run", "all.endless"), "nothing was changed"),
        (("run", "all.fill"), "rolled back, nothing is kept"),
        (("run", "all.fill", "--commit"), "rolled back, nothing is kept"),
    ],
)
def test_interrupted_while_sqlite_works(
    folder: Path, empty_url: str, empty_db: pydb.Database, rows: Rows, arguments: tuple[str, ...], kept: str
) -> None:
    """A statement without end is stopped, and neither a row nor a lock of it is kept."""
    empty_db.apply(folder / "schema.sql")
    before = rows()
    with Command(folder, *arguments, "--db", empty_url) as command:
        wait_until(lambda: processor_seconds(command.process.pid) > 3, "it works")
        command.send(signal.SIGINT)
        done = command.done()
    assert (done.code, done.err) == (130, f"pydb: interrupted: {kept}\n")
    assert rows() == before
    with pydb.Database(empty_url, lock_timeout=0) as other, other.begin():
        pass


def processor_seconds(process: int) -> float:
    """The CPU time of the process so far; starting takes one or two seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.engines("sqlite")
def test_interrupted_before_the_answer(folder: Path, empty_url: str, empty_db: pydb.Database, rows: Rows) -> None:
    """Ctrl-C at the question is an interrupt, and not the answer "no"."""
    empty_db.apply(folder / "schema.sql")
    before = rows()
    with Command(folder, "schema", "reset", "--db", empty_url) as command:
        assert command.process.stdout is not None
        assert command.process.stdout.read(len("Drop the tables")) == "Drop the tables"
        command.send(signal.SIGINT)
        done = command.done()
    assert (done.code, done.err) == (130, "pydb: interrupted: nothing was changed\n")
    assert rows() == before
