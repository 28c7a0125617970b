"""A primary of PostgreSQL dies while programs write, and a standby is promoted: no job is lost or done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import psycopg
import pytest
from sqlalchemy import text

import pydb
from tests.clusters.conftest import awaited_too, started
from tests.clusters.haproxy import HaProxy
from tests.clusters.jobs import Jobs, faults
from tests.clusters.pgbouncer import PgBouncer
from tests.clusters.standbys import ReplicatedPostgresql, several_hosts
from tests.harness.awaited import AwaitedDatabase
from tests.harness.figures import write_figures
from tests.harness.server_registry import ServerRegistry
from tests.harness.servers import USER

pytestmark = pytest.mark.xdist_group("postgresql")

OUTAGE = 10.0


@pytest.fixture
def cluster(registry: ServerRegistry) -> Iterator[ReplicatedPostgresql]:
    """A primary and two standbys that only this test uses."""
    made = started(lambda: ReplicatedPostgresql(registry.path))
    yield made
    made.close()


def is_primary(cluster: ReplicatedPostgresql, port: int) -> Callable[[], bool]:
    """Whether the server at this port is a primary, by the rules of Patroni."""
    address = f"host=127.0.0.1 port={port} user={USER} password={cluster.password} dbname=postgres connect_timeout=2"

    def ask() -> bool:
        with psycopg.connect(address, autocommit=True) as conn:
            return conn.execute("SELECT NOT pg_is_in_recovery()").fetchone() == (True,)

    return ask


def ports(cluster: ReplicatedPostgresql) -> list[int]:
    return [server.port for server in (cluster.primary, *cluster.standbys)]


def promotion(
    cluster: ReplicatedPostgresql,
    database: pydb.Database,
    seconds: float = 0.0,
    awaited: Callable[[], AwaitedDatabase] | None = None,
) -> tuple[Jobs, dict[str, object]]:
    """Kill the primary under load, promote a standby this many seconds later, and continue; the result of the jobs."""
    jobs = Jobs([database], awaited)
    jobs.prepare()
    with jobs:
        jobs.more(200)
        cluster.primary.kill()
        threading.Event().wait(seconds)
        cluster.fail_over()
        jobs.more(200)
    return jobs, jobs.figures(database)


def test_promotion(cluster: ReplicatedPostgresql) -> None:
    """A standby is promoted 10 seconds after the primary was killed under load: run() continues, no job is lost."""
    url = cluster.create_database("jobs")
    options = {"target_session_attrs": "read-write"}
    with pydb.Database(several_hosts(url, ports(cluster), **options), connect_timeout=5) as database:
        jobs, figures = promotion(cluster, database, OUTAGE)
    write_figures("failover", "postgresql", {"seconds without a primary": int(OUTAGE), **figures})
    assert faults(figures) == {}, jobs.failed
    assert jobs.longest > OUTAGE  # a job was running at every moment


def test_promotion_awaited(cluster: ReplicatedPostgresql) -> None:
    """The same is true over AsyncDatabase, in an event loop of each thread, for a standby that is promoted at once."""
    url = several_hosts(cluster.create_database("jobs"), ports(cluster), target_session_attrs="read-write")
    with pydb.Database(url, connect_timeout=5) as database:
        jobs, figures = promotion(cluster, database, awaited=lambda: AwaitedDatabase(url, connect_timeout=5))
    assert faults(figures) == {}, jobs.failed


def test_promotion_behind_haproxy(cluster: ReplicatedPostgresql, registry: ServerRegistry) -> None:
    """The same is true through HAProxy, which finds the new primary."""
    url = cluster.create_database("jobs")
    with (
        HaProxy(registry.path, {port: is_primary(cluster, port) for port in ports(cluster)}) as proxy,
        pydb.Database(proxy.url(url), connect_timeout=5) as database,
    ):
        jobs, figures = promotion(cluster, database)
    write_figures("failover-haproxy", "postgresql", figures)
    assert faults(figures) == {}, jobs.failed


def test_promotion_behind_pgbouncer(cluster: ReplicatedPostgresql, registry: ServerRegistry) -> None:
    """The same is true through PgBouncer in front of HAProxy."""
    url = cluster.create_database("jobs")
    with HaProxy(registry.path, {port: is_primary(cluster, port) for port in ports(cluster)}) as proxy:
        primary = cluster.primary
        made = started(lambda: PgBouncer(registry.path, _Behind(proxy.port, cluster.password), sessions=4).start())
        try:
            with pydb.Database(made.url(url), pooler="transaction", connect_timeout=5) as database:
                jobs, figures = promotion(cluster, database)
        finally:
            made.stop()
    assert not primary.running
    assert faults(figures) == {}, jobs.failed


class _Behind:
    """The data that PgBouncer needs about the server behind HAProxy."""

    def __init__(self, port: int, password: str) -> None:
        self.port, self.password = port, password


@awaited_too
def test_promoted_standby_is_read(cluster: ReplicatedPostgresql) -> None:
    """Without a primary, reads continue on the standbys, also after one was promoted, and see what is written there."""
    url = cluster.create_database("jobs")
    both = [standby.port for standby in cluster.standbys]
    with pydb.Database(
        several_hosts(url, ports(cluster), target_session_attrs="read-write"),
        read_url=several_hosts(url, both, load_balance_hosts="random"),
        connect_timeout=5,
    ) as database:
        database.run(lambda conn: conn.exec_driver_sql("CREATE TABLE t (id integer)"))
        database.run(lambda conn: conn.exec_driver_sql("INSERT INTO t VALUES (1)"))
        position = database.position()
        cluster.primary.kill()
        count = text("SELECT count(*), inet_server_port() FROM t")
        for _ in range(10):
            number, port = database.run_read(lambda conn: conn.execute(count).one(), after=position, wait=60)
            assert (number, port in both) == (1, True)
        new = cluster.fail_over()
        database.run(lambda conn: conn.exec_driver_sql("INSERT INTO t VALUES (2)"))
        found = set()
        for _ in range(40):
            with database.read(after=database.position(), wait=60) as conn:
                number, port = conn.execute(count).one()
                assert number == 2
                found.add(port)
            database.read_engine.dispose()  # another connection, perhaps to another server
        assert found == set(both)
        assert new.port in found
