"""A fourth engine, SQLite under another name, registered as in docs/adding-an-engine.md, without a change of pydb."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.dialects import registry

import pydb
import pydb.engines
from pydb.engines import engine_names, engine_of_dialect, part, readers_of, register, registration
from pydb.errors import PydbError, SqlFileError, UniqueViolation
from tests.harness.documents import PROJECT, blocks
from tests.harness.projects import CONFIGURED, Project, project_in

PAGE = PROJECT / "docs" / "adding-an-engine.md"
SCHEMA = """
CREATE TABLE users (
    id integer NOT NULL CONSTRAINT users_pkey PRIMARY KEY,
    name text NOT NULL CONSTRAINT users_name_key UNIQUE,
    age integer
);
"""
SHARED = """
-- name: create :one User
INSERT INTO users (name, age) VALUES (:name, :age) RETURNING id, name, age;

-- name: by_id :maybe User
SELECT id, name, age FROM users WHERE id = :id;

-- name: all :many User
SELECT id, name, age FROM users ORDER BY id;

-- name: each :stream User
SELECT id, name, age FROM users ORDER BY id;

-- name: add :batch
INSERT INTO users (name, age) VALUES (:name, :age);

-- name: named :many User
SELECT id, name, age FROM users WHERE name IN (:names) ORDER BY id;

-- name: where :one scalar
SELECT 'shared' AS place;

-- name: nearer :one scalar
SELECT 'shared' AS place;
"""
SQLITE = (
    "-- name: where :one scalar\nSELECT 'sqlite' AS place;\n-- name: nearer :one scalar\nSELECT 'sqlite' AS place;\n"
)
TOY = "-- name: nearer :one scalar\nSELECT 'toy' AS place;\n"


@dataclass(frozen=True, slots=True)
class User:
    id: int
    name: str
    age: int | None


@pytest.fixture
def toy() -> Iterator[None]:
    """The engine that the page registers, until the end of the test."""
    before = dict(pydb.engines._engines)
    module = types.ModuleType("toy_engine")
    sys.modules["toy_engine"] = module
    try:
        for block in blocks(PAGE):
            if block.language == "python":
                exec(compile(block.text, str(PAGE), "exec"), vars(module))
        yield
    finally:
        pydb.engines._engines.clear()
        pydb.engines._engines.update(before)
        registry.impls.pop("toy", None)
        del sys.modules["toy_engine"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Statements with an overlay for SQLite and one for the new engine, and their schema."""
    files = {"schema.sql": SCHEMA, "sql/users.sql": SHARED, "sql/sqlite/users.sql": SQLITE, "sql/toy/users.sql": TOY}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.usefixtures("toy")
def test_it_loads_and_calls(folder: Path) -> None:
    """Statements are loaded for the engine and called on it, with every row word, and its errors are classified."""
    queries = pydb.load(folder / "sql", records=[User]).users
    with pydb.Database(f"toy:///{folder}/app.db") as database:
        assert database.engine.dialect.name == "toy"
        assert (database.rules.name, database.rules.product) == ("toy", "Toy")
        database.apply(folder / "schema.sql")
        with database.begin() as conn:
            ann = queries.create(conn, name="Ann", age=None)
            assert queries.add(conn, [{"name": "Bob", "age": 3}, {"name": "Cid", "age": 4}]) == 2
        with database.read() as conn:
            for _ in range(3):
                assert queries.by_id(conn, id=ann.id) == ann == User(1, "Ann", None)
            assert [user.name for user in queries.all(conn)] == ["Ann", "Bob", "Cid"]
            assert list(queries.each(conn)) == queries.all(conn)
            assert [user.id for user in queries.named(conn, names=["Cid", "Ann"])] == [1, 3]
        with pytest.raises(UniqueViolation) as caught, database.begin() as conn:
            queries.create(conn, name="Ann", age=1)
        assert (caught.value.table, caught.value.columns) == ("users", ("name",))


@pytest.mark.usefixtures("toy")
def test_overlays_are_a_chain(folder: Path) -> None:
    """Its form of a statement is that of its folder, else of the engine that it is like, else the shared form."""
    queries = pydb.load(folder / "sql", records=[User]).users
    for url, where, nearer in (("toy://", "sqlite", "toy"), ("sqlite://", "sqlite", "sqlite")):
        with pydb.Database(url) as database, database.read() as conn:
            assert (queries.where(conn), queries.nearer(conn)) == (where, nearer)
    assert queries.where.definition.forms["postgresql"].sql == "SELECT 'shared' AS place;"
    assert readers_of("sqlite") == ("sqlite", "toy")
    assert readers_of("toy") == ("toy",)


