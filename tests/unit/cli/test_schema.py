"""``pydb schema``: tables are created, and created again."""

from __future__ import annotations

import sqlite3

import pytest

from tests.harness.projects import Project

FRESH = "sqlite:///fresh.db"


def count(project: Project, file: str = "fresh.db") -> int:
    """The number of users."""
    database = sqlite3.connect(project.folder / file)
    (found,) = database.execute("SELECT count(*) FROM users").fetchone()
    database.close()
    return int(found)


def test_apply(project: Project) -> None:
    """The tables are created only once."""
    done = project.pydb("schema", "apply", "--db", FRESH)
    assert (done.code, done.err) == (0, "created the schema of schema.sql in sqlite:///fresh.db\n")
    assert count(project) == 0
    done = project.pydb("schema", "apply", "--db", FRESH)
    assert done.code == 2
    assert "already has users" in done.err


@pytest.mark.parametrize(("answer", "left"), [("y", 0), ("n", 3)])
def test_reset_asks(project: Project, monkeypatch: pytest.MonkeyPatch, answer: str, left: int) -> None:
    """The answer no keeps the rows."""
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: answer)
    project.pydb("schema", "reset")
    assert count(project, "app.db") == left


@pytest.mark.parametrize(
    "script", ["CREATE TABLE nowhere (\n", "CREATE TABLE x (id integer);\nSELECT '\n", "DROP TABLE none;\n"]
)
def test_a_reset_that_fails_leaves_the_rows(project: Project, script: str) -> None:
    """If the script fails, all rows are kept, because it is run in one transaction."""
    project.write({"schema.sql": project.read("schema.sql") + script})
    assert project.pydb("schema", "reset", "--yes").code != 0
    assert count(project, "app.db") == 3


def test_no_script(project: Project) -> None:
    """A missing script is reported with the option."""
    done = project.pydb("schema", "apply", "--schema", "nowhere.sql", "--db", FRESH)
    assert done.code == 2
    assert "the schema script nowhere.sql does not exist    hint: --schema FILE" in done.err
    assert not (project.folder / "fresh.db").exists()
