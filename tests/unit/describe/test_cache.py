"""The cache of descriptions: when it is used, and when not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pydb.check.project import CheckReport, Inputs, check
from pydb.describe import cache as cache_module
from pydb.describe import cached_descriptions
from pydb.describe.engines.sqlite_session import SqliteSession
from tests.harness.sql_folders import write

SCHEMA = (
    "CREATE TABLE users (id integer NOT NULL PRIMARY KEY, name text NOT NULL, age integer);\n"
    "CREATE TABLE posts (id integer NOT NULL PRIMARY KEY, user_id integer NOT NULL, title text);\n"
)
USERS = """\
-- name: by_id :maybe User
SELECT id, name, age
FROM users
WHERE id = :id;

-- name: find :many User
-- People by what is known of them.
-- @param name str
SELECT id, name, age
FROM users
WHERE name <> :name
  AND age = :age  -- if :age given
ORDER BY id;

-- name: with_posts :many Person
-- @group posts Post
SELECT u.id, p.id AS posts__id, p.title AS posts__title
FROM users AS u
LEFT OUTER JOIN posts AS p ON p.user_id = u.id;
"""
OVERLAY = "-- name: by_id :maybe User\nSELECT id, name, age FROM users WHERE id = :id;\n"
NOBODY = 65534


@dataclass
class Checks:
    """A project in a folder; ``asked`` are the statements that the last check has described again."""

    folder: Path
    asked: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def cache(self) -> Path:
        return self.folder / ".pydb_cache"

    @property
    def file(self) -> Path:
        return self.cache / "descriptions.sqlite"

    def run(self, *, cached: bool = True) -> CheckReport:
        self.asked.clear()
        sql, schema = str(self.folder / "sql"), str(self.folder / "schema.sql")
        columns = self.columns
        return check(Inputs(sql, {"sqlite": schema}, columns=columns, cache=str(self.cache) if cached else None))

    def compared(self) -> Sequence[str]:
        """The statements that are described again; the findings must be those of a check without the cache."""
        report = self.run()
        asked = sorted(self.asked)
        plain = self.run(cached=False)
        assert report.findings == plain.findings
        assert report.described == plain.described
        assert (report.proven, report.variants, report.examined) == (plain.proven, plain.variants, plain.examined)
        return asked


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checks:
    """A project that was checked once."""
    made = Checks(tmp_path)
    write(tmp_path, {"schema.sql": SCHEMA, "sql/users.sql": USERS})
    told = vars(cache_module)["describe"]

    def counted(session: Any, definition: Any, *rest: Any) -> Any:
        made.asked.append(definition.name.rpartition(".")[2])
        return told(session, definition, *rest)

    monkeypatch.setattr(cache_module, "describe", counted)
    assert made.compared() == EVERY
    assert made.compared() == []
    return made


EVERY = ["by_id", "find", "with_posts"]


def edited(name: str, old: str, new: str) -> Callable[[Checks, pytest.MonkeyPatch], None]:
    def change(checks: Checks, _: pytest.MonkeyPatch) -> None:
        file = checks.folder / name
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))

    return change


def with_columns(checks: Checks, _: pytest.MonkeyPatch) -> None:
    checks.columns = {"users.age": "Decimal"}


def with_code(_: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "code_digest", lambda: b"other code")


def with_library(_: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "version", lambda name: "0.0")


def with_python(_: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version", f"{sys.version}+")


def with_settings(_: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SqliteSession, "settings", lambda session: ["another setting"])


CHANGES = {
    "a column's type": (edited("schema.sql", "age integer", "age text"), EVERY),
    "a column may not be NULL": (edited("schema.sql", "age integer", "age integer NOT NULL"), EVERY),
    "a key": (edited("schema.sql", "NOT NULL PRIMARY KEY", "NOT NULL"), EVERY),
    "another table": (edited("schema.sql", "CREATE", "CREATE TABLE tags (id integer);\nCREATE"), EVERY),
    "a comment in the schema": (edited("schema.sql", "CREATE", "-- A table.\nCREATE"), EVERY),
    "a statement": (edited("sql/users.sql", "WHERE id = :id", "WHERE id <> :id"), ["by_id", "find"]),
    "a parameter's name": (edited("sql/users.sql", "WHERE id = :id", "WHERE id = :it"), ["by_id", "find"]),
    "a row word": (edited("sql/users.sql", ":maybe User", ":many User"), ["by_id", "find"]),
    "a record": (edited("sql/users.sql", ":maybe User", ":maybe Person"), ["by_id", "find"]),
    "a name": (edited("sql/users.sql", "by_id", "by_key"), ["by_key", "find"]),
    "a parameter's type": (edited("sql/users.sql", "@param name str", "@param name str?"), ["find"]),
    "a condition of a line": (edited("sql/users.sql", "if :age given", "if :age is null"), ["find"]),
    "a level": (edited("sql/users.sql", "@group posts Post", "@group posts Post key title"), ["with_posts"]),
    "a form of an engine": (
        lambda checks, _: write(checks.folder, {"sql/mariadb/users.sql": OVERLAY}),
        ["by_id"],
    ),
    "a form of this engine": (
        lambda checks, _: write(checks.folder, {"sql/sqlite/users.sql": OVERLAY}),
        ["by_id"],
    ),
    "a type of the project": (with_columns, EVERY),
    "pydb's code": (with_code, EVERY),
    "a library": (with_library, EVERY),
    "Python": (with_python, EVERY),
    "a setting": (with_settings, EVERY),
}


@pytest.mark.parametrize(("change", "asked"), CHANGES.values(), ids=CHANGES)
def test_a_change_of_any_key(
    checks: Checks, monkeypatch: pytest.MonkeyPatch, change: Callable[..., None], asked: list[str]
) -> None:
    """After a change, the affected statements are described again, with the outcome of a check without the cache."""
    change(checks, monkeypatch)
    # The description of a statement with optional lines contains its lines, so it depends on the text above it.
    assert set(checks.compared()) - {"find"} == set(asked) - {"find"}
    assert checks.compared() == []


WORDS = st.sampled_from(["id", "name", "age", "count(*) AS n", "coalesce(age, 0) AS age", "upper(name) AS name", "*"])
ROWS = st.sampled_from(["one", "many User", "maybe scalar"])
CONDITIONS = st.sampled_from(["id = :id", "age > :age", "name = :id OR age IS NULL", "nothing = 1", "id IN (:ids)"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(words=st.lists(WORDS, min_size=1, max_size=3, unique=True), condition=CONDITIONS, row=ROWS)
def test_any_statement(checks: Checks, words: list[str], condition: str, row: str) -> None:
    """Two checks of any statement have the findings of a check without the cache."""
    sql = f"-- name: a :{row}\nSELECT {', '.join(words)}\nFROM users\nWHERE {condition};\n"
    write(checks.folder, {"sql/other.sql": sql})
    checks.compared()
    assert set(checks.compared()) <= {"a"}


def test_another_place_is_no_change(checks: Checks) -> None:
    """A new line above, or another file name, describes no plain statement again, and findings have the new place."""
    write(checks.folder, {"sql/users.sql": "-- People.\n\n\n" + USERS.replace("age = :age", "nothing = :age")})
    assert set(checks.compared()) == {"find"}
    (finding,) = (item for item in checks.run().findings if item.code == "C101")
    assert finding.line == USERS[: USERS.index("age = :age")].count("\n") + 4


def test_what_is_refused_is_asked_again(checks: Checks) -> None:
    """A refusal is never cached; everything else is."""
    write(checks.folder, {"sql/wrong.sql": "-- name: wrong :many\nSELECT nothing FROM users;\n"})
    for _ in range(2):
        assert checks.compared() == ["wrong"]


def test_a_damaged_file_is_not_taken(checks: Checks) -> None:
    """If the file is cut, or any byte is changed, everything is described again, and the file is written again."""
    whole = checks.file.read_bytes()
    step = max(1, len(whole) // 8)
    damaged = [whole[:end] for end in range(0, len(whole), step)]
    damaged += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), step)]
    for data in (*damaged, whole + b"x", b"something else"):
        checks.file.write_bytes(data)
        assert checks.compared() == EVERY
        assert checks.compared() == []


def test_a_description_that_cannot_be_read(checks: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    """A description that cannot be read is made again, whatever error reading it raises."""

    def unreadable(data: bytes) -> None:
        raise RecursionError

    monkeypatch.setattr(cached_descriptions, "restored", unreadable)
    assert checks.compared() == EVERY


@pytest.mark.parametrize("mode", [0o775, 0o757, 0o1777])
def test_a_folder_that_others_may_write_to(checks: Checks, mode: int) -> None:
    """If other users could write to the folder, no file is read or written."""
    before = checks.file.read_bytes()
    checks.cache.chmod(mode)
    write(checks.folder, {"sql/more.sql": "-- name: more :many\nSELECT id FROM posts;\n"})
    for _ in range(2):
        assert checks.compared() == [*EVERY[:2], "more", "with_posts"]
    assert checks.file.read_bytes() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to somebody else")
def test_what_somebody_else_owns(checks: Checks) -> None:
    """A file of another user is not read, but it is replaced."""
    os.chown(checks.file, NOBODY, NOBODY)
    assert checks.compared() == EVERY
    assert checks.compared() == []


def test_it_can_be_deleted(checks: Checks) -> None:
    """Without the folder everything is described again, and the folder is created again; Git ignores it."""
    shutil.rmtree(checks.cache)
    assert checks.compared() == EVERY
    assert (checks.cache / ".gitignore").read_text() == "*\n"
    checks.cache.joinpath("descriptions.sqlite").unlink()
    checks.cache.joinpath("descriptions.sqlite").mkdir()
    for _ in range(2):
        assert checks.compared() == EVERY


def test_what_no_check_uses_is_dropped(checks: Checks) -> None:
    """A description that no check uses is dropped after the file was written a few times."""
    statement = "-- name: a{} :many\nSELECT id, {} AS n FROM posts;\n"
    write(checks.folder, {"sql/more.sql": statement.format(0, 0)})
    checks.run()
    size = checks.file.stat().st_size
    for number in range(1, 25):
        write(checks.folder, {"sql/more.sql": statement.format(number % 10, number)})
        checks.run()
    assert checks.file.stat().st_size < 3 * size + 10_000


def test_a_live_database_is_asked(checks: Checks, tmp_path: Path) -> None:
    """Descriptions of a live database are never cached, because its schema may change at any time."""
    url = make_database(tmp_path / "live.db")
    inputs = Inputs(str(checks.folder / "sql"), {}, [url], live=True, cache=str(checks.cache))
    before = checks.file.read_bytes()
    check(inputs)
    check(replace(inputs, schemas={"sqlite": str(checks.folder / "schema.sql")}))
    assert checks.file.read_bytes() == before


def make_database(file: Path) -> Any:
    from sqlalchemy import make_url

    from pydb import Database

    with Database(f"sqlite:///{file}") as database:
        script = file.with_suffix(".sql")
        script.write_text(SCHEMA)
        database.apply(script)
    return make_url(f"sqlite:///{file}")


@pytest.mark.deep
def test_two_processes_at_once(checks: Checks) -> None:
    """Simultaneous checks have the same findings, and leave a file that the next check uses."""
    write(checks.folder, {"pyproject.toml": '[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\n'})
    shutil.rmtree(checks.cache)
    command = [sys.executable, "-m", "pydb", "check"]
    running = [
        subprocess.Popen(command, cwd=checks.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(3)
    ]
    said = {(process.communicate()[0], process.returncode) for process in running}
    assert len(said) == 1
    assert said.pop()[1] == 0
    kinds = {name.partition(".check.")[0] for name in os.listdir(checks.cache)}
    assert kinds == {".gitignore", "descriptions.sqlite", "outcome", "parsed"}
    # The description of a statement with optional lines contains the path of its file, which differs here.
    assert checks.compared() == ["find"]