@pytest.mark.usefixtures("toy")
def test_check_and_generate(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Its forms are proven in a separate database, and the functions that are generated from them work on it."""
    url = f"toy:///{folder}/app.db"
    with project_in(folder, monkeypatch, capsys, CONFIGURED) as project:
        project.write({"app/__init__.py": ""})
        done = project.pydb("generate", "--db", url)
        assert done.code == 0, done.out + done.err
        done = project.pydb("check", "--db", url)
        assert done.code == 0, done.out + done.err
        assert f"8 proven on {_product('sqlite')}, 8 proven on {_product('toy')}" in done.out + done.err
        assert project.pydb("schema", "apply", "--db", url).code == 0
        assert project.pydb("check", "--live", "--db", url).code == 0
        with project.imported() as package, pydb.Database(url) as database, database.begin() as conn:
            user = package.users.create(conn, name="Ann", age=None)
            assert package.users.by_id(conn, id=user.id) == user
        _check_findings(project, url)


def _product(engine: str) -> str:
    from pydb.describe.session import sessions_of

    with sessions_of(engine).scratch(None) as session:
        return session.product


def _check_findings(project: Project, url: str) -> None:
    """A statement that only the overlay breaks is a finding on only this engine."""
    project.write({"sql/toy/users.sql": TOY.replace("'toy'", "nowhere")})
    done = project.pydb("check", "--db", url)
    assert done.code == 1
    assert "sql/toy/users.sql:2" in done.out
    assert "C101 users.nearer: toy: no such column: nowhere" in done.out
    assert "sql/users.sql" not in done.out


@pytest.mark.usefixtures("toy")
def test_its_own_schema_script_is_nearer(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A schema script in its overlay folder replaces that of the engine that it is like."""
    url = f"toy:///{folder}/app.db"
    with project_in(folder, monkeypatch, capsys, CONFIGURED) as project:
        project.write({"sql/toy/schema.sql": SCHEMA.replace("age integer", "age integer NOT NULL DEFAULT 0")})
        assert project.pydb("schema", "apply", "--db", url).code == 0
        with pydb.Database(url) as database, database.read() as conn:
            columns = conn.exec_driver_sql("SELECT name FROM pragma_table_info('users') WHERE \"notnull\"").scalars()
            assert columns.all() == ["id", "name", "age"]


@pytest.mark.usefixtures("toy")
def test_the_schema_option_is_its_script_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--schema`` replaces the default engine's script, also for an engine that is like it."""
    (folder / "schema.sql").rename(folder / "other.sql")
    with project_in(folder, monkeypatch, capsys, CONFIGURED) as project:
        project.write({"app/__init__.py": ""})
        (folder / "schema.sql").write_text("CREATE TABLE elsewhere (id integer NOT NULL);\n")
        done = project.pydb("generate", "--schema", "other.sql", "--db", f"toy:///{folder}/app.db")
        assert done.code == 0, done.out + done.err


@pytest.mark.usefixtures("toy")
def test_what_is_taken_cannot_be_registered() -> None:
    """A name or a dialect can be registered only once."""
    with pytest.raises(PydbError, match="an engine toy is registered already"):
        register("toy", like="sqlite")
    with pytest.raises(PydbError, match="is registered already"):
        register("other", like="sqlite", dialects=("toy",))
    with pytest.raises(PydbError, match="no engine is named nowhere"):
        register("other", like="nowhere")


@pytest.mark.usefixtures("toy")
def test_parts_are_its_own_objects() -> None:
    """The engine has its own parts, of the classes of the engine that it is like."""
    for kind in registration("sqlite").parts:
        own, other = part("toy", kind), part("sqlite", kind)
        assert type(own) is type(other)
        # A class does not depend on an engine.
        assert part("toy", kind) is own
        assert isinstance(own, type) or own is not other
    assert engine_names() == ("sqlite", "postgresql", "mariadb", "toy")
    assert engine_of_dialect("toy") == "toy"


def test_statements_that_were_loaded_before(folder: Path, request: pytest.FixtureRequest) -> None:
    """Statements without a form for the engine raise an error that says so."""
    (folder / "sql" / "toy" / "users.sql").unlink()
    (folder / "sql" / "toy").rmdir()
    queries = pydb.load(folder / "sql", records=[User]).users
    request.getfixturevalue("toy")
    with (
        pydb.Database("toy://") as database,
        database.read() as conn,
        pytest.raises(SqlFileError, match="has no form for toy"),
    ):
        queries.where(conn)


def test_without_it_its_folder_is_a_folder_of_statements(folder: Path) -> None:
    """If the engine is not registered, its folder is an ordinary folder."""
    assert "toy.users.nearer" in pydb.load(folder / "sql", records=[User])
