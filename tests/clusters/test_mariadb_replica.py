"""Database(url, read_url=…) on a MariaDB primary and a replica of its binary log."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import text

import pydb
from pydb import errors
from tests.clusters.conftest import awaited_too, started
from tests.clusters.replicas import ReplicatedMariadb
from tests.harness.server_registry import ServerRegistry
from tests.harness.waiting import ALARM, wait_until

pytestmark = pytest.mark.xdist_group("mariadb")

PORT = text("SELECT @@port")


@pytest.fixture(scope="module")
def cluster(registry: ServerRegistry) -> Iterator[ReplicatedMariadb]:
    """A primary and a replica."""
    made = started(lambda: ReplicatedMariadb(registry.path))
    yield made
    made.close()


@pytest.fixture
def database(cluster: ReplicatedMariadb) -> Iterator[pydb.Database]:
    """Both, with a table ``t``."""
    name = f"pydb_{uuid4().hex[:16]}"
    cluster.primary.create_database(name)
    wait_until(lambda: cluster.replica.execute(f"SHOW DATABASES LIKE '{name}'"), "the replica has the database")
    with pydb.Database(cluster.primary.url(name), read_url=cluster.replica.url(name)) as made:
        with made.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (id integer NOT NULL PRIMARY KEY)")
        yield made


def insert(database: pydb.Database, number: int) -> None:
    database.run(lambda conn: conn.execute(text("INSERT INTO t VALUES (:id)"), {"id": number}))


@awaited_too
def test_reads_see_the_write(database: pydb.Database, cluster: ReplicatedMariadb) -> None:
    """Each of 300 reads on the replica sees the write before it."""
    for number in range(300):
        insert(database, number)
        with database.read(after=database.position(), wait=ALARM) as conn:
            assert conn.exec_driver_sql("SELECT max(id) FROM t").scalar_one() == number
            assert conn.execute(PORT).scalar_one() == cluster.replica.port


@awaited_too
def test_behind(database: pydb.Database, cluster: ReplicatedMariadb) -> None:
    """If a replica is stopped, the primary is read."""
    cluster.replica.execute("STOP SLAVE SQL_THREAD")
    try:
        insert(database, 1)
        with database.read(after=database.position(), wait=0.05) as conn:
            assert conn.execute(PORT).scalar_one() == cluster.primary.port
            assert conn.exec_driver_sql("SELECT count(*) FROM t").scalar_one() == 1
    finally:
        cluster.replica.execute("START SLAVE SQL_THREAD")


@pytest.mark.parametrize("token", ["rubbish", "16/B374D848", "galera:0-1-99999", "0-1", "0-1-5'; DROP TABLE t; --"])
def test_no_position(database: pydb.Database, cluster: ReplicatedMariadb, token: str) -> None:
    """A text that is not a position, or a position of another cluster, means the primary."""
    with database.read(after=token, wait=0.05) as conn:
        assert conn.execute(PORT).scalar_one() == cluster.primary.port


@awaited_too
def test_read_only_primary(database: pydb.Database, cluster: ReplicatedMariadb) -> None:
    """A server that has become read-only is not used, and run() continues when it accepts writes again."""
    user = "pydb_app"
    cluster.primary.execute(f"CREATE OR REPLACE USER {user}@'127.0.0.1' IDENTIFIED BY 'pw'")
    cluster.primary.execute(f"GRANT ALL ON *.* TO {user}@'127.0.0.1'")
    cluster.primary.execute(f"REVOKE SUPER, READ ONLY ADMIN ON *.* FROM {user}@'127.0.0.1'")
    url = database.engine.url.set(username=user, password="pw")
    calls: list[int] = []
    with pydb.Database(url) as application:
        application.run(lambda conn: None)
        cluster.primary.execute("SET GLOBAL read_only = ON")
        try:
            with pytest.raises(errors.Disconnected), application.begin() as conn:
                conn.execute(text("INSERT INTO t VALUES (1)"))

            def work(conn: object) -> None:
                calls.append(1)
                if len(calls) == 3:
                    cluster.primary.execute("SET GLOBAL read_only = OFF")
                conn.execute(text("INSERT INTO t VALUES (2)"))  # type: ignore[attr-defined]

            application.run(work)
        finally:
            cluster.primary.execute("SET GLOBAL read_only = OFF")
    assert len(calls) >= 3


def test_no_binary_log(registry: ServerRegistry) -> None:
    """A primary without a binary log has no position: an error names log_bin; without read_url it is empty."""
    server = registry.shared("mariadb")
    name = f"pydb_{uuid4().hex[:16]}"
    server.create_database(name)
    url = server.url(name)
    with pydb.Database(url) as alone:
        assert alone.position() == ""
        with alone.read(after="") as conn:
            assert conn.execute(PORT).scalar_one() == server.port
    with pydb.Database(url, read_url=url) as database, pytest.raises(errors.PydbError, match="log_bin"):
        database.position()
    server.drop_database(name)
