"""``pydb generate``: when it writes files, and which."""

from __future__ import annotations

import pytest

from tests.harness.projects import Project


def test_it_says_what_it_wrote(project: Project) -> None:
    """The first run reports the written files, and the second one that the package is up to date."""
    assert project.pydb("generate").out == "app.db: 4 statements: 4 files written\n"
    assert project.pydb("generate").out == "app.db: 4 statements: up to date\n"


def test_a_file_that_is_gone(project: Project) -> None:
    """The module of a removed .sql file is removed."""
    project.write({"sql/more.sql": "-- name: all :many scalar\nSELECT name FROM users;\n"})
    project.generate()
    (project.folder / "sql/more.sql").unlink()
    assert project.pydb("generate").out == "app.db: 4 statements: 2 files written, 1 removed\n"
    assert "app/db/more.py" not in project.files()


def test_check_writes_nothing(project: Project) -> None:
    """With ``--check``, each stale file is a finding."""
    done = project.pydb("generate", "--check")
    assert done.code == 1
    assert done.out.count("C701") == 4
    assert list(project.files()) == ["app/__init__.py"]


@pytest.mark.parametrize(
    ("sql", "code"),
    [("SELECT nowhere FROM users", "C101"), ("SELECT id AS class FROM users", "G104")],
)
def test_what_is_wrong_stops_it(project: Project, sql: str, code: str) -> None:
    """After an error of check, or for a name that Python cannot have, no file is written."""
    project.write({"sql/users.sql": f"-- name: a :many Row\n{sql};\n"})
    done = project.pydb("generate")
    assert done.code == 1
    assert code in done.out
    assert list(project.files()) == ["app/__init__.py"]


def test_without_a_package(project: Project) -> None:
    """Without a configured package, generate refuses to run."""
    project.write({"pyproject.toml": '[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\n'})
    done = project.pydb("generate")
    assert (done.code, done.out) == (2, "")
    assert "no package is configured" in done.err


def test_one_file(project: Project) -> None:
    """With ``--sql`` and one file, its module and its types are written if the records are unchanged."""
    project.write({"sql/more.sql": "-- name: all :many scalar\nSELECT name FROM users;\n"})
    project.generate()
    project.write({"sql/more.sql": "-- name: all :one scalar\nSELECT count(*) FROM users;\n"})
    assert project.pydb("generate", "--sql", "sql/more.sql").out.endswith("2 files written\n")
    project.write({"sql/more.sql": "-- name: all :many Other\nSELECT name FROM users;\n"})
    done = project.pydb("generate", "--sql", "sql/more.sql")
    assert (done.code, done.out) == (2, "")
    assert "needs a new records.py" in done.err
