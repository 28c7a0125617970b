"""Database on a Galera cluster of three nodes: reads that see the write, conflicts, a dead node, a lost quorum."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any
from uuid import uuid4

import pymysql
import pytest
from sqlalchemy import Connection, TextClause, event, text

import pydb
from pydb import errors
from tests.clusters.conftest import awaited_too
from tests.clusters.galera import Galera, GaleraNode
from tests.clusters.haproxy import HaProxy
from tests.clusters.jobs import Jobs, faults
from tests.harness.awaited import AwaitedDatabase
from tests.harness.figures import write_figures
from tests.harness.server_registry import ServerRegistry
from tests.harness.servers import USER
from tests.harness.waiting import ALARM, wait_until

pytestmark = pytest.mark.xdist_group("galera")

WRITES = 300
NODE = text("SELECT @@port")


@pytest.fixture
def name(galera: Galera) -> str:
    """A database that all nodes have."""
    made = f"pydb_{uuid4().hex[:16]}"
    galera.nodes[0].create_database(made)
    for node in galera.nodes:
        wait_until(partial(node.execute, f"SHOW DATABASES LIKE '{made}'"), "the database is on each node")
    return made


@pytest.fixture
def databases(galera: Galera, name: str) -> Iterator[list[pydb.Database]]:
    """A database on each node."""
    made = [pydb.Database(node.url(name), connect_timeout=5) for node in galera.nodes]
    yield made
    for database in made:
        database.close()


def insert(write: TextClause, number: int, conn: Connection) -> None:
    """Insert one row."""
    conn.execute(write, {"id": number})


@pytest.mark.smoke
def test_reads_see_the_write(galera: Galera, name: str) -> None:
    """Each of 300 reads on another node sees the write before it."""
    one, two, three = galera.nodes
    counts = {"reads": 0, "seen": 0, "seen without after=": 0, "on the primary": 0}
    newest, write = text("SELECT coalesce(max(id), -1) FROM t"), text("INSERT INTO t VALUES (:id)")
    with pydb.Database(one.url(name), read_url=two.url(name)) as database, pydb.Database(three.url(name)) as other:
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (id integer NOT NULL PRIMARY KEY)")
        for number in range(WRITES):
            database.run(partial(insert, write, number))
            with database.read() as conn:
                counts["seen without after="] += conn.execute(newest).scalar_one() == number
            # Each node returns a position that includes everything that the cluster has committed.
            position = (database if number % 5 else other).position()
            with database.read(after=position, wait=ALARM) as conn:
                counts["reads"] += 1
                counts["seen"] += conn.execute(newest).scalar_one() == number
                counts["on the primary"] += conn.execute(NODE).scalar_one() == one.port
    write_figures("replicas", "mariadb", {"what": "Galera", **counts})
    assert counts["reads"] == counts["seen"] == WRITES, counts
    assert counts["on the primary"] == 0, counts


@awaited_too
def test_position_keeps_its_connection(databases: list[pydb.Database]) -> None:
    """Positions that are requested one after the other use one connection."""
    made: list[object] = []
    event.listen(databases[0].engine, "connect", lambda connection, _record: made.append(connection))
    assert len({databases[0].position() for _ in range(5)}) == 1
    assert len(made) == 1


def test_conflict_at_commit(databases: list[pydb.Database]) -> None:
    """Of two transactions that change one row on two nodes, one fails at COMMIT with Deadlock, and run() repeats it."""
    one, two, _ = databases
    with one.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE t (id integer NOT NULL PRIMARY KEY, v integer NOT NULL)")
        conn.exec_driver_sql("INSERT INTO t VALUES (1, 0)")
    wait_until(lambda: two.run_read(lambda conn: count(conn, "t")) == 1, "the row is on the other node")
    met = Barrier(2)
    add = text("UPDATE t SET v = v + 1 WHERE id = 1")

    def in_block(database: pydb.Database) -> None:
        with database.begin() as conn:
            conn.execute(add)
            met.wait(ALARM)

    with ThreadPoolExecutor(2) as threads:
        futures = [threads.submit(in_block, database) for database in (one, two)]
    raised = [error for future in futures if (error := future.exception()) is not None]
    assert [type(error) for error in raised] == [errors.Deadlock]

    calls: list[int] = []

    def work(conn: Connection) -> None:
        calls.append(1)
        first = len(calls) <= 2
        conn.execute(add)
        if first:
            met.wait(ALARM)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda database: database.run(work), (one, two)))
    assert len(calls) > 2
    position = two.position()
    assert position.startswith("galera:")
    with two.read() as conn:
        assert conn.exec_driver_sql("SELECT v FROM t").scalar_one() == 3


def count(conn: Connection, table: str) -> int:
    return int(conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def test_conflicts_on_all_nodes(databases: list[pydb.Database]) -> None:
    """Jobs that change the same rows on all three nodes are each done once, however often they conflict."""
    jobs = Jobs(databases, threads=6)
    jobs.prepare()
    wait_until(lambda: all(prepared(database) for database in databases), "the tables are on each node")
    with jobs:
        jobs.more(1_000)
    figures = at_rest(databases, jobs)
    write_figures("galera-conflicts", "mariadb", figures)
    assert faults(figures) == {}, jobs.failed
    assert not jobs.unknown


def prepared(database: pydb.Database) -> bool:
    try:
        return database.run_read(lambda conn: count(conn, "counters")) == 3
    except errors.ProgrammingError:
        return False


def at_rest(databases: list[pydb.Database], jobs: Jobs) -> dict[str, Any]:
    """The figures of the jobs, when the first node has everything that all nodes have committed."""
    databases[0].position()
    return jobs.figures(databases[0])


def test_node_dies(galera: Galera, databases: list[pydb.Database]) -> None:
    """If a node is killed under load, the others continue, no job is lost or doubled, and the node returns."""
    jobs = Jobs(databases[:2])
    jobs.prepare()
    wait_until(lambda: prepared(databases[1]), "the tables are on the other node")
    with jobs:
        jobs.more(200)
        galera.nodes[2].kill()
        jobs.more(200)
        galera.nodes[2].start()
        jobs.more(200)
    figures = at_rest(databases, jobs)
    assert faults(figures) == {}, jobs.failed


def is_ready(node: GaleraNode) -> Callable[[], bool]:
    """Whether the node accepts statements, by the rules of clustercheck."""

    def ask() -> bool:
        with (
            pymysql.connect(
                host="127.0.0.1", port=node.port, user=USER, password=node.password, connect_timeout=2, read_timeout=2
            ) as conn,
            conn.cursor() as cursor,
        ):
            cursor.execute("SHOW GLOBAL STATUS LIKE 'wsrep_ready'")
            return bool((cursor.fetchone() or ("", ""))[1] == "ON")

    return ask


@pytest.mark.parametrize("awaits", [False, True], ids=["threads", "tasks"])
def test_node_dies_behind_haproxy(galera: Galera, name: str, registry: ServerRegistry, awaits: bool) -> None:
    """If the node of all jobs is killed behind HAProxy, run() of Database and of AsyncDatabase uses another node."""
    with (
        HaProxy(registry.path, {node.port: is_ready(node) for node in galera.nodes}) as proxy,
        pydb.Database(proxy.url(galera.nodes[0].url(name)), connect_timeout=5) as database,
    ):
        url = proxy.url(galera.nodes[0].url(name))
        jobs = Jobs([database], partial(AwaitedDatabase, url, connect_timeout=5) if awaits else None)
        jobs.prepare()
        killed = next(node for node in galera.nodes if node.port == port_of(database))
        with jobs:
            jobs.more(200)
            killed.kill()
            jobs.more(200)
            killed.start()
            jobs.more(200)
        database.position()
        figures = jobs.figures(database)
    if not awaits:
        write_figures("galera-haproxy", "mariadb", figures)
    assert faults(figures) == {}, jobs.failed


def port_of(database: pydb.Database) -> int:
    with database.read() as conn:
        return int(conn.execute(NODE).scalar_one())


def test_quorum_lost_and_back(galera: Galera, databases: list[pydb.Database]) -> None:
    """While two of three nodes do not answer, the third refuses statements; run() continues when they answer again."""
    jobs = Jobs(databases[:1])
    jobs.prepare()
    alone, *others = galera.nodes
    with jobs:
        jobs.more(40)
        for node in others:
            node.freeze()
        try:
            wait_until(lambda: alone.status("wsrep_cluster_status") != "Primary", "the quorum is lost")
            with pytest.raises(errors.Disconnected, match="WSREP"):
                databases[0].run(lambda conn: count(conn, "done"), within=0.2)
        finally:
            for node in others:
                node.thaw()
        jobs.more(40)
    for node in galera.nodes:
        wait_until(node.is_ready, "the node is a part of the cluster again")
    figures = at_rest(databases, jobs)
    write_figures("galera-quorum", "mariadb", figures)
    assert faults(figures) == {}, jobs.failed
