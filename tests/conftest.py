"""The fixtures that run a test on SQLite, PostgreSQL and MariaDB.

In: a test that uses one of these fixtures.  Out: the test, run once on each engine with a separate database.
``engine_name``, ``empty_url``, ``empty_db``, ``sample_url``, ``db``, ``proxy``, ``own_server`` and ``own_url`` are for
one engine; ``empty_urls`` and ``sample_urls`` are for tests that compare all engines.

``call_path`` runs a test once on each of the two paths to the database; a module requests it with
``pytest.mark.usefixtures``.  With ``pytest.mark.awaited``, `make test-deep` also runs the test over an
``AsyncDatabase``.  ``database`` is a ``Database`` on an empty database, on each path.  ``create_tables`` runs DDL with
words for each engine's types, and ``load`` makes ``Queries`` from SQL text and records.

``@pytest.mark.engines("sqlite", …)`` on a test, or in ``pytestmark``, selects engines.  A test whose server cannot be
started is skipped with the reason; with ``PYDB_REQUIRE_SERVERS=1`` it fails.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, event

import pydb
from pydb.testing import run_of
from pydb.testing.databases import DatabaseMaker
from pydb.testing.server_registry import ServerRegistry
from pydb.testing.servers import ServerUnavailable, StartedServer, server_engines
from tests.harness.awaited import AWAITED, AwaitedDatabase, run_in_task
from tests.harness.proxy import Proxy
from tests.harness.runtime import CreateTables, Load, ddl, listen

if TYPE_CHECKING:
    from pydb import Database

SERVERS = server_engines()
ENGINES = ("sqlite", *SERVERS)
PROJECT = Path(__file__).parent.parent
SCHEMAS = {
    "sqlite": PROJECT / "schema.sql",
    "postgresql": PROJECT / "sql" / "postgresql" / "schema.sql",
    "mariadb": PROJECT / "sql" / "mariadb" / "schema.sql",
}
# The property tests try few examples; with HYPOTHESIS_PROFILE=thorough, which `make test-deep` sets, they try many.
PATIENT: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("quick", max_examples=25, **PATIENT)
settings.register_profile("thorough", max_examples=600, **PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

# A background job of a shell ignores the first two signals, a program under nohup the third, and the programs that the
# tests start would inherit that.  A signal that does nothing here ends them.
for number, usual in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGQUIT, signal.SIG_DFL),
    (signal.SIGHUP, lambda *_: None),
):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, usual)

# This suite has its own pytest plugin; tests/integration/test_compliance.py runs it.
collect_ignore = ["compliance"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = [marker.args[0] for marker in metafunc.definition.iter_markers("parametrize")]
    if "call_path" in metafunc.fixturenames and "call_path" not in chosen:
        in_deep = metafunc.definition.get_closest_marker("core_in_deep")
        paths: list[Any] = ["driver", pytest.param("core", marks=pytest.mark.deep) if in_deep else "core"]
        awaited = metafunc.definition.get_closest_marker("awaited")
        if awaited and awaited.args != (False,):
            paths.append(pytest.param(AWAITED, marks=pytest.mark.deep))
        metafunc.parametrize("call_path", paths, indirect=True)
    if "engine_name" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("engines")
    names: Sequence[str] = marker.args if marker else ENGINES
    if unknown := set(names) - set(ENGINES):
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: unknown engines {sorted(unknown)}")
    # SQLite has no server that could be restarted or have a proxy in front of it.
    if {"own_server", "proxy"} & set(metafunc.fixturenames):
        names = [name for name in names if name in SERVERS]
    metafunc.parametrize("engine_name", names, indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a test over ``AsyncDatabase`` in an event loop."""
    callspec = getattr(item, "callspec", None)
    if callspec is None or callspec.params.get("call_path") != AWAITED:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    run_in_task(item, nextitem)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the servers that the chosen tests need, both at the same time; pytest-xdist's controller starts none.

    Existing objects are excluded from garbage collection: a full collection then takes a millisecond instead of a
    quarter of a second.
    """
    gc.collect()
    gc.freeze()
    needed = {engine for item in session.items for engine in _servers_of(item)}
    if needed and not session.config.option.collectonly:
        _registry(session.config).start(needed)


def _registry(config: pytest.Config) -> ServerRegistry:
    return run_of(config).registry


def _servers_of(item: pytest.Item) -> Iterable[str]:
    if {"empty_urls", "sample_urls"} & set(getattr(item, "fixturenames", ())):
        return SERVERS
    callspec = getattr(item, "callspec", None)
    return {callspec.params.get("engine_name")} & set(SERVERS) if callspec else ()


def _ask(ask: Callable[[str], StartedServer], engine: str) -> StartedServer:
    try:
        return ask(engine)
    except ServerUnavailable as error:
        if os.environ.get("PYDB_REQUIRE_SERVERS") == "1":
            pytest.fail(f"PYDB_REQUIRE_SERVERS=1, but {error}", pytrace=False)
        pytest.skip(str(error))


@pytest.fixture
def engine_name(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The engine that this run of the test is on: ``sqlite``, ``postgresql`` or ``mariadb``."""
    if request.param == "mariadb":
        # For each connection, PyMySQL reads the certificates of all authorities, which takes 30 ms, and uses none of
        # them.
        monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
    return str(request.param)


@pytest.fixture
def shared_server(request: pytest.FixtureRequest, engine_name: str) -> StartedServer | None:
    """The run's server of this engine, which other workers use too, so it must not be stopped.  None for SQLite."""
    return _ask(_registry(request.config).shared, engine_name) if engine_name in SERVERS else None


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, engine_name: str) -> Iterator[str]:
    """The URL of a database without tables that only this test uses; on SQLite, a file that does not exist yet."""
    with _empty(request, engine_name) as url:
        yield url


