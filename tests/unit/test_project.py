"""The project of a command."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb.errors import PydbError
from pydb.project import Project, database_file, engine_of, find_project, url_of


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, without a database in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def configured(folder: Path, text: str) -> Project:
    """The project with this pyproject.toml."""
    (folder / "pyproject.toml").write_text(text)
    return find_project(folder)


def test_the_nearest_table_counts(folder: Path) -> None:
    """A pyproject.toml without [tool.pydb] is skipped."""
    configured(folder, '[tool.pydb]\nsql = "statements"\n')
    below = folder / "a" / "b"
    below.mkdir(parents=True)
    (below / "pyproject.toml").write_text("[project]\n")
    assert find_project(below).sql_path(None) == "statements"


def test_without_a_project() -> None:
    """Everything must be given by options, which the errors name."""
    project = find_project(Path.cwd())
    assert project.sql_path("x") == "x"
    assert project.schema_path("y", "sqlite") == "y"
    for ask in (lambda: project.sql_path(None), lambda: project.schema_path(None, "sqlite"), lambda: project.root):
        with pytest.raises(PydbError):
            ask()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.pydb", "pyproject.toml: "),
        ("[tool]\npydb = 1\n", "must be a table"),
        ("[tool.pydb]\nsqll = 'x'\n", "has no key 'sqll'    hint: "),
        ("[tool.pydb]\nsql = 1\n", "sql must be text"),
        ("[tool.pydb]\nasync = 'yes'\n", "async must be true or false"),
        ("[tool.pydb]\npackage = 'a-b'\n", "package must be a dotted name"),
        ("[tool.pydb]\npackage = 'json'\n", "json is a module that generated code, or Python itself, imports"),
        ("[tool.pydb]\nmodules = 'a'\n", "modules must be a list"),
        ("[tool.pydb]\nmodules = ['a', 'a']\n", "modules has a name twice"),
        ("[tool.pydb.records.User]\nbase = []\n", "records.User must be a table with bases"),
        ("[tool.pydb.records.User]\nbases = ['B']\n", "the base B of User has no module"),
        ("[tool.pydb.records]\n'a b' = 1\n", "'a b' is not a record name"),
    ],
)
def test_what_is_wrong(folder: Path, text: str, said: str) -> None:
    """A wrong setting is an error of the file, with a hint."""
    with pytest.raises(PydbError) as raised:
        configured(folder, text)
    assert said in str(raised.value)


def test_schema_scripts(folder: Path) -> None:
    """An engine's script is in its overlay folder; only existing scripts are returned."""
    project = configured(folder, '[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\n')
    (folder / "sql/mariadb").mkdir(parents=True)
    (folder / "sql/mariadb/schema.sql").touch()
    (folder / "schema.sql").touch()
    assert project.schema_path(None, "sqlite") == "schema.sql"
    assert project.schema_path(None, "mariadb") == "sql/mariadb/schema.sql"
    assert project.schema_scripts("sql", None) == {"sqlite": "schema.sql", "mariadb": "sql/mariadb/schema.sql"}
    with pytest.raises(PydbError, match="the schema script nowhere"):
        project.schema_scripts("sql", "nowhere")


@pytest.mark.parametrize(("source", "inside"), [(False, "."), (True, "src")])
def test_where_imports_start(folder: Path, source: bool, inside: str) -> None:
    """Imports start beside pyproject.toml, or in ``src`` if the package is there."""
    (folder / ("src/app" if source else "app")).mkdir(parents=True)
    assert configured(folder, '[tool.pydb]\npackage = "app.db"\n').root == folder / inside


def test_its_modules(folder: Path) -> None:
    """The .sql files may name the modules of the settings."""
    project = configured(
        folder,
        '[tool.pydb]\npackage = "app.db"\nmodules = ["types_"]\n[tool.pydb.records.User]\nbases = ["mixins.Named"]\n',
    )
    assert project.own_modules.names == {"app", "types_", "mixins"}


def test_the_database(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``--db`` is used first, then the environment, then the project, whose file is beside pyproject.toml."""
    project = configured(folder, '[tool.pydb]\nurl = "sqlite:///app.db"\n')
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")
    assert url_of(None, project).database == str(folder / "app.db")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///env.db")
    assert url_of(None, project).database == "env.db"
    assert url_of("sqlite:///option.db", project).database == "option.db"
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(PydbError, match="no database is named"):
        url_of(None, Project())


@pytest.mark.parametrize(
    ("url", "file", "engine"),
    [
        ("sqlite:///a.db", "a.db", "sqlite"),
        ("sqlite://", None, "sqlite"),
        ("postgresql+psycopg://h/d", None, "postgresql"),
        ("mysql+pymysql://h/d", None, "mariadb"),
    ],
)
def test_urls(url: str, file: str | None, engine: str) -> None:
    """A URL has an engine, and a file if it names one."""
    assert (database_file(make_url(url)), engine_of(make_url(url))) == (file, engine)


def test_an_engine_that_is_none() -> None:
    """An unknown engine is an error."""
    with pytest.raises(PydbError):
        engine_of(make_url("oracle://h/d"))
