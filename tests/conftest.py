"""The fixtures that run a test on SQLite, PostgreSQL and MariaDB.

In: a test that asks for one of these fixtures.  Out: the test, once per engine, on a database of its own:
``engine_name``; ``empty_url`` and ``empty_db``; ``sample_url`` and ``db``; ``proxy``; ``own_server`` and ``own_url``;
and for what compares the engines, all at once, ``empty_urls`` and ``sample_urls``.  Of the runtime: ``call_path``, the
test once down each of the two paths to the database, for which a module asks with ``pytest.mark.usefixtures``;
``database``, a ``Database`` on an empty database, on each path; ``create_tables``, DDL in, with words that mean each
engine's own; ``load``, SQL text and records in, ``Queries`` out.
``@pytest.mark.engines("sqlite", …)`` on a test or ``pytestmark`` restricts it.  A test whose server cannot be
started skips and says why; with ``PYDB_REQUIRE_SERVERS=1`` it fails.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, event

from tests.harness.proxy import Proxy
from tests.harness.runtime import CreateTables, Load, ddl, listen
from tests.harness.server_engines import SERVERS
from tests.harness.server_registry import ServerRegistry
from tests.harness.servers import Server, ServerUnavailable

if TYPE_CHECKING:
    import pydb
    from pydb import Database

ENGINES = ("sqlite", *SERVERS)
PROJECT = Path(__file__).parent.parent
SCHEMAS = {
    "sqlite": PROJECT / "schema.sql",
    "postgresql": PROJECT / "sql" / "postgresql" / "schema.sql",
    "mariadb": PROJECT / "sql" / "mariadb" / "schema.sql",
}
# The property tests try few examples; with HYPOTHESIS_PROFILE=thorough in the environment ten times as many.
# No deadline, and no complaint of slow examples: one takes as long as a busy machine needs.
PATIENT: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("quick", max_examples=60, **PATIENT)
settings.register_profile("thorough", max_examples=600, **PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

# A suite with a pytest plugin of its own: tests/integration/test_compliance.py runs it.
collect_ignore = ["compliance"]

REGISTRY = pytest.StashKey[ServerRegistry]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """pytest-xdist: every worker uses the controller's servers."""
    node.workerinput["pydb_servers"] = str(_registry(node.config).path)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine_name" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("engines")
    names: Sequence[str] = marker.args if marker else ENGINES
    if unknown := set(names) - set(ENGINES):
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: unknown engines {sorted(unknown)}")
    # SQLite has no server to restart, and nothing for a proxy to stand before.
    if {"own_server", "proxy"} & set(metafunc.fixturenames):
        names = [name for name in names if name in SERVERS]
    metafunc.parametrize("engine_name", names, indirect=True)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the servers that the chosen tests need, both at once; none in pytest-xdist's controller."""
    needed = {engine for item in session.items for engine in _servers_of(item)}
    if needed and not session.config.option.collectonly:
        _registry(session.config).start(needed)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Also after Ctrl-C."""
    if REGISTRY in config.stash:
        config.stash[REGISTRY].close()


def _registry(config: pytest.Config) -> ServerRegistry:
    if REGISTRY not in config.stash:
        path = getattr(config, "workerinput", {}).get("pydb_servers")
        config.stash[REGISTRY] = ServerRegistry(Path(path) if path else None)
    return config.stash[REGISTRY]


def _servers_of(item: pytest.Item) -> Iterable[str]:
    if {"empty_urls", "sample_urls"} & set(getattr(item, "fixturenames", ())):
        return SERVERS
    callspec = getattr(item, "callspec", None)
    return {callspec.params.get("engine_name")} & SERVERS.keys() if callspec else ()


def _ask(ask: Callable[[str], Server], engine: str) -> Server:
    try:
        return ask(engine)
    except ServerUnavailable as error:
        if os.environ.get("PYDB_REQUIRE_SERVERS") == "1":
            pytest.fail(f"PYDB_REQUIRE_SERVERS=1, but {error}", pytrace=False)
        pytest.skip(str(error))


def _apply(url: str, engine: str) -> None:
    import pydb

    with pydb.Database(url) as database:
        database.apply(SCHEMAS[engine])


@pytest.fixture
def engine_name(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """``sqlite``, ``postgresql`` or ``mariadb``: the engine that this run of the test is on."""
    if request.param == "mariadb":
        # For each connection PyMySQL reads the certificates of the world, 30 ms, and checks none of them.
        monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
    return str(request.param)


@pytest.fixture
def shared_server(request: pytest.FixtureRequest, engine_name: str) -> Server | None:
    """The run's server of this engine, which other workers use too: not to be stopped.  None for SQLite."""
    return _ask(_registry(request.config).shared, engine_name) if engine_name in SERVERS else None


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, engine_name: str) -> Iterator[str]:
    """The URL of a database without tables that only this test uses; on SQLite a file that is not there yet."""
    with _empty(request, engine_name) as url:
        yield url


