"""``--format json``: one document on standard output and nothing else, with and without findings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pydb.cli import cli
from tests.harness.projects import Project, project_in

DOCUMENT = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")

CONFIGURED = """\
[tool.pydb]
sql = "sql"
schema = "schema.sql"
migrations = "migrations"
url = "sqlite:///app.db"
package = "app.db"
"""
SCHEMA = (
    "CREATE TABLE users (\n    id integer NOT NULL CONSTRAINT users_pkey PRIMARY KEY,\n    name text NOT NULL\n);\n"
)
BY_ID = "-- name: by_id :maybe User\nSELECT id, name\nFROM users\nWHERE id = :id;\n"
PAGE = "\n\n-- name: page :many User\nSELECT id, name\nFROM users\nLIMIT :n;\n"
FINDINGS = {"sql/users.sql": BY_ID + "\n\n-- name: odd :many\nSELECT  nmae, '\x1b[31m' FROM users;\n"}
AIOSQL = {"old/a.sql": "-- name: a\nSELECT 1;\n\n-- name: b#\nDELETE FROM a; DELETE FROM b;\n"}

COMMANDS: dict[str, tuple[str, dict[str, str], int]] = {
    # The arguments, the files for which the command has findings, and the exit code in that case.
    "list": ("", FINDINGS, 0),
    "show": ("users.by_id", {"schema.sql": "nonsense"}, 0),
    "check": ("", FINDINGS, 1),
    "lint": ("", FINDINGS, 1),
    "generate": ("--check", FINDINGS, 1),
    "prove": ("", {"sql/users.sql": BY_ID + PAGE}, 1),
    "migrate status": ("", {"migrations/0002_more.sql": "CREATE TABLE t (id int);\n"}, 1),
    "migrate check": ("", {"migrations/0002_more.sql": "CREATE TABLE t (id int);\n"}, 1),
    "import aiosql": ("old", AIOSQL, 0),
    "import pugsql": ("pugsql", AIOSQL, 0),
    "import sqlc": ("sqlc", AIOSQL, 0),
    "import python": ("program.py", AIOSQL, 0),
    "import sqlalchemy": ("json_models:metadata --engine sqlite", AIOSQL, 0),
}
DESCRIBED_BY_THEIR_OWN_PAGES = ("grants", "review", "run", "site", "top", "uses")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Project]:
    """A project whose database and package agree with its files."""
    with project_in(tmp_path, monkeypatch, capsys, CONFIGURED) as project:
        project.write({"schema.sql": SCHEMA, "migrations/0001_users.sql": SCHEMA, "sql/users.sql": BY_ID})
        project.write({"app/__init__.py": "", "old/a.sql": "-- name: a\nSELECT 1;\n"})
        project.write({"pugsql/a.sql": "-- :name a :one\nSELECT 1;\n", "sqlc/a.sql": "-- name: A :one\nSELECT 1;\n"})
        project.write({"program.py": "def a(cursor):\n    cursor.execute('SELECT 1')\n"})
        table = "Table('t', metadata, Column('id', Integer, primary_key=True))"
        models = f"from sqlalchemy import Column, Integer, MetaData, Table\nmetadata = MetaData()\n{table}\n"
        project.write({"json_models.py": models})
        assert project.pydb("migrate").code == 0
        project.generate()
        yield project


def arguments(command: str) -> list[str]:
    given, _, _ = COMMANDS[command]
    place = ["--to", "made/sql"] if command.startswith("import") else []
    return [*command.split(), *given.split(), *place, "--format", "json"]


@pytest.mark.parametrize("command", COMMANDS)
def test_on_success_and_on_findings(project: Project, command: str) -> None:
    """The output is one document in both cases, and the exit code tells them apart."""
    _, files, code = COMMANDS[command]
    fine = project.pydb(*arguments(command))
    assert fine.code == 0, fine.out + fine.err
    document = json.loads(fine.out)
    project.write(files)
    found = project.pydb(*arguments(command))
    assert found.code == code, found.out + found.err
    assert isinstance(json.loads(found.out), type(document))
    assert "\x1b" not in fine.out + found.out
    assert isinstance(document, list) or json.loads(found.out).keys() >= document.keys() - {"variants"}


@pytest.mark.parametrize("command", COMMANDS)
def test_an_error_leaves_standard_output_empty(project: Project, command: str) -> None:
    """An error is on the error stream."""
    project.write({"pyproject.toml": "[tool.pydb\n"} if not command.startswith("import") else {"made/sql": "a file"})
    done = project.pydb(*arguments(command))
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("pydb: ") or "Error" in done.err


def test_each_command_that_has_it_is_tried_and_documented() -> None:
    """Every command that lists or finds something has the option, and a page of the documentation has its format."""
    having = set(_commands_with_json(cli, ""))
    assert having - set(COMMANDS) <= set(DESCRIBED_BY_THEIR_OWN_PAGES)
    assert set(COMMANDS) <= having
    section = DOCUMENT.partition("\n## JSON\n")[2].partition("\n## ")[0]
    missing = [name for name in COMMANDS if not re.search(rf"`pydb {name.split()[0]}\b", section)]
    assert missing == []


def _commands_with_json(command: click.Command, name: str) -> Iterator[str]:
    if any(isinstance(one.type, click.Choice) and "json" in one.type.choices for one in command.params):
        yield name
    if isinstance(command, click.Group):
        context = click.Context(command)
        for word in command.list_commands(context):
            inner = command.get_command(context, word)
            assert inner is not None
            yield from _commands_with_json(inner, f"{name} {word}".strip())
