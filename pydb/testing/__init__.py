"""The pytest plugin: fixtures that give each test a database, on each engine.

``pydb_db`` rolls back what a test did, ``pydb_fresh_db`` is a database with real commits, ``pydb_server`` is a server;
``round_trips`` counts statements.  docs/testing.md explains them.  pytest imports this module in every project that has
pydb installed, so its other modules are imported only when a fixture is used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pydb.database import Database
    from pydb.database.async_database import AsyncDatabase
    from pydb.testing.async_rollback import AsyncRollbackDatabase
    from pydb.testing.coverage import StatementCoverage
    from pydb.testing.databases import DatabaseMaker
    from pydb.testing.rollback import RollbackDatabase
    from pydb.testing.run import RunState
    from pydb.testing.servers import DatabaseHost
    from pydb.testing.statement_count import SentStatements

__all__ = [
    "pydb_async_db",
    "pydb_async_fresh_db",
    "pydb_db",
    "pydb_engine",
    "pydb_fresh_db",
    "pydb_fresh_url",
    "pydb_schema",
    "pydb_server",
    "round_trips",
    "run_of",
]

_RUN: pytest.StashKey[RunState] = pytest.StashKey()
_SERVERS = pytest.StashKey[Path]()
_COVERAGE: pytest.StashKey[StatementCoverage] = pytest.StashKey()
_TEXT, _JSON = "text", "json:"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the plugin."""
    group = parser.getgroup("pydb", "pydb: databases for tests")
    group.addoption(
        "--pydb-engine",
        action="append",
        metavar="NAME",
        help="Test on this engine; may be repeated [default: that of the url in [tool.pydb]].",
    )
    group.addoption(
        "--pydb-server",
        action="append",
        metavar="URL",
        help="Use this running server for its engine instead of starting one; may be repeated.",
    )
    group.addoption(
        "--pydb-coverage",
        nargs="?",
        const=_TEXT,
        metavar="text|json:FILE",
        help="At the end, list the statements, and the variants of optional lines, that no test ran.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse an invalid value of an option."""
    if config.getoption("pydb_engine") or config.getoption("pydb_server"):
        _engines(config, needs_server=False)
    wanted = config.getoption("pydb_coverage")
    if wanted is None:
        return
    if wanted != _TEXT and not (wanted.startswith(_JSON) and wanted != _JSON):
        raise pytest.UsageError("--pydb-coverage=text or =json:FILE; before a path write --pydb-coverage=text")
    from pydb.errors import PydbError
    from pydb.testing.coverage import StatementCoverage

    try:
        config.stash[_COVERAGE] = StatementCoverage(config.rootpath)
        return
    except PydbError as error:
        failure = f"--pydb-coverage: {error}"
    raise pytest.UsageError(failure)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send the calls of this worker's tests to the controller, if pytest-xdist is used."""
    config = session.config
    output = getattr(config, "workeroutput", None)
    if _COVERAGE in config.stash and output is not None:
        output["pydb_coverage"] = config.stash[_COVERAGE].ran


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add the calls of a worker's tests, if pytest-xdist is used."""
    if _COVERAGE in node.config.stash:
        node.config.stash[_COVERAGE].add(getattr(node, "workeroutput", {}).get("pydb_coverage", ()))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """List the statements that no test ran."""
    if _COVERAGE not in config.stash:
        return
    from pydb.errors import PydbError

    wanted = str(config.getoption("pydb_coverage"))
    if wanted == _TEXT:
        terminalreporter.section("pydb: statements that no test ran")
    try:
        report = config.stash[_COVERAGE].report(_engines(config, needs_server=False))
    except PydbError as error:
        terminalreporter.write_line(str(error))
        return
    if wanted != _TEXT:
        Path(config.invocation_params.dir, wanted.removeprefix(_JSON)).write_text(report.json(), encoding="utf-8")
    for line in report.lines() if wanted == _TEXT else [report.summary()]:
        terminalreporter.write_line(line)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Let every worker of pytest-xdist use the same servers, which end with this process."""
    node.workerinput["pydb_servers"] = str(_servers(node.config))
    node.workerinput["pydb_owner"] = os.getpid()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses the fixtures once on each engine."""
    if "pydb_engine" not in metafunc.fixturenames:
        return
    usual = _engines(metafunc.config, needs_server=False)
    engines = _engines(metafunc.config, needs_server="pydb_server" in metafunc.fixturenames)
    if len(engines) > 1 or engines != usual:
        metafunc.parametrize("pydb_engine", engines, indirect=True, scope="session")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Drop the databases and end the servers, also after Ctrl-C."""
    if _RUN in config.stash:
        config.stash[_RUN].close()
    if _COVERAGE in config.stash:
        config.stash[_COVERAGE].close()
    servers = config.stash.get(_SERVERS, None)
    if servers is not None and servers.exists():
        from pydb.testing import server_cleanup

        server_cleanup.end(servers)


def run_of(config: pytest.Config) -> RunState:
    """The state that the tests of this process share."""
    if _RUN not in config.stash:
        from pydb.testing.run import RunState

        given = getattr(config, "workerinput", {})
        path, owner = given.get("pydb_servers"), given.get("pydb_owner")
        config.stash[_RUN] = RunState(
            config.rootpath,
            config.getoption("pydb_engine") or (),
            config.getoption("pydb_server") or (),
            Path(path) if path else None,
            owner,
        )
    return config.stash[_RUN]


def _servers(config: pytest.Config) -> Path:
    if _SERVERS not in config.stash:
        from pydb.testing.server_cleanup import new_path

        config.stash[_SERVERS] = new_path()
    return config.stash[_SERVERS]


def _engines(config: pytest.Config, *, needs_server: bool) -> tuple[str, ...]:
    from pydb.errors import PydbError

    try:
        run = run_of(config)
        if not needs_server:
            return run.engines
        from pydb.testing.servers import server_engines

        return tuple(name for name in run.engines if name in server_engines()) or server_engines()[:1]
    except PydbError as error:
        failure = str(error)
    raise pytest.UsageError(failure)


@contextmanager
def _said() -> Iterator[None]:
    """Make a test fail with a message of one line if there is no server."""
    from pydb.testing.servers import ServerUnavailable

    try:
        yield
    except ServerUnavailable as error:
        failure = str(error)
    else:
        return
    pytest.fail(failure, pytrace=False)


@contextmanager
def round_trips(limit: int) -> Iterator[SentStatements]:
    """Fail the test if the block sends more than ``limit`` statements; the value of the block has their names.

    Statements that begin and end transactions and savepoints are not counted; an ``executemany`` counts once.
    """
    __tracebackhide__ = True
    from pydb.testing.statement_count import sent_statements

    with sent_statements() as sent:
        yield sent
    refusal = sent.refusal(limit)
    if refusal is not None:
        pytest.fail(refusal)


@pytest.fixture(scope="session")
def pydb_engine(request: pytest.FixtureRequest) -> str:
    """The engine that the test runs on: ``sqlite``, for example."""
    return str(request.param) if hasattr(request, "param") else _engines(request.config, needs_server=False)[0]


@pytest.fixture(scope="session")
def pydb_schema(request: pytest.FixtureRequest, pydb_engine: str) -> Path | None:
    """The schema script of the databases, by default that of [tool.pydb]; None for databases without tables.

    A conftest.py may override it.
    """
    return run_of(request.config).schema(pydb_engine)


@pytest.fixture(scope="session")
def pydb_server(
    request: pytest.FixtureRequest, pydb_engine: str, tmp_path_factory: pytest.TempPathFactory
) -> DatabaseHost:
    """A server of the engine: ``url(database)``, ``create_database(name)``, ``drop_database(name)``.

    It is started for the test run and ends with it; with ``--pydb-server`` the given server is used.
    """
    with _said():
        return run_of(request.config).host(pydb_engine, tmp_path_factory.mktemp("pydb"))


@pytest.fixture(scope="session")
def _pydb_maker(
    request: pytest.FixtureRequest, pydb_engine: str, pydb_schema: Path | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DatabaseMaker]:
    from pydb.testing.databases import DatabaseMaker

    with _said():
        host = run_of(request.config).host(pydb_engine, tmp_path_factory.mktemp("pydb"))
    maker = DatabaseMaker(host, pydb_schema)
    yield maker
    maker.close()


@pytest.fixture(scope="session")
def _pydb_isolated(_pydb_maker: DatabaseMaker) -> Iterator[Callable[[], Any]]:
    from pydb.testing.rollback import IsolatedTests

    with IsolatedTests(_pydb_maker) as tests:
        yield tests.one


@pytest.fixture
def pydb_db(_pydb_isolated: Callable[[], Any]) -> Iterator[RollbackDatabase]:
    """A ``Database`` with the project's tables; what the test does is rolled back."""
    with _pydb_isolated() as database:
        yield database


@pytest.fixture(scope="session")
def _pydb_async_isolated(_pydb_maker: DatabaseMaker) -> Iterator[Callable[[], Any]]:
    from pydb.testing.async_rollback import AsyncIsolatedTests

    with AsyncIsolatedTests(_pydb_maker) as tests:
        yield tests.one


@pytest.fixture
def pydb_async_db(_pydb_async_isolated: Callable[[], Any]) -> Iterator[AsyncRollbackDatabase]:
    """An ``AsyncDatabase`` with the project's tables; what the test does is rolled back.

    The fixture itself awaits nothing, so the test can be run by any plugin or by ``asyncio.run``.
    """
    with _pydb_async_isolated() as database:
        yield database


@pytest.fixture
def pydb_fresh_url(_pydb_maker: DatabaseMaker) -> Iterator[str]:
    """The URL, with password, of a database with the project's tables that only this test uses."""
    with _pydb_maker.filled() as url:
        yield url


@pytest.fixture
def pydb_fresh_db(pydb_fresh_url: str) -> Iterator[Database]:
    """A ``Database`` with the project's tables that only this test uses; its commits are real."""
    from pydb.database import Database

    with Database(pydb_fresh_url) as database:
        yield database


@pytest.fixture
def pydb_async_fresh_db(pydb_fresh_url: str) -> Iterator[AsyncDatabase]:
    """An ``AsyncDatabase`` with the project's tables that only this test uses; its commits are real."""
    from pydb.testing.async_rollback import end_fresh, fresh

    database = fresh(pydb_fresh_url)
    yield database
    end_fresh(database)
