"""Database(url, pooler="transaction") through PgBouncer: each block has its own answers, settings and transaction."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier, Event, Timer
from typing import Any, Literal

import psycopg
import pytest
from sqlalchemy import Connection, make_url, text

import pydb
from pydb import errors
from tests.clusters.conftest import awaited_too
from tests.clusters.pgbouncer import PgBouncer
from tests.harness.figures import write_figures
from tests.harness.proxy import Proxy
from tests.harness.runtime import Load
from tests.harness.waiting import ALARM, wait_until

Start = Callable[..., PgBouncer]

CALLS = 1_200
KINDS = ["plain", "preparing"]
MODES = ["session", "transaction"]
SETTINGS = text(
    "SELECT current_setting('TimeZone'), current_setting('lock_timeout'), current_setting('statement_timeout'), "
    "current_setting('transaction_isolation'), current_setting('transaction_read_only')"
)
HINT = 'Database(url, pooler="transaction")'


@pytest.fixture
def database(url: str, pooler: Start) -> Iterator[pydb.Database]:
    """A database behind a pooler in transaction mode with few sessions."""
    with pydb.Database(pooler().url(url), pooler="transaction", connect_timeout=ALARM) as made:
        yield made


def two_programs(url: str, style: str, prepare: str = "") -> Counter[str]:
    """The counts of both programs together; neither program may print anything else."""
    command = [sys.executable, "-W", "error", "-m", "tests.clusters.caller", url]
    running = [
        subprocess.Popen([*command, name, str(CALLS), style, prepare], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for name in ("a", "b")
    ]
    counts: Counter[str] = Counter()
    for program in running:
        out, err = program.communicate(timeout=ALARM * 2)
        assert err == b""
        counts.update(json.loads(out))
    return counts


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_two_programs(url: str, pooler: Start, kind: str, mode: str) -> None:
    """Each of 2,400 calls of two programs gets its own answer, in both modes, without prepared statements."""
    counts = two_programs(pooler(mode, kind, sessions=8).url(url), "pydb")
    assert counts == {"right": 2 * CALLS}


def test_two_programs_that_prepare(url: str, pooler: Start) -> None:
    """With a PgBouncer that supports prepared statements, they can be enabled, and 2,400 calls are correct."""
    bouncer = pooler("transaction", "preparing", sessions=8, max_prepared_statements=100)
    assert two_programs(bouncer.url(url), "pydb", "2") == {"right": 2 * CALLS}


@pytest.mark.smoke
def test_figures_of_two_programs(url: str, pooler: Start) -> None:
    """Calls that give wrong answers and errors with plain SQLAlchemy give none with pydb."""
    bouncer = pooler("transaction", "plain", sessions=8)
    mine, plain = two_programs(bouncer.url(url), "pydb"), two_programs(bouncer.url(url), "plain")
    figures = {"calls": sum(mine.values()), "wrong": mine["wrong"], "errors": sum(mine.values()) - mine["right"]}
    figures |= {"plain_sqlalchemy_wrong": plain["wrong"]}
    figures |= {"plain_sqlalchemy_errors": sum(plain.values()) - plain["right"] - plain["wrong"]}
    write_figures("pooler", "postgresql", figures)
    assert mine == {"right": 2 * CALLS}, figures


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_settings_hold_in_every_block(url: str, pooler: Start, kind: str, mode: str) -> None:
    """Time zone, timeouts and isolation are those of pydb in every block, whatever others leave in a session."""
    bouncer = pooler(mode, kind, sessions=6)
    stop = Event()

    def leave_settings() -> None:
        address = make_url(bouncer.url(url)).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True, prepare_threshold=None) as other:
            while not stop.is_set():
                other.execute("SET timezone = 'Asia/Tokyo'; SET lock_timeout = '1h'; SET statement_timeout = '2h'")

    options: dict[str, Any] = {"lock_timeout": 3.25, "statement_timeout": 77.0}
    with (
        pydb.Database(bouncer.url(url), pooler="transaction", connect_timeout=ALARM, **options) as database,
        ThreadPoolExecutor(5) as threads,
    ):
        other = threads.submit(leave_settings)
        try:
            found = list(threads.map(lambda number: (number, block(database, number)), range(400)))
        finally:
            stop.set()
        other.result()
    wanted = ("UTC", "3250ms", "77s")
    assert {settings for number, settings in found if number % 4 == 0} == {(*wanted, "read committed", "off")}
    assert {settings for number, settings in found if number % 4 == 1} == {(*wanted, "repeatable read", "on")}
    assert {settings for number, settings in found if number % 4 == 2} == {(*wanted, "serializable", "off")}
    assert {settings for number, settings in found if number % 4 == 3} == {(*wanted, "serializable", "on")}


def block(database: pydb.Database, number: int) -> tuple[str, ...]:
    """The settings of a block, for reading and writing blocks with the default isolation and with SERIALIZABLE."""

    def work(conn: Connection) -> tuple[str, ...]:
        return tuple(conn.execute(SETTINGS).one())

    isolation = "SERIALIZABLE" if number % 4 > 1 else None
    return (database.run_read if number % 2 else database.run)(work, isolation=isolation)


@awaited_too
def test_core_connections(database: pydb.Database) -> None:
    """A connection of Core has the settings too, again after each commit, and the isolation level that is requested."""
    with database.connect() as conn:
        conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        for _ in range(3):
            assert conn.execute(SETTINGS).one() == ("UTC", "10s", "0", "repeatable read", "on")
            conn.commit()
    with database.connect() as conn:
        assert conn.execute(SETTINGS).one() == ("UTC", "10s", "0", "read committed", "off")


@awaited_too
def test_everything_works(database: pydb.Database, load: Load) -> None:
    """Streams, batches, savepoints, run() and once= work as they do without a pooler."""
    queries = load(
        "-- name: add :batch\nINSERT INTO t (id) VALUES (:id);\n"
        "-- name: all :stream scalar\nSELECT id FROM t ORDER BY id;\n"
        "-- name: one :affected\nINSERT INTO t (id) VALUES (:id);\n"
    )
    with database.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE t (id integer CONSTRAINT t_pkey PRIMARY KEY)")
        conn.exec_driver_sql(database.rules.once_table)
    with database.begin() as conn:
        assert queries.add(conn, ({"id": number} for number in range(2_000))) == 2_000
        with pytest.raises(errors.UniqueViolation), conn.begin_nested():
            queries.one(conn, id=7)
        assert queries.one(conn, id=2_000) == 1
    with database.read() as conn:
        assert list(queries.all(conn)) == list(range(2_001))
    with pytest.raises(errors.DatabaseError, match="read-only"), database.read() as conn:
        queries.one(conn, id=3_000)
    assert database.run(lambda conn: queries.one(conn, id=4_000), once="key") == 1
    with pytest.raises(errors.AlreadyDone):
        database.run(lambda conn: queries.one(conn, id=4_001), once="key")


def test_hot_row(database: pydb.Database) -> None:
    """Threads that read and then change one row at SERIALIZABLE lose no update."""
    with database.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE t (v integer)")
        conn.exec_driver_sql("INSERT INTO t VALUES (0)")

    def add(conn: Connection) -> None:
        value = conn.exec_driver_sql("SELECT v FROM t").scalar_one()
        conn.execute(text("UPDATE t SET v = :v"), {"v": value + 1})

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: database.run(add, isolation="SERIALIZABLE"), range(120)))
    with database.read() as conn:
        assert conn.exec_driver_sql("SELECT v FROM t").scalar_one() == 120


@awaited_too
def test_timeouts(database: pydb.Database, url: str, pooler: Start) -> None:
    """statement_timeout and lock_timeout end statements that take longer."""
    with pydb.Database(
        pooler().url(url), pooler="transaction", statement_timeout=0.2, lock_timeout=0.1, connect_timeout=ALARM
    ) as hasty:
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (v integer)")
        with pytest.raises(errors.StatementTimeout), hasty.begin() as conn:
            conn.exec_driver_sql("SELECT pg_sleep(60)")
        with database.begin() as conn:
            conn.exec_driver_sql("LOCK TABLE t")
            with pytest.raises(errors.Busy), hasty.begin() as other:
                other.exec_driver_sql("SELECT * FROM t")


@pytest.fixture
def jobs(url: str) -> str:
    """A database with a table for jobs, and the table of once=."""
    with pydb.Database(url) as direct, direct.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE t (id integer)")
        conn.exec_driver_sql(direct.rules.once_table)
    return url


def do(number: int) -> Callable[[Connection], int]:
    def work(conn: Connection) -> int:
        conn.execute(text("INSERT INTO t VALUES (:id)"), {"id": number})
        return number

    return work


def done(url: str) -> list[int]:
    with pydb.Database(url) as direct, direct.read() as conn:
        return list(conn.exec_driver_sql("SELECT id FROM t ORDER BY id").scalars())


def late(proxy: Proxy) -> None:
    timer = Timer(0.15, proxy.leave().release)
    timer.daemon = True
    timer.start()


@pytest.mark.parametrize("way", [Proxy.cut_before, Proxy.cut_after, late])
@awaited_too
def test_cut_commit(jobs: str, pooler: Start, way: Callable[[Proxy], object]) -> None:
    """If COMMITs are cut between pydb and the pooler, each job with once= is done once."""
    with (
        Proxy(pooler().port) as proxy,
        pydb.Database(proxy.url(jobs), pooler="transaction", connect_timeout=ALARM) as database,
    ):
        for number in range(5):
            database.run(lambda conn: None)
            way(proxy)
            assert database.run(do(number), once=f"key {number}") == number
            assert not proxy.armed
    assert done(jobs) == list(range(5))


@awaited_too
def test_black_hole(jobs: str, pooler: Start) -> None:
    """If the pooler does not notice that its client is gone, the outcome stays unknown; it is found later."""
    with (
        Proxy(pooler().port) as proxy,
        pydb.Database(proxy.url(jobs), pooler="transaction", connect_timeout=ALARM) as database,
    ):
        database.run(lambda conn: None)
        hold = proxy.leave()
        with pytest.raises(errors.CommitOutcomeUnknown):
            database.run(do(1), once="key", within=1.5)
        hold.release()
        with pytest.raises(errors.AlreadyDone):
            database.run(do(2), once="key")
    assert done(jobs) == [1]


def test_no_more_round_trips(url: str, pooler: Start, server: object) -> None:
    """A block behind the pooler sends no more messages than a block on the server's own address."""
    counted: dict[str, list[float]] = {}
    port = make_url(url).port
    assert port is not None
    for name, behind in (("server", port), ("pooler", pooler().port)):
        pooled: Literal["transaction"] | None = "transaction" if name == "pooler" else None
        with Proxy(behind) as proxy, pydb.Database(proxy.url(url), pooler=pooled) as database:
            for block in (database.begin, database.read, partial(database.begin, "SERIALIZABLE")):
                for turn in range(21):
                    if turn == 1:
                        before = proxy.requests
                    with block() as conn:
                        conn.exec_driver_sql("SELECT 1")
                counted.setdefault(name, []).append((proxy.requests - before) / 20)
    figures = {"requests a block": counted["pooler"][0], "requests a block, without a pooler": counted["server"][0]}
    write_figures("pooler-cost", "postgresql", figures)
    assert all(mine <= direct for mine, direct in zip(counted["pooler"], counted["server"], strict=True)), counted
    assert counted["pooler"] == [3, 3, 3]  # BEGIN with the settings, the statement, COMMIT or ROLLBACK


