"""The imports of a command: modules of the application, and those in [tool.pydb]; none from a .sql file alone."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import SafeUUID

import pytest

import pydb
from pydb import Database
from pydb.errors import SqlFileError
from tests.harness.documents import PROJECT
from tests.harness.projects import CONFIGURED, Project, project_in

SCHEMA = "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, role text NOT NULL);\n"
ROLE = 'from enum import StrEnum\n\n\nclass Role(StrEnum):\n    ADMIN = "admin"\n'


def statement(word: str) -> str:
    """A statement with a parameter and a column of that type."""
    directives = f"-- @param role {word}\n-- @column role {word}\n"
    return f"-- name: roles :many scalar\n{directives}SELECT role FROM users WHERE role = :role;\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Project]:
    """A project with one row in its database."""
    known = set(sys.modules)
    configured = f'{CONFIGURED}url = "sqlite:///app.sqlite"\n'
    with project_in(tmp_path, monkeypatch, capsys, configured) as project:
        project.write({"schema.sql": SCHEMA, "app/__init__.py": "", "app/types.py": ROLE})
        database = sqlite3.connect(tmp_path / "app.sqlite")
        database.executescript(f"{SCHEMA}INSERT INTO users (role) VALUES ('admin');")
        database.close()
        yield project
    for name in set(sys.modules) - known:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(tmp_path)):
            del sys.modules[name]


def run(project: Project) -> Any:
    """`pydb run` of the statement."""
    return project.pydb("run", "users.roles", "role=admin", "--format", "json")


@pytest.mark.parametrize(
    "word",
    ["antigravity.Comic", "this.Zen", "turtle.Turtle", "os.PathLike", "sqlalchemy.Engine", "wsgiref.headers.Headers"],
)
def test_a_sql_file_imports_no_module_of_others(project: Project, word: str) -> None:
    """A type of another installed module is refused by file, line and statement, and the module is not imported."""
    module = word.rpartition(".")[0]
    was_there = module in sys.modules
    project.write({"sql/users.sql": statement(word)})
    said = f"{module} is not known as a module of the application"
    hint = f'hint: if it is one, write in pyproject.toml: [tool.pydb] modules = ["{module}"]'
    for command in ("generate", "check"):
        done = project.pydb(command)
        assert (done.code, done.err) == (1, "")
        assert f"sql/users.sql:1: G108 users.roles: @param role names {word}: {said}    {hint}" in done.out
    done = run(project)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"pydb: sql/users.sql:1: users.roles: the type {word}: {said}    {hint}\n"
    assert project.pydb("show", "users.roles").code == 0
    assert (module in sys.modules) == was_there


def test_the_application_s_own_types(project: Project) -> None:
    """A type of the application is used by generate, check and run."""
    project.write({"sql/users.sql": statement("app.types.Role")})
    project.generate()
    assert project.pydb("check").code == 0
    assert json.loads(run(project).out) == [{"role": "admin"}]


@pytest.mark.parametrize(
    ("setting", "allowed"),
    [
        ('modules = ["words.roles"]', True),
        ('modules = ["words"]', True),
        ('modules = ["other", "words.roles"]', True),
        ('records = "words.rows"', True),
        ('[tool.pydb.records.User]\nbases = ["words.roles.Base"]', True),
        ('modules = ["words.other"]', False),
        ('modules = ["words.role"]', False),
        ('modules = ["word"]', False),
        ('[tool.pydb.records.User]\nbases = ["words.other.Base"]', False),
        ("", False),
    ],
)
def test_what_the_settings_name_can_be_named(project: Project, setting: str, allowed: bool) -> None:
    """A module in `modules` or below it, a module in the package of `records`, and that of a base may be named."""
    user = "\n\n-- name: all :many User\nSELECT id FROM users;\n"
    project.write(
        {
            "pyproject.toml": f'{CONFIGURED}url = "sqlite:///app.sqlite"\n{setting}\n',
            "words/roles.py": f"{ROLE}\n\nclass Base:\n    pass\n",
            "words/rows.py": "",
            "words/other.py": "class Base:\n    pass\n",
            "sql/users.sql": statement("words.roles.Role") + user,
        }
    )
    done = project.pydb("generate")
    assert (done.code, "G108" in done.out) == ((0, False) if allowed else (1, True)), done
    done = run(project)
    assert (done.code, json.loads(done.out or "[]")) == ((0, [{"role": "admin"}]) if allowed else (2, [])), done


FAILURES = {
    "raise RuntimeError('secret')": "RuntimeError at app/types.py:1",
    "import sys\nsys.exit(1)": "SystemExit at app/types.py:2",
    "import sys\nsys.exit('secret')": "SystemExit at app/types.py:2",
    "import nosuch": "ModuleNotFoundError: No module named 'nosuch' at app/types.py:1",
    "def f(:\n    pass": "SyntaxError: invalid syntax at app/types.py:1",
    "raise KeyError('secret\\nsecond line')": "KeyError at app/types.py:1",
    "from app.types import Nothing": "ImportError: cannot import name 'Nothing' from partially initialized module",
}


@pytest.mark.parametrize("source", FAILURES)
def test_a_module_that_fails(project: Project, source: str) -> None:
    """Whatever error a module raises at import, one line names file, line, statement and exception."""
    project.write({"app/types.py": f"{source}\n", "sql/users.sql": statement("app.types.Role")})
    done = run(project)
    assert done.code == 2
    start = (
        f"pydb: sql/users.sql:1: users.roles: the type app.types.Role: app.types cannot be imported: {FAILURES[source]}"
    )
    assert done.err.startswith(start)
    assert done.err.endswith("    hint: python -c 'import app.types' shows the whole error\n")
    assert (done.err.count("\n"), "secret" in done.err) == (1, False)


@pytest.mark.parametrize("command", ["check", "generate"])
@pytest.mark.parametrize("source", FAILURES)
def test_records_that_fail(project: Project, command: str, source: str) -> None:
    """The same is true for commands that import hand-written records."""
    configured = CONFIGURED.replace('package = "app.db"', "") if command == "check" else CONFIGURED
    project.write({"pyproject.toml": f'{configured}records = "app.types"\n', "app/types.py": f"{source}\n"})
    project.write({"sql/users.sql": "-- name: all :many User\nSELECT id, role FROM users;\n"})
    done = project.pydb(command)
    assert (done.code, done.out) == (2, "")
    assert f"app.types cannot be imported: {FAILURES[source]}" in done.err
    assert (done.err.count("\n"), "secret" in done.err) == (1, False)


@pytest.mark.parametrize("source", [b"def f(:", b"\0", b"\xff"])
def test_a_module_that_cannot_be_read(project: Project, source: bytes) -> None:
    """`generate` reads the application's modules, and reports a module that is not valid Python."""
    project.write({"sql/users.sql": statement("app.types.Role")})
    (project.folder / "app/types.py").write_bytes(source)
    done = project.pydb("generate")
    assert done.code == 1
    found = "sql/users.sql:1: G101 users.roles: @param role names app.types.Role: app.types cannot be read: SyntaxError"
    assert f"{found} at app/types.py:1" in done.out