@pytest.fixture
def empty_urls(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """``empty_url`` on all engines at once, by engine: for what compares them."""
    with ExitStack() as stack:
        yield {engine: stack.enter_context(_empty(request, engine)) for engine in ENGINES}


@pytest.fixture
def sample_url(request: pytest.FixtureRequest, engine_name: str) -> Iterator[str]:
    """The URL of a database with the sample's tables, empty but for lookups, that only this test uses."""
    with _sample(request, engine_name) as url:
        yield url


@pytest.fixture
def sample_urls(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """``sample_url`` on all engines at once, by engine: for what compares them."""
    with ExitStack() as stack:
        yield {engine: stack.enter_context(_sample(request, engine)) for engine in ENGINES}


@contextmanager
def _empty(request: pytest.FixtureRequest, engine: str) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{request.getfixturevalue('tmp_path') / 'empty.db'}"
    else:
        with _database(_ask(_registry(request.config).shared, engine)) as url:
            yield url


@contextmanager
def _sample(request: pytest.FixtureRequest, engine: str) -> Iterator[str]:
    if engine == "sqlite":
        file = request.getfixturevalue("tmp_path") / "sample.db"
        shutil.copyfile(request.getfixturevalue("_sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    template = request.getfixturevalue("_postgresql_template") if engine == "postgresql" else None
    with _database(_ask(_registry(request.config).shared, engine), template) as url:
        if template is None:
            _run(url, request.getfixturevalue("_mariadb_statements"))
        yield url


@contextmanager
def _database(server: Server, template: str | None = None) -> Iterator[str]:
    name = f"pydb_{uuid4().hex[:16]}"
    server.create_database(name, template)
    try:
        yield server.url(name)
    finally:
        server.drop_database(name)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.db"
    _apply(f"sqlite:///{file}", "sqlite")
    return file


@pytest.fixture(scope="session")
def _mariadb_statements() -> list[str]:
    """The schema cut into statements once: MariaDB has no templates, and cutting it takes as long as running it."""
    from pydb.sqlfile.script import statements

    return [sql for _, sql in statements(SCHEMAS["mariadb"].read_text(encoding="utf-8"), "mariadb")]


def _run(url: str, statements: Iterable[str]) -> None:
    import pydb

    with pydb.Database(url) as database, database.begin() as conn:
        for sql in statements:
            conn.exec_driver_sql(sql, execution_options={"no_parameters": True})


@pytest.fixture(scope="session")
def _postgresql_template(request: pytest.FixtureRequest) -> Iterator[str]:
    with _database(_ask(_registry(request.config).shared, "postgresql")) as url:
        _apply(url, "postgresql")
        yield url.rpartition("/")[2]


@pytest.fixture
def empty_db(empty_url: str) -> Iterator[Database]:
    """A ``pydb.Database`` on ``empty_url``."""
    import pydb

    with pydb.Database(empty_url) as database:
        yield database


@pytest.fixture
def db(sample_url: str) -> Iterator[Database]:
    """A ``pydb.Database`` on ``sample_url``."""
    import pydb

    with pydb.Database(sample_url) as database:
        yield database


@pytest.fixture
def proxy(shared_server: Server | None) -> Iterator[Proxy]:
    """A ``Proxy`` before the run's server: ``proxy.url(empty_url)`` goes through it.  Not on SQLite."""
    assert shared_server is not None
    with Proxy(shared_server.port) as running:
        yield running


@pytest.fixture
def own_server(request: pytest.FixtureRequest, engine_name: str) -> Server:
    """A server that no other test uses meanwhile, running: ``stop()``, ``start()``, ``restart()``, ``kill()``.

    It logs every statement to ``own_server.statement_log``.  Not on SQLite.
    """
    return _ask(_registry(request.config).own, engine_name)


@pytest.fixture
def own_url(request: pytest.FixtureRequest, own_server: Server) -> Iterator[str]:
    """The URL of an empty database on ``own_server`` that only this test uses."""
    with _database(own_server) as url:
        yield url
        # The database is dropped on a running server, whatever the test did to it.
        _ask(_registry(request.config).own, own_server.engine)


@pytest.fixture(params=["driver", "core"])
def call_path(request: pytest.FixtureRequest) -> Iterator[str]:
    """``driver`` (the driver's own cursor) or ``core`` (``Connection.execute``), for all engines of the test."""
    if request.param == "core":
        event.listen(Engine, "before_cursor_execute", listen)
    yield str(request.param)
    if request.param == "core":
        event.remove(Engine, "before_cursor_execute", listen)


@pytest.fixture
def database(empty_url: str, call_path: str) -> Iterator[pydb.Database]:
    """A ``pydb.Database`` on an empty database whose statements take the ``call_path``."""
    import pydb

    with pydb.Database(empty_url) as made:
        yield made


@pytest.fixture
def create_tables(database: pydb.Database, engine_name: str, tmp_path: Path) -> CreateTables:
    """``create_tables(text)``: apply DDL to ``database``."""

    def create(text: str) -> None:
        script = tmp_path / "tables.sql"
        script.write_text(ddl(text, engine_name), encoding="utf-8")
        database.apply(script)

    return create


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """``load(text, *records, engine=text)``: the statements of one .sql file and its overlays, as ``queries.q``."""

    import pydb

    def load_text(text: str, *records: type, **overlays: str) -> Any:
        folder = tmp_path / "sql"
        folder.mkdir(exist_ok=True)
        (folder / "q.sql").write_text(text, encoding="utf-8")
        for engine, overlay in overlays.items():
            (folder / engine).mkdir(exist_ok=True)
            (folder / engine / "q.sql").write_text(overlay, encoding="utf-8")
        return pydb.load(folder, records=records).q

    return load_text
