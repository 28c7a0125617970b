"""``pydb review`` on SQLite, in a Git repository."""

from __future__ import annotations

import json

import pytest

from tests.harness.projects import Project
from tests.harness.reviews import commit

SCHEMA = "CREATE TABLE t (a integer NOT NULL PRIMARY KEY, b text NULL);\n"
STATEMENTS = "-- name: of_b :many\nSELECT a FROM t WHERE b = :b;\n"


@pytest.fixture
def versions(project: Project) -> Project:
    """A project whose last commit has one statement."""
    project.write({"schema.sql": SCHEMA, "sql/t.sql": STATEMENTS, ".gitignore": "__pycache__\n"})
    commit(project.folder)
    return project


def test_nothing_has_changed(versions: Project) -> None:
    """The last line says that nothing has changed, and what was not checked."""
    done = versions.pydb("review", "HEAD")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("no statement differs from HEAD on SQLite ")
    assert done.out.endswith("; not checked: callers (no --callers names a folder of Python)\n")


def test_a_change(versions: Project) -> None:
    """The page has the difference, and the exit code is 0."""
    versions.write({"sql/t.sql": STATEMENTS.replace("b = :b", "b > :b")})
    done = versions.pydb("review", "HEAD")
    assert done.code == 0
    assert "t.of_b: changed, sql/t.sql:2\n" in done.out
    assert "    -SELECT a FROM t WHERE b = :b;\n    +SELECT a FROM t WHERE b > :b;\n" in done.out


@pytest.mark.parametrize(("format_", "begins"), [("markdown", "# SQL review since HEAD\n"), ("json", "{\n")])
def test_formats(versions: Project, format_: str, begins: str) -> None:
    """Markdown is for a pull request, and JSON for programs."""
    versions.write({"sql/t.sql": STATEMENTS.replace("b = :b", "b > :b")})
    done = versions.pydb("review", "HEAD", "--format", format_)
    assert (done.code, done.out[: len(begins)]) == (0, begins)
    if format_ == "json":
        assert [change["name"] for change in json.loads(done.out)["changes"]] == ["t.of_b"]


def test_an_unsafe_deploy(versions: Project) -> None:
    """An unsafe deploy is reported in capitals, and the exit code is 0, because a review is not a check."""
    versions.write(
        {"schema.sql": SCHEMA.replace("b text NULL", "c text NULL"), "sql/t.sql": STATEMENTS.replace("b", "c")}
    )
    done = versions.pydb("review", "HEAD")
    assert done.code == 0
    assert "; the rolling deploy is NOT SAFE: 1 statement; " in done.out
    assert "    not safe: sql/t.sql:2: the statement of HEAD on the new schema: no such column: b    hint: " in done.out


def test_callers(versions: Project) -> None:
    """With a folder of Python code, the callers of a removed statement are shown."""
    text = "import pydb\n\nt = pydb.load('sql').t\n\ndef show(conn):\n    return t.of_b(conn, b='x')\n"
    versions.write({"app/views.py": text, "sql/t.sql": STATEMENTS.replace("of_b", "by_b").replace("a FROM", "b FROM")})
    done = versions.pydb("review", "HEAD", "--callers", "app")
    assert "t.of_b: removed, sql/t.sql:2\n" in done.out
    assert "    app/views.py:6 in show\n" in done.out


def test_a_revision_that_is_not_there(versions: Project) -> None:
    """For an unknown revision, the exit code is 2."""
    done = versions.pydb("review", "nosuch")
    assert (done.code, done.out) == (2, "")
    assert "git cannot read the revision nosuch" in done.err


def test_a_schema_that_is_refused(versions: Project) -> None:
    """A version whose schema the engine refuses cannot be reviewed, and the error has its place."""
    versions.write({"schema.sql": "CREATE TABLE t (;\n", "sql/t.sql": STATEMENTS.replace("b = :b", "b > :b")})
    done = versions.pydb("review", "HEAD")
    assert (done.code, done.out) == (2, "")
    assert "pydb: schema.sql:1: " in done.err


def test_the_project_was_elsewhere(versions: Project) -> None:
    """The old version is read from the paths in its own pyproject.toml."""
    versions.write({"queries/t.sql": STATEMENTS.replace("b = :b", "b > :b")})
    configured = versions.read("pyproject.toml").replace('sql = "sql"', 'sql = "queries"')
    versions.write({"pyproject.toml": configured})
    done = versions.pydb("review", "HEAD")
    assert "t.of_b: changed, queries/t.sql:2\n" in done.out


def test_one_file(versions: Project) -> None:
    """With --sql, the same file of the old version is compared, and no other statement counts as removed."""
    versions.write({"sql/u.sql": "-- name: x :many\nSELECT a FROM t;\n"})
    commit(versions.folder)
    versions.write({"sql/u.sql": "-- name: x :many\nSELECT b FROM t;\n"})
    done = versions.pydb("review", "HEAD", "--sql", "sql/u.sql")
    assert "u.x: changed, sql/u.sql:2\n" in done.out
    assert "1 statement differs" in done.out


def test_an_old_file_that_cannot_be_read(versions: Project) -> None:
    """The error names the revision, with the current path of the file."""
    versions.write({"sql/t.sql": "-- name: of_b :lots\nSELECT a FROM t;\n"})
    commit(versions.folder)
    versions.write({"sql/t.sql": STATEMENTS})
    done = versions.pydb("review", "HEAD")
    assert done.code == 2
    assert done.err.startswith("pydb: sql/t.sql:1: ")
    assert "at HEAD: " in done.err


def test_a_folder_that_is_new(versions: Project) -> None:
    """If the revision has no such folder, all statements are new, and the last line says so."""
    versions.write({"more/t.sql": STATEMENTS})
    done = versions.pydb("review", "HEAD", "--sql", "more")
    assert "t.of_b: added, more/t.sql:2\n" in done.out
    assert "; not checked: HEAD (it has no more); " in done.out
