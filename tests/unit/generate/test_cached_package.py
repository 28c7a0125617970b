"""The cached files of a package that an earlier command has generated."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

import pydb.check.project
import pydb.generate
from pydb.check import CheckReport, Inputs, check
from pydb.generate import Options, cached_package, generate
from tests.harness.sql_folders import write

OPTIONS = Options(package="app.db", sql="../../sql")
FILES = {
    "schema.sql": "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, name text NOT NULL, age integer);\n",
    "sql/users.sql": """\
-- People.

-- name: by_id :maybe User
-- One user.
SELECT id, name, age
FROM users
WHERE id = :id AND age > 5;

-- name: search :many User
SELECT id, name, age
FROM users
WHERE name <> :name
  AND age = :age -- if :age given
ORDER BY id;
""",
}


class Project:
    """A project in a folder, checked and generated with a cache."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.builds, self.columns = folder, 0, dict[str, str]()

    def report(self) -> CheckReport:
        sql, schemas = str(self.folder / "sql"), {"sqlite": str(self.folder / "schema.sql")}
        return check(Inputs(sql, schemas, columns=self.columns, cache=str(self.folder / "cache")))

    def is_built(self, options: Options = OPTIONS) -> bool:
        """Whether the package is built again; its files must be those of a command without a cache."""
        report, before, sql = self.report(), self.builds, str(self.folder / "sql")
        told = generate(
            report.definitions, report.described, sql, options, str(self.folder / "cache"), report.interface
        )
        is_built = self.builds > before
        assert told == generate(report.definitions, report.described, sql, options)
        return is_built


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with a package that was generated once."""
    made = Project(tmp_path)
    build = vars(pydb.generate)["build"]

    def counted(*arguments: object) -> object:
        made.builds += 1
        return build(*arguments)

    monkeypatch.setattr(pydb.generate, "build", counted)
    write(tmp_path, FILES)
    assert made.is_built()
    assert not made.is_built()
    return made


SQL = {
    "another value": ("age > 5", "age > 6", False),
    "a line above": ("-- People.\n", "-- People.\n\n\n", False),
    "a column": (
        ":maybe User\n-- One user.\nSELECT id, name, age",
        ":maybe Person\n-- One user.\nSELECT id, age",
        True,
    ),
    "a type": (
        "SELECT id, name, age\nFROM users\nWHERE id",
        "SELECT id, name, age > 1 AS age\nFROM users\nWHERE id",
        True,
    ),
    "a parameter": ("id = :id AND", "id = :key AND", True),
    "a row word": (":maybe User", ":one User", True),
    "a name": ("-- name: by_id", "-- name: by_key", True),
    "a comment": ("-- One user.", "-- One person.", True),
    "the comment of the file": ("-- People.", "-- Users.", True),
    "a declared type": ("-- One user.\n", "-- One user.\n-- @param id Decimal\n", True),
    "a condition": ("-- if :age given", "-- if :age", True),
    "another verb": (
        "SELECT id, name, age\nFROM users\nWHERE id = :id AND age > 5;",
        "DELETE FROM users WHERE id = :id AND age > 5 RETURNING id, name, age;",
        True,
    ),
}


@pytest.mark.parametrize(("old", "new", "built"), SQL.values(), ids=SQL)
def test_a_change_of_the_sql(project: Project, old: str, new: str, built: bool) -> None:
    """Only a change that affects the generated code builds the package again; then it is cached."""
    file = project.folder / "sql" / "users.sql"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    assert project.is_built() == built
    assert not project.is_built()


def test_a_change_of_the_schema(project: Project) -> None:
    """A column that has become NOT NULL builds the package again, and another table does not."""
    file = project.folder / "schema.sql"
    file.write_text(file.read_text() + "CREATE TABLE tags (id integer);\n")
    assert not project.is_built()
    file.write_text(file.read_text().replace("age integer", "age integer NOT NULL"))
    assert project.is_built()


@pytest.mark.parametrize(
    "change",
    [
        lambda patch: patch.setattr(cached_package, "code_digest", lambda: b"other code"),
        lambda patch: patch.setattr(sys, "version", f"{sys.version}+"),
    ],
    ids=["pydb", "Python"],
)
def test_another_program(
    project: Project, monkeypatch: pytest.MonkeyPatch, change: Callable[[pytest.MonkeyPatch], None]
) -> None:
    """With another version of pydb or of Python, the package is built again."""
    change(monkeypatch)
    assert project.is_built()


@pytest.mark.parametrize(
    "options",
    [
        Options(package="app.other", sql="../../sql"),
        Options(package="app.db", sql="../sql"),
        Options(package="app.db", sql="../../sql", asynchronous=True),
        Options(package="app.db", sql="../../sql", own=frozenset({"app"})),
        Options(package="app.db", sql="../../sql", bases={"User": ("app.base.Base",)}),
    ],
)
def test_other_options(project: Project, options: Options) -> None:
    """The result depends on each setting of the package."""
    assert project.is_built(options)
    assert not project.is_built(options)


def test_types_of_the_application(project: Project) -> None:
    """A type in a module of the application is looked up each time, because the module may change."""
    project.columns = {"users.age": "app.types.Age"}
    assert project.report().interface is None
    project.columns = {}
    file = project.folder / "sql" / "users.sql"
    file.write_text(file.read_text().replace("-- One user.\n", "-- One user.\n-- @column age app.types.Age\n"))
    assert project.report().interface is None


def test_what_is_refused(project: Project) -> None:
    """A statement that the engine refuses has no known interface."""
    write(project.folder, {"sql/wrong.sql": "-- name: a :many\nSELECT nothing FROM users;\n"})
    assert project.report().interface is None


def test_a_damaged_file(project: Project) -> None:
    """A package that cannot be read is built again, and so is one with records that the application defines."""
    file = project.folder / "cache" / "package"
    data = file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert project.is_built()
    assert cached_package.CachedPackage("cache", b"", {}, Options("app.db", "sql", by_hand=sys)).files() is None
    assert (
        PurePosixPath("users.py")
        in generate((report := project.report()).definitions, report.described, str(project.folder / "sql"), OPTIONS)[0]
    )
