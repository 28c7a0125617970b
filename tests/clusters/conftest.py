"""The clusters that the tests of this folder run on.  Each one is started when the first test needs it.

In: the installed servers, poolers and proxies.  Out: these fixtures.  ``registry`` has a directory with everything,
which is stopped and deleted with the tests.  ``server`` is one PostgreSQL server, and ``url`` an empty database on it.
``pooler`` starts a PgBouncer in front of it.  ``cluster`` is a PostgreSQL primary with standbys, and ``galera`` a
cluster of MariaDB.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from tests.clusters.galera import Galera
from tests.clusters.pgbouncer import PgBouncer
from tests.clusters.standbys import ReplicatedPostgresql
from tests.harness.awaited import AWAITED
from tests.harness.server_registry import ServerRegistry
from tests.harness.servers import Server, ServerUnavailable

FOLDER = Path(__file__).parent

Test = TypeVar("Test", bound=Callable[..., None])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.clusters)


def awaited_too(test: Test) -> Test:
    """Run a test a second time over ``AsyncDatabase``, in a task: it must not use its databases in other threads."""
    pytest.mark.parametrize("call_path", ["driver", AWAITED], indirect=True)(test)
    pytest.mark.usefixtures("call_path")(test)  # so that it comes before the fixtures that open databases
    return test


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Log no warnings or errors, and so no tracebacks."""
    # For each connection, PyMySQL reads the certificates of all authorities, which takes 30 ms, and uses none of them.
    monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
    yield
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.fixture(scope="session")
def registry() -> Iterator[ServerRegistry]:
    """The directory of this run's clusters.  It stops them, however the run ends."""
    made = ServerRegistry()
    yield made
    made.close()


def started(start: Callable[[], Any]) -> Any:
    """The result of ``start``; if something is not installed, the test is skipped, or fails if it must not skip."""
    try:
        return start()
    except ServerUnavailable as error:
        if os.environ.get("PYDB_REQUIRE_SERVERS") == "1":
            pytest.fail(f"PYDB_REQUIRE_SERVERS=1, but {error}", pytrace=False)
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def server(registry: ServerRegistry) -> Server:
    """A PostgreSQL server without standbys."""
    return started(lambda: registry.shared("postgresql"))  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def cluster(registry: ServerRegistry) -> Iterator[ReplicatedPostgresql]:
    """A PostgreSQL primary and two standbys.  After a test that ends one of them, it is started again."""
    made = started(lambda: ReplicatedPostgresql(registry.path))
    yield made
    made.close()


@pytest.fixture(scope="session")
def galera(registry: ServerRegistry) -> Iterator[Galera]:
    """A Galera cluster of three nodes.  After a test that ends one of them, it is started again."""
    made = started(lambda: Galera(registry.path))
    yield made
    made.close()


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """The URL of an empty database on ``server``."""
    name = f"pydb_{uuid4().hex[:16]}"
    server.create_database(name)
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def pooler(registry: ServerRegistry, server: Server) -> Iterator[Callable[..., PgBouncer]]:
    """Start a PgBouncer in front of ``server``; the arguments are those of ``PgBouncer`` after the server."""
    running: list[PgBouncer] = []

    def start(*arguments: Any, **settings: Any) -> PgBouncer:
        made: PgBouncer = started(lambda: PgBouncer(registry.path, server, *arguments, **settings).start())
        running.append(made)
        return made

    yield start
    for made in running:
        made.stop()