def test_a_class_that_is_not_there(project: Project) -> None:
    """A module without the class, and a missing module, are named."""
    project.write({"sql/users.sql": statement("app.types.Rule")})
    assert "users.roles: the type app.types.Rule: app.types has no class Rule" in run(project).err
    project.write({"sql/users.sql": statement("app.nosuch.Role")})
    assert "app.nosuch cannot be imported: ModuleNotFoundError: No module named 'app.nosuch'" in run(project).err


@pytest.mark.parametrize("kind", ["class Role:\n    pass", "from enum import Enum\n\n\nclass Role(Enum):\n    pass"])
def test_a_class_that_no_value_can_have(project: Project, kind: str) -> None:
    """A class that is neither an Enum with members nor one of the types of values is refused by name."""
    project.write({"sql/users.sql": statement("app.types.Role"), "app/types.py": f"{kind}\n"})
    done = run(project)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("pydb: sql/users.sql:1: users.roles: the type app.types.Role: Role is")


# The folder of the project on Python's path.

TRAP = 'open("sprung", "a").write(__name__ + "\\n")\nraise ImportError("a file of the project")\n'


def sprung(project: Project, *command: str) -> tuple[int, str, str]:
    """The result of a command in a separate process, and the modules that it wrongly imported."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, *command], cwd=project.folder, env=environment, capture_output=True, text=True, check=False
    )
    file = project.folder / "sprung"
    return done.returncode, done.stdout + done.stderr, file.read_text(encoding="utf-8") if file.exists() else ""


@pytest.mark.deep
def test_files_of_the_project_take_no_module_s_place(project: Project) -> None:
    """pydb does not import a json.py or apsw.py beside the application's modules, even while it imports those."""
    project.write(
        {
            "sql/users.sql": statement("app.types.Role"),
            "app/types.py": f"import helpers\nimport pymysql\nimport wave\n{ROLE}",
            "helpers.py": "",
        }
    )
    names = {name.partition(".")[0] for name in sys.modules}
    names |= {"apsw", "psycopg", "pymysql", "sqlglot", "click", "rich", "json", "csv", "decimal", "wave"}
    own = {"app", "helpers", "pydb", "tests", "conftest", "__main__", "__mp_main__", "sitecustomize", "usercustomize"}
    project.write({f"{name}.py": TRAP for name in names - own if name.isidentifier()})
    for arguments in (["generate"], ["run", "users.roles", "role=admin"]):
        code, printed, traps = sprung(project, "-P", "-m", "pydb", *arguments)
        assert (code, traps) == (0, ""), printed