@awaited_too
def test_restarted_pooler(url: str, pooler: Start) -> None:
    """A restart of the pooler between two blocks causes no error."""
    bouncer = pooler()
    with pydb.Database(bouncer.url(url), pooler="transaction") as database:
        for _ in range(3):
            with database.begin() as conn:
                conn.exec_driver_sql("SELECT 1")
            bouncer.stop()
            bouncer.start()


@awaited_too
def test_ended_session(url: str, pooler: Start, server: object) -> None:
    """If the server ends a session behind the pooler, the block ends with Disconnected, and run() repeats it."""
    calls = []

    def work(conn: Connection) -> int:
        calls.append(conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
        if len(calls) == 1:
            with direct.begin() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": calls[0]})
        return int(conn.exec_driver_sql("SELECT 1").scalar_one())

    with pydb.Database(url) as direct, pydb.Database(pooler().url(url), pooler="transaction") as database:
        assert database.run(work) == 1
    assert len(calls) == 2


def test_no_session_is_free(url: str, pooler: Start) -> None:
    """If the pooler gives no session within connect_timeout, the block ends with Disconnected, and run() repeats it."""
    bouncer = pooler(sessions=1)
    with pydb.Database(bouncer.url(url), pooler="transaction", connect_timeout=0.5) as database:
        with database.begin() as conn:
            conn.exec_driver_sql("SELECT 1")
            with pytest.raises(errors.Disconnected), database.begin() as other:
                other.exec_driver_sql("SELECT 1")
        entered = Barrier(2)

        def hold() -> None:
            with database.begin() as conn:
                conn.exec_driver_sql("SELECT 1")
                entered.wait(ALARM)
                failed.wait(ALARM)

        failed = Event()
        with ThreadPoolExecutor(2) as threads:
            holding = threads.submit(hold)
            entered.wait(ALARM)
            waiting = threads.submit(lambda: database.run(lambda conn: 1))
            wait_until(lambda: bouncer.log.read_text().count("closing because") > 1, "a connection is given up")
            failed.set()
            assert waiting.result() == 1
            holding.result()


# Errors.


@pytest.mark.parametrize("mode", [*MODES, "statement"])
@pytest.mark.parametrize("kind", KINDS)
def test_without_the_option(url: str, pooler: Start, kind: str, mode: str) -> None:
    """Without the option, the first block raises an error with the solution, and run() does not repeat it."""
    with pydb.Database(pooler(mode, kind).url(url)) as database:
        with pytest.raises(errors.PydbError, match="unsupported startup parameter") as caught:
            database.run(lambda conn: None)
        assert HINT in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_dropped_settings(url: str, pooler: Start, kind: str, server: object) -> None:
    """A pooler that silently drops the settings of the session is refused, even if the role has the same settings."""
    bouncer = pooler("transaction", kind, ignore_startup_parameters="options,lock_timeout,statement_timeout")
    with pydb.Database(url) as direct, direct.begin() as conn:
        conn.exec_driver_sql("ALTER ROLE pydb SET lock_timeout = '10s'")
    try:
        with pydb.Database(bouncer.url(url)) as database, pytest.raises(errors.OptionError) as caught:
            database.run(lambda conn: None)
        assert HINT in str(caught.value)
    finally:
        with pydb.Database(url) as direct, direct.begin() as conn:
            conn.exec_driver_sql("ALTER ROLE pydb RESET lock_timeout")


def test_statement_pooling(url: str, pooler: Start) -> None:
    """A pooler in statement mode cannot keep a transaction, and the error says so."""
    with (
        pydb.Database(pooler("statement").url(url), pooler="transaction") as database,
        pytest.raises(errors.Disconnected, match="not statements"),
    ):
        database.run(lambda conn: None)


def test_prepared_in_another_session(url: str, pooler: Start) -> None:
    """If a statement was prepared in another session, the hint of the error names the cause."""
    bouncer = pooler("transaction", "plain", sessions=2)
    asked: dict[str, Any] = {"connect_args": {"prepare_threshold": 0}, "connect_timeout": ALARM}
    with (
        pydb.Database(bouncer.url(url), pooler="transaction", **asked) as database,
        pydb.Database(bouncer.url(url), pooler="transaction") as other,
    ):
        with database.begin() as conn:
            conn.execute(text("SELECT 1"))
        refused = pytest.raises(errors.OperationalError, match="prepared statement")
        with other.begin(), refused as caught, database.begin() as conn:
            conn.execute(text("SELECT 1"))
    assert HINT in str(caught.value)


def test_migrations_are_refused(database: pydb.Database, tmp_path: Path) -> None:
    """The lock of migrations belongs to a session, and a pooler gives each transaction another, so it is refused."""
    (tmp_path / "0001_first.sql").write_text("SELECT 1;\n")
    with pytest.raises(errors.MigrationError, match="migrations cannot run behind a pooler"):
        pydb.migrate(database, tmp_path)


def test_autocommit_is_refused(database: pydb.Database) -> None:
    """AUTOCOMMIT is refused by name, for a connection and for the engine."""
    with pytest.raises(errors.OptionError, match="AUTOCOMMIT"), database.connect() as conn:
        conn.execution_options(isolation_level="AUTOCOMMIT")
    with pytest.raises(errors.OptionError, match="AUTOCOMMIT"):
        database.engine.execution_options(isolation_level="AUTOCOMMIT")


def test_options_are_refused(url: str) -> None:
    """Startup options of the application are refused, in the URL and as an argument."""
    with pytest.raises(errors.OptionError, match="options= cannot pass"):
        pydb.Database(url, pooler="transaction", connect_args={"options": "-c work_mem=1MB"})
    with pytest.raises(errors.OptionError, match="options= cannot pass"):
        pydb.Database(f"{url}?options=-c%20work_mem%3D1MB", pooler="transaction")
