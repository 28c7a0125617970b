"""``[tool.pydb.columns]``: the type of a column, declared once, is valid wherever check traces a value to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import pydb
from tests.harness.projects import CONFIGURED, GENERATED_KEYS, Project, project_files, project_in, schema_script

TYPES = """
from enum import Enum, IntEnum

class Role(Enum):
    ADMIN = "admin"
    USER = "user"

class Level(IntEnum):
    LOW = 1
    HIGH = 2
"""
SQL = """
-- name: create :one User
INSERT INTO users (role, level) VALUES (:role, :level) RETURNING id, role, level;

-- name: of_roles :many User
SELECT id, role, level FROM users WHERE role IN (:roles) ORDER BY id;

-- name: role_of :maybe scalar
SELECT u.role FROM users AS u WHERE u.id = :id;

-- name: pairs :many
SELECT role, level AS height FROM users ORDER BY id;

-- name: by_view :many scalar
SELECT r FROM people WHERE r = :r;

-- name: promote :affected
UPDATE users SET role = :new WHERE role = :old AND level >= :level;

-- name: plain :many scalar
-- @column role str
-- @param level int
SELECT role FROM users WHERE level = :level;

-- name: put_many :batch
INSERT INTO users (role, level) VALUES (:role, :level);
"""
COLUMNS = CONFIGURED + '\n[tool.pydb.columns]\n"users.role" = "app.types.Role"\n"Users.level" = "app.types.Level"\n'


def schema(engine: str) -> str:
    """A table, and a view of it."""
    columns = f"id {GENERATED_KEYS[engine]}, role varchar(20) NOT NULL, level integer"
    return f"CREATE TABLE users ({columns});\nCREATE VIEW people AS SELECT role AS r FROM users;\n"


@contextmanager
def project_for(
    engine: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Project]:
    """A project for one engine."""
    with project_in(folder, monkeypatch, capsys, COLUMNS) as made:
        files = project_files(engine, schema(engine), users=SQL.lstrip())
        made.write({**files, "app/__init__.py": "", "app/types.py": TYPES})
        yield made


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Project]:
    """A project for SQLite."""
    with project_for("sqlite", tmp_path, monkeypatch, capsys) as made:
        yield made


def test_it_holds_everywhere(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    engine_name: str,
    empty_url: str,
) -> None:
    """The setting is valid for records, scalars, views, parameters, lists and batches; a directive overrides it."""
    with project_for(engine_name, tmp_path, monkeypatch, capsys) as project:
        holds_everywhere(project, engine_name, empty_url)


def holds_everywhere(project: Project, engine_name: str, empty_url: str) -> None:
    """Generate, check and call."""
    server = () if engine_name == "sqlite" else ("--db", empty_url)
    done = project.pydb("generate", *server)
    assert done.code == 0, done.out + done.err
    assert project.pydb("check", *server).code == 0
    text = project.read("app/db/users.py")
    assert "roles: Collection[Role]) -> list[User]:" in text
    assert "def role_of(conn: Connection, /, *, id: int) -> Role | None:" in text
    assert "def plain(conn: Connection, /, *, level: int) -> list[str]:" in text
    with project.imported() as package, pydb.Database(empty_url) as db:
        db.apply(schema_script(engine_name))
        users: Any = package.users
        role, level = __import__("app.types").types.Role, __import__("app.types").types.Level
        with db.begin() as conn:
            first = users.create(conn, role=role.ADMIN, level=level.HIGH)
            assert (first.role, first.level) == (role.ADMIN, level.HIGH)
            assert users.create(conn, role=role.USER, level=None).level is None
            assert users.of_roles(conn, roles=[role.ADMIN]) == [first]
            assert users.role_of(conn, id=first.id) is role.ADMIN
            assert [tuple(row) for row in users.pairs(conn)] == [(role.ADMIN, level.HIGH), (role.USER, None)]
            assert users.by_view(conn, r=role.USER) == [role.USER]
            assert users.promote(conn, new=role.USER, old=role.ADMIN, level=level.LOW) == 1
            assert users.plain(conn, level=2) == ["user"]
            assert users.put_many(conn, [{"role": role.USER, "level": level.LOW}] * 3) == 3
            with pytest.raises(pydb.errors.ParameterError, match="role is a str, but check found Role"):
                users.create(conn, role="admin", level=None)


@pytest.mark.deep
def test_mypy_finds_nothing(project: Project) -> None:
    """The package is clean under mypy's strict mode."""
    project.generate()
    project.tool("mypy", "--strict", "app")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('"users.rol" = "str"', "users.rol is not a column of the schema    hint: did you mean users.role?"),
        ('"users.role" = "strr"', "users.role: unknown type strr    hint: did you mean str?"),
        ('"users.role" = "Role"', "unknown type Role    hint: a type word, or an Enum with its module"),
        ('"users.role" = "str?"', "users.role has a question mark"),
        ('role = "str"', "'role': the key must be table.column"),
        ('"users.role" = "app.class.Role"', "must be a dotted name"),
    ],
)
def test_what_is_wrong_is_named(project: Project, line: str, message: str) -> None:
    """If a setting has no meaning, check cannot run, and the error says why."""
    project.write({"pyproject.toml": f"{CONFIGURED}\n[tool.pydb.columns]\n{line}\n"})
    done = project.pydb("check")
    assert done.code == 2
    assert message in done.err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            '"users.role" = "int"',
            "C106 users.create: [tool.pydb.columns] users.role says int, but the column is varchar(20)",
        ),
        ('"users.level" = "bytes"', "C104 users.create: [tool.pydb.columns] says bytes for :level"),
        ('"users.role" = "app.types.Nothing"', "app.types.Nothing, which cannot be imported"),
        ('"users.role" = "os.path.Nothing"', "names os.path.Nothing"),
    ],
)
def test_what_does_not_fit_is_found(project: Project, line: str, message: str) -> None:
    """A type that the column does not have, or that does not exist, is an error of check or of generate."""
    project.write({"pyproject.toml": f"{CONFIGURED}\n[tool.pydb.columns]\n{line}\n"})
    done = project.pydb("generate")
    assert done.code == 1
    assert message in done.out