def test_python_m_pydb_is_the_command(project: Project) -> None:
    """`python -m pydb`, for which Python puts the current folder first, does not import modules from there either."""
    project.write({"sql/users.sql": statement("app.types.Role")})
    project.write({f"{name}.py": TRAP for name in ("apsw", "sqlglot", "click", "rich", "tomllib")})
    code, printed, traps = sprung(project, "-m", "pydb", "generate")
    assert (code, traps) == (0, ""), printed


def test_the_path_is_as_before(project: Project) -> None:
    """After a command, the path has nothing of the project."""
    before = list(sys.path), list(sys.meta_path)
    project.write({"sql/users.sql": statement("app.types.Role")})
    project.generate()
    assert run(project).code == 0
    project.write({"app/types.py": "raise RuntimeError\n"})
    del sys.modules["app.types"]
    assert run(project).code == 2
    assert (list(sys.path), list(sys.meta_path)) == before


def test_a_package_in_two_places(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A namespace package has parts in the project and among the installed modules."""
    elsewhere = tmp_path / "site"
    (elsewhere / "app").mkdir(parents=True)
    (elsewhere / "app" / "installed.py").write_text(ROLE, encoding="utf-8")
    (project.folder / "app/__init__.py").unlink()
    monkeypatch.syspath_prepend(str(elsewhere))
    project.write(
        {
            "sql/users.sql": statement("app.installed.Role").replace(
                "@column role app.installed", "@column role app.types"
            )
        }
    )
    assert json.loads(run(project).out) == [{"role": "admin"}]


# The library.


@dataclass(frozen=True, slots=True)
class User:
    """A record of this module."""

    id: int


def test_a_loaded_statement_imports_no_module(tmp_path: Path) -> None:
    """A call imports no module that a .sql file names; it knows loaded ones and those of the records' package."""
    file = tmp_path / "users.sql"
    with Database("sqlite://") as database, database.begin() as conn:
        conn.exec_driver_sql(SCHEMA)
        file.write_text(statement("turtle.Turtle"), encoding="utf-8")
        with pytest.raises(SqlFileError) as caught:
            pydb.load(file).users.roles(conn, role="admin")
        assert "unknown type turtle.Turtle    hint: import turtle before the first call" in str(caught.value)
        assert "turtle" not in sys.modules
        file.write_text(statement("uuid.SafeUUID"), encoding="utf-8")
        assert pydb.load(file).users.roles(conn, role=SafeUUID.safe) == []
        file.write_text(statement("tests.integration.chinook.nosuch.Kind"), encoding="utf-8")
        with pytest.raises(SqlFileError) as caught:
            pydb.load(file, records=[User]).users.roles(conn, role="admin")
        assert "tests.integration.chinook.nosuch cannot be imported: ModuleNotFoundError" in str(caught.value)
