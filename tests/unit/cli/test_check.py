"""``pydb check``: the databases that it uses, and its closing line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pydb.cli.check import database_urls
from pydb.project import find_project
from tests.harness.projects import Project


def test_what_is_proven(project: Project) -> None:
    """The closing line has the number of proven statements for each product."""
    project.generate()
    done = project.pydb("check")
    assert done.code == 0, done.out
    assert done.out.startswith("4 statements, 4 proven on SQLite")
    assert done.out.endswith("no findings\n")


def test_what_is_not_imported(project: Project) -> None:
    """A check or a generation on SQLite does not import SQLAlchemy, which takes longer than a small check."""
    code = "import sys; from pydb.cli import main; main([sys.argv[1]]); print('sqlalchemy' in sys.modules)"
    for command in ("generate", "check"):
        told = subprocess.run(
            [sys.executable, "-c", code, command], cwd=project.folder, capture_output=True, text=True, check=True
        )
        assert told.stdout.splitlines()[-1] == "False", told.stdout


def test_a_finding(project: Project) -> None:
    """A statement that the database refuses is a finding at its line, and the exit code is 1."""
    project.write({"sql/users.sql": "-- name: a :many scalar\nSELECT nmae FROM users;\n"})
    done = project.pydb("check")
    assert done.code == 1
    assert done.out.startswith("sql/users.sql:2:8: C101 users.a: ")


def test_a_stale_package(project: Project) -> None:
    """A generated package that does not match its SQL is a finding, if there is no other error."""
    project.generate()
    project.write({"app/db/users.py": project.read("app/db/users.py") + "x = 1\n"})
    done = project.pydb("check")
    assert done.code == 1
    assert "app/db/users.py:1: C701" in done.out


@pytest.mark.parametrize(
    ("given", "live", "urls"),
    [
        ((), False, []),
        ((), True, ["sqlite:///app.db"]),
        (("mariadb+pymysql://h/d",), True, ["mariadb+pymysql://h/d"]),
        (("sqlite:///a.db", "sqlite:///b.db"), False, ["sqlite:///a.db", "sqlite:///b.db"]),
    ],
)
def test_databases(project: Project, given: tuple[str, ...], live: bool, urls: list[str]) -> None:
    """Check uses the named databases; with --live and without names, the project's database."""
    assert [str(url) for url in database_urls(find_project(project.folder), given, live)] == urls
