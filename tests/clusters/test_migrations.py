"""Migrations on a Galera cluster, where a named lock is valid on one node only: the journal decides."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import pytest

import pydb
from pydb.errors import MigrationError
from tests.clusters.galera import Galera
from tests.harness.migrations import journal, rows, write_migrations
from tests.harness.waiting import wait_until

pytestmark = pytest.mark.xdist_group("galera")

FIRST = "CREATE TABLE t (id integer NOT NULL AUTO_INCREMENT PRIMARY KEY, a integer NOT NULL);\n"
SECOND = "INSERT INTO t (a) VALUES (1);\nALTER TABLE t ADD COLUMN b integer NULL;\nINSERT INTO t (a) VALUES (2);\n"


@pytest.fixture
def databases(galera: Galera) -> Iterator[list[pydb.Database]]:
    """A database on each node."""
    name = f"pydb_{uuid4().hex[:16]}"
    galera.nodes[0].create_database(name)
    for node in galera.nodes:
        wait_until(partial(node.execute, f"SHOW DATABASES LIKE '{name}'"), "the database is on each node")
    made = [pydb.Database(node.url(name), connect_timeout=5) for node in galera.nodes]
    yield made
    for database in made:
        database.close()


def test_each_node_at_once(databases: list[pydb.Database], tmp_path: Path) -> None:
    """Of three nodes that migrate at the same time, none applies a statement again that another one has applied."""
    folder = write_migrations(tmp_path, {"0001_first": FIRST, "0002_second": SECOND})
    together = Barrier(len(databases))

    def migrate(database: pydb.Database) -> str:
        together.wait()
        try:
            return " ".join(pydb.migrate(database, folder))
        except MigrationError as error:
            return str(error)

    with ThreadPoolExecutor(len(databases)) as pool:
        outcomes = list(pool.map(migrate, databases))
    # A node that another one has overtaken has left the rest to it.
    wait_until(lambda: not pydb.migrate(databases[0], folder), "all is applied")
    assert rows(databases[0], "SELECT a FROM t ORDER BY id") == [(1,), (2,)], outcomes
    assert [row[2:] for row in journal(databases[0])] == [(1, 1, 1), (3, 3, 1)], outcomes