@pytest.fixture
def empty_urls(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """``empty_url`` on all engines, by engine, for tests that compare them."""
    with ExitStack() as stack:
        yield {engine: stack.enter_context(_empty(request, engine)) for engine in ENGINES}


@pytest.fixture
def sample_url(request: pytest.FixtureRequest, engine_name: str) -> Iterator[str]:
    """The URL of a database with the sample's tables that only this test uses; only lookup tables have rows."""
    with _sample(request, engine_name) as url:
        yield url


@pytest.fixture
def sample_urls(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """``sample_url`` on all engines, by engine, for tests that compare them."""
    with ExitStack() as stack:
        yield {engine: stack.enter_context(_sample(request, engine)) for engine in ENGINES}


@contextmanager
def _empty(request: pytest.FixtureRequest, engine: str) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{request.getfixturevalue('tmp_path') / 'empty.db'}"
    else:
        with request.getfixturevalue("_makers")(engine).empty() as url:
            yield url


@contextmanager
def _sample(request: pytest.FixtureRequest, engine: str) -> Iterator[str]:
    if engine == "sqlite":
        file = request.getfixturevalue("tmp_path") / "sample.db"
        shutil.copyfile(request.getfixturevalue("_sqlite_template"), file)
        yield f"sqlite:///{file}"
    else:
        with request.getfixturevalue("_makers")(engine).filled() as url:
            yield url


@pytest.fixture(scope="session")
def _makers(request: pytest.FixtureRequest) -> Iterator[Callable[[str], DatabaseMaker]]:
    """The objects that make databases on the run's servers, empty or with the sample's tables."""
    makers: dict[str, DatabaseMaker] = {}

    def maker_of(engine: str) -> DatabaseMaker:
        if engine not in makers:
            makers[engine] = DatabaseMaker(_ask(_registry(request.config).shared, engine), SCHEMAS[engine])
        return makers[engine]

    yield maker_of
    for maker in makers.values():
        maker.close()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.db"
    with pydb.Database(f"sqlite:///{file}") as database:
        database.apply(SCHEMAS["sqlite"])
    return file


@pytest.fixture
def empty_db(empty_url: str) -> Iterator[Database]:
    """A ``pydb.Database`` on ``empty_url``."""
    with pydb.Database(empty_url) as database:
        yield database


@pytest.fixture
def db(sample_url: str) -> Iterator[Database]:
    """A ``pydb.Database`` on ``sample_url``."""
    with pydb.Database(sample_url) as database:
        yield database


@pytest.fixture
def proxy(shared_server: StartedServer | None) -> Iterator[Proxy]:
    """A ``Proxy`` in front of the run's server: ``proxy.url(empty_url)`` leads through it.  Not on SQLite."""
    assert shared_server is not None
    with Proxy(shared_server.port) as running:
        yield running


@pytest.fixture
def own_server(request: pytest.FixtureRequest, engine_name: str) -> StartedServer:
    """A running server that no other test uses at the same time: ``stop()``, ``start()``, ``restart()``, ``kill()``.

    The server logs every statement to ``own_server.statement_log``.  Not on SQLite.
    """
    return _ask(_registry(request.config).own, engine_name)


@pytest.fixture
def own_url(request: pytest.FixtureRequest, own_server: StartedServer) -> Iterator[str]:
    """The URL of an empty database on ``own_server`` that only this test uses."""
    with DatabaseMaker(own_server, None).empty() as url:
        yield url
        # The database is dropped on a running server, in whatever state the test has left it.
        _ask(_registry(request.config).own, own_server.engine)


@pytest.fixture
def call_path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """``driver`` (the driver's own cursor) or ``core`` (``Connection.execute``), for all engines of the test.

    With the marker ``core_in_deep``, ``core`` is in `make test-deep`: the subject of the test is the connection.
    With the marker ``awaited``, the test runs a third time, in which ``pydb.Database`` awaits an ``AsyncDatabase``.
    """
    if request.param == AWAITED:
        monkeypatch.setattr(pydb, "Database", AwaitedDatabase)
    if request.param == "core":
        event.listen(Engine, "before_cursor_execute", listen)
    yield str(request.param)
    if request.param == "core":
        event.remove(Engine, "before_cursor_execute", listen)


@pytest.fixture
def database(empty_url: str, call_path: str) -> Iterator[pydb.Database]:
    """A ``pydb.Database`` on an empty database whose statements take the ``call_path``."""
    with pydb.Database(empty_url) as made:
        yield made


@pytest.fixture
def create_tables(database: pydb.Database, engine_name: str, tmp_path: Path) -> CreateTables:
    """Apply DDL to ``database``: ``create_tables(text)``."""

    def create(text: str) -> None:
        script = tmp_path / "tables.sql"
        script.write_text(ddl(text, engine_name), encoding="utf-8")
        database.apply(script)

    return create


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load the statements of one .sql file and its overlays as ``queries.q``: ``load(text, *records, engine=text)``."""

    def load_text(text: str, *records: type, **overlays: str) -> Any:
        folder = tmp_path / "sql"
        folder.mkdir(exist_ok=True)
        (folder / "q.sql").write_text(text, encoding="utf-8")
        for engine, overlay in overlays.items():
            (folder / engine).mkdir(exist_ok=True)
            (folder / engine / "q.sql").write_text(overlay, encoding="utf-8")
        return pydb.load(folder, records=records).q

    return load_text
