"""Database(url, read_url=…) on a PostgreSQL primary with two hot standbys: reads that see the write, or the primary."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Connection, make_url, text

import pydb
from pydb import errors
from tests.clusters.conftest import awaited_too, started
from tests.clusters.pgbouncer import PgBouncer
from tests.clusters.standbys import ReplicatedPostgresql, several_hosts
from tests.harness.figures import write_figures
from tests.harness.proxy import Proxy
from tests.harness.server_registry import ServerRegistry
from tests.harness.waiting import ALARM, wait_until

pytestmark = pytest.mark.xdist_group("postgresql")

WRITES = 300
WHERE = text("SELECT pg_is_in_recovery(), inet_server_port()")


@pytest.fixture
def address(cluster: ReplicatedPostgresql) -> str:
    """The URL of an empty database on the primary, which the standbys have received."""
    return cluster.create_database(f"pydb_{uuid4().hex[:16]}")


@pytest.fixture
def read_url(cluster: ReplicatedPostgresql, address: str) -> str:
    """The URL of that database on both standbys."""
    return several_hosts(address, [standby.port for standby in cluster.standbys], load_balance_hosts="random")


@pytest.fixture
def database(address: str, read_url: str) -> Iterator[pydb.Database]:
    """Both, with a table ``t``."""
    with pydb.Database(address, read_url=read_url, pool_size=20) as made:
        with made.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (id integer)")
        with made.read(after=made.position(), wait=ALARM) as conn:
            assert is_standby(conn)
        yield made


def is_standby(conn: Connection) -> bool:
    return bool(conn.execute(WHERE).one()[0])


def insert(database: pydb.Database, number: int) -> None:
    database.run(lambda conn: conn.execute(text("INSERT INTO t VALUES (:id)"), {"id": number}))


@pytest.mark.smoke
def test_reads_see_the_write(database: pydb.Database) -> None:
    """Each of 300 reads after a write sees that write, on a standby."""
    counts = {"reads": 0, "seen": 0, "seen without after=": 0, "on the primary": 0}
    newest = text("SELECT coalesce(max(id), -1) FROM t")
    for number in range(WRITES):
        insert(database, number)
        with database.read() as conn:
            counts["seen without after="] += conn.execute(newest).scalar_one() == number
        with database.read(after=database.position(), wait=ALARM) as conn:
            counts["reads"] += 1
            counts["seen"] += conn.execute(newest).scalar_one() == number
            counts["on the primary"] += not is_standby(conn)
    write_figures("replicas", "postgresql", counts)
    assert counts["reads"] == counts["seen"] == WRITES, counts
    assert counts["on the primary"] == 0, counts


def test_reads_spread(database: pydb.Database, cluster: ReplicatedPostgresql) -> None:
    """Simultaneous reads use both standbys, and writes use only the primary."""
    met = Barrier(20)

    def port(_number: int) -> int:
        with database.read() as conn:
            met.wait(ALARM)
            return int(conn.execute(WHERE).one()[1])

    with ThreadPoolExecutor(20) as threads:
        assert set(threads.map(port, range(20))) == {standby.port for standby in cluster.standbys}
    with database.begin() as conn:
        assert conn.execute(WHERE).one() == (False, cluster.primary.port)


@awaited_too
def test_dead_standbys(database: pydb.Database, cluster: ReplicatedPostgresql) -> None:
    """A dead standby is not used; if both are dead, the primary is read; when they return, they are read again."""
    one, other = cluster.standbys

    def ports(count: int = 12) -> set[int]:
        return {database.run_read(lambda conn: int(conn.execute(WHERE).one()[1])) for _ in range(count)}

    one.kill()
    try:
        assert ports() == {other.port}
        other.kill()
        assert ports() == {cluster.primary.port}
    finally:
        for standby in cluster.standbys:
            if not standby.running:
                standby.start()
    wait_until(lambda: ports(1) <= {one.port, other.port}, "a standby is read again")


@awaited_too
def test_silent_standby(address: str, cluster: ReplicatedPostgresql) -> None:
    """A standby that does not answer is not used, and is read again when it answers."""
    with (
        Proxy(cluster.standbys[0].port) as proxy,
        pydb.Database(address, read_url=proxy.url(address), connect_timeout=1) as database,
    ):
        wait_until(lambda: database.run_read(is_standby), "the standby has the database")
        proxy.stall()
        try:
            assert [database.run_read(is_standby) for _ in range(5)] == [False] * 5
        finally:
            proxy.resume()
        wait_until(lambda: database.run_read(is_standby), "the standby is read again")


@awaited_too
def test_behind(database: pydb.Database, cluster: ReplicatedPostgresql) -> None:
    """If a standby does not reach the position within wait=, the primary is read, which sees the write."""
    for standby in cluster.standbys:
        standby.execute("SELECT pg_wal_replay_pause()")
    try:
        insert(database, 1)
        for wait in (0.0, 0.05):
            with database.read(after=database.position(), wait=wait) as conn:
                assert not is_standby(conn)
                assert conn.execute(text("SELECT count(*) FROM t")).scalar_one() == 1
        with database.read() as conn:
            assert is_standby(conn)
    finally:
        for standby in cluster.standbys:
            standby.execute("SELECT pg_wal_replay_resume()")


@pytest.mark.parametrize(
    "token",
    ["rubbish", "0-1-5", "1/2/3", "G/1", "1/0'; DROP TABLE t; --", "5f9bfc4e-0b3f-11ef-8c45-000000000001:7", "/"],
)
def test_no_position(database: pydb.Database, token: str) -> None:
    """A text that is not a position of PostgreSQL means the primary."""
    with database.read(after=token) as conn:
        assert not is_standby(conn)


@awaited_too
def test_behind_poolers(
    address: str, cluster: ReplicatedPostgresql, registry: ServerRegistry, database: pydb.Database
) -> None:
    """With a pooler in front of the primary and of a standby, each of 100 reads sees the write before it."""
    with ExitStack() as stack:
        poolers = []
        for server in (cluster.primary, cluster.standbys[0]):
            poolers.append(started(PgBouncer(registry.path, server).start))
            stack.callback(poolers[-1].stop)
        url, read_url = (pooler.url(address) for pooler in poolers)
        pooled = stack.enter_context(pydb.Database(url, read_url=read_url, pooler="transaction"))
        for number in range(100, 200):
            insert(pooled, number)
            with pooled.read(after=pooled.position(), wait=ALARM) as conn:
                assert is_standby(conn)
                assert conn.execute(text("SELECT max(id) FROM t")).scalar_one() == number


@pytest.mark.parametrize("token", [None, ""])
def test_nothing_to_wait_for(database: pydb.Database, token: str | None) -> None:
    """Without a position, any standby may be read."""
    assert database.run_read(is_standby, after=token)


def test_wait_is_checked(database: pydb.Database) -> None:
    """A negative wait is refused."""
    with pytest.raises(ValueError, match="wait must be a number"):
        database.read(wait=-1)
    with pytest.raises(ValueError, match="wait must be a number"):
        database.run_read(is_standby, wait=float("nan"))


@awaited_too
def test_serializable_reads(database: pydb.Database) -> None:
    """A SERIALIZABLE read uses the primary, because a standby refuses it."""
    assert database.run_read(is_standby)
    assert not database.run_read(is_standby, isolation="SERIALIZABLE")


@awaited_too
def test_read_only(database: pydb.Database) -> None:
    """A read block refuses to write, on a standby and on the primary."""
    for after in (None, "rubbish"):
        with pytest.raises(errors.DatabaseError, match="read-only"), database.read(after=after) as conn:
            conn.execute(text("INSERT INTO t VALUES (1)"))


@pytest.mark.parametrize("busy", [True, False], ids=["in a statement", "between statements"])
def test_recovery_conflict(database: pydb.Database, address: str, busy: bool) -> None:
    """If a standby ends a read because of a recovery conflict, run_read() repeats it."""
    for number in range(50):
        insert(database, number)
    position = database.position()
    calls: list[bool] = []
    plain = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)

    def remove() -> None:
        with psycopg.connect(plain, autocommit=True) as primary:
            primary.execute("DELETE FROM t")
            primary.execute("VACUUM t")

    def work(conn: Connection) -> int:
        calls.append(is_standby(conn))
        found = conn.execute(text("SELECT count(*) FROM t")).scalar_one()
        if len(calls) == 1:
            remover = threads.submit(remove)
            if busy:
                conn.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": ALARM})
            remover.result()
            wait_until(lambda: conn.execute(text("SELECT count(*) FROM t")).scalar_one() is None, "it is ended")
        return int(found)

    with ThreadPoolExecutor(1) as threads:
        database.run_read(work, after=position, wait=ALARM)
    assert len(calls) > 1
    assert calls[0]


@awaited_too
def test_standby_as_primary(read_url: str) -> None:
    """A write on a standby raises Disconnected, and run() repeats it until its time is over."""
    with pydb.Database(read_url) as database, pytest.raises(errors.Disconnected, match="not the primary"):
        database.run(lambda conn: conn.execute(text("CREATE TABLE x (id integer)")), within=0.3)


def test_other_engines() -> None:
    """read_url must be of the same engine as url, and SQLite has none."""
    with pytest.raises(errors.OptionError, match="SQLite has no replicas"):
        pydb.Database("sqlite://", read_url="sqlite://")
    with pytest.raises(errors.OptionError, match="different engines"):
        pydb.Database("postgresql+psycopg://u@localhost/d", read_url="mariadb+pymysql://u@localhost/d")
