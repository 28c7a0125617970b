"""Generated functions of statements with optional lines, called on every engine: their signatures are true."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

import pydb
from pydb.errors import ParameterError
from tests.harness.documents import PROJECT
from tests.harness.projects import CONFIGURED, GENERATED_KEYS, Project, project_files, project_in, schema_script

SQL = """\
-- Notes: what people write down.

-- name: create :one Note
INSERT INTO notes (author, title, body, day) VALUES (:author, :title, :body, :day)
RETURNING id, author, title, body, day;

-- name: search :many Note
-- Notes as the list page asks.
-- @param without_body bool
SELECT n.id, n.author, n.title, n.body, n.day
FROM notes AS n
INNER JOIN people AS p ON n.author = p.name -- if :team
WHERE
    TRUE
    AND n.body IS NULL -- if :without_body
    AND n.author IN (:authors) -- if :authors
    AND p.team = :team -- if :team
    AND ( -- if :search
        n.title LIKE :search
        OR n.body LIKE :search
    )
    AND ( -- if :after_day and :after_id and :order = newest
        n.day < :after_day
        OR (n.day = :after_day AND n.id < :after_id)
    )
    AND ( -- if :after_day and :after_id and :order = oldest
        n.day > :after_day
        OR (n.day = :after_day AND n.id > :after_id)
    )
ORDER BY
    n.day DESC, n.id DESC -- if :order = newest
    -- n.day, n.id -- if :order = oldest
LIMIT :limit;

-- name: patch :affected
-- Change what is passed.
UPDATE notes
SET
    title = :title, -- if :title given
    body = :body, -- if :body given
    day = :day -- if :day given
WHERE id = :id;

-- name: without_a_body :many
-- @param by_author bool
-- @param by_day bool
SELECT
    author, -- if :by_author
    day, -- if :by_day
    count(*) AS notes
FROM notes
WHERE
    TRUE
    AND body = :body -- if :body
    AND body IS NULL -- if :body is null
GROUP BY
    author, -- if :by_author
    day, -- if :by_day
    1 = 1
ORDER BY count(*);

-- name: seen_by :many scalar
-- @param only_own bool
SELECT title
FROM notes
WHERE
    TRUE
    AND author = :viewer -- if :only_own
ORDER BY
    title, -- if :by = title
    day, -- if :by = day
    id;
"""


def schema(engine: str) -> str:
    """A schema with two tables."""
    notes = f"id {GENERATED_KEYS[engine]}, author varchar(20) NOT NULL, title varchar(40) NOT NULL"
    people = "CREATE TABLE people (name varchar(20) NOT NULL PRIMARY KEY, team varchar(20) NOT NULL);"
    return f"CREATE TABLE notes ({notes}, body varchar(40), day date NOT NULL);\n{people}\n"


@contextmanager
def project_for(
    engine: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Project]:
    """A project for one engine."""
    with project_in(folder, monkeypatch, capsys, CONFIGURED) as made:
        made.write({**project_files(engine, schema(engine), notes=SQL), "app/__init__.py": ""})
        yield made


def test_they_are_called_for_real(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    engine_name: str,
    empty_url: str,
) -> None:
    """Each way of calling the functions works as their signatures say, on every engine."""
    with project_for(engine_name, tmp_path, monkeypatch, capsys) as project:
        done = project.pydb("generate", *([] if engine_name == "sqlite" else ["--db", empty_url]))
        assert done.code == 0, done.out + done.err
        with project.imported() as package, pydb.Database(empty_url) as database:
            database.apply(project.folder / schema_script(engine_name))
            with database.begin() as conn:
                conn.exec_driver_sql("INSERT INTO people (name, team) VALUES ('Noa', 'red'), ('Omar', 'blue')")
                calls(conn, package)


def calls(conn: Any, package: Any) -> None:
    """Calls of all functions, with their expected results."""
    notes, create = package.notes, package.Note.create
    for number, author in enumerate(["Noa", "Omar", "Noa"], 1):
        body = None if number == 1 else f"body {number}"
        create(conn, author=author, title=f"title {number}", body=body, day=date(2026, 1, number))

    def ids(**given: Any) -> list[int]:
        return [note.id for note in notes.search(conn, limit=given.pop("limit", 10), **given)]

    assert ids() == [3, 2, 1]
    assert ids(order="oldest", limit=2) == [1, 2]
    assert ids(authors=["Noa"], team="red") == [3, 1]
    assert ids(authors=[]) == []
    assert ids(authors=None, team=None, search=None, without_body=False) == [3, 2, 1]
    assert ids(without_body=True) == [1]
    assert ids(search="%3") == [3]
    assert ids(after_day=date(2026, 1, 2), after_id=2) == [1]
    assert ids(after_day=date(2026, 1, 2), after_id=2, order="oldest") == [3]
    with pytest.raises(ParameterError, match="after_day has no effect without after_id"):
        ids(after_day=date(2026, 1, 2))
    assert notes.patch(conn, id=1, title="new", body=pydb.ABSENT) == 1
    assert notes.patch(conn, id=2, body=None) == 1
    with pytest.raises(ParameterError, match="give at least one of"):
        notes.patch(conn, id=2)
    assert notes.search(conn, limit=1, order="oldest")[0].title == "new"
    assert ids(without_body=True, order="oldest") == [1, 2]
    assert [tuple(row) for row in notes.without_a_body(conn, by_author=True, body="body 3")] == [("Noa", 1)]
    (row,) = notes.without_a_body(conn, body=None)
    assert row.notes == 2
    assert len(notes.without_a_body(conn)) == 1
    assert notes.seen_by(conn, only_own=True, viewer="Omar") == ["title 2"]
    assert notes.seen_by(conn, by="title") == ["new", "title 2", "title 3"]
    with pytest.raises(ParameterError, match="viewer is needed with only_own"):
        notes.seen_by(conn, only_own=True)
    assert get_args(notes.SearchOrder) == ("newest", "oldest")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Project]:
    """A project for SQLite."""
    with project_for("sqlite", tmp_path, monkeypatch, capsys) as made:
        yield made


def test_the_signatures(project: Project) -> None:
    """A type contains None if the column allows NULL or "is null" needs it; check counts the variants."""
    project.generate()
    done = project.pydb("check", "--format", "json")
    assert "5 statements, 89 of 89 variants checked, 5 proven on SQLite" in done.err
    assert json.loads(done.out)["variants"] == {"checked": 89, "all": 89}
    with project.imported() as package:
        patch, without = (
            inspect.signature(function) for function in (package.notes.patch, package.notes.without_a_body)
        )
    assert {name: item.annotation for name, item in patch.parameters.items()} == {
        "conn": "Connection",
        "id": "int",
        "title": "str | Absent",
        "body": "str | Absent | None",
        "day": "date | Absent",
    }
    assert without.parameters["body"].annotation == "str | Absent | None"
    assert without.return_annotation == "list[WithoutABodyRow]"
    project.tool("ruff", "format", "--no-cache", "--check", "--line-length", "88", "app/db")
    project.tool("ruff", "check", "--no-cache", "--line-length", "88", "app/db")


@pytest.mark.deep
@pytest.mark.xdist_group("mypy")
def test_mypy_finds_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package has no errors under mypy --strict, which finds the mistakes of a caller."""
    project.generate()
    caller = """\
    from datetime import date

    from sqlalchemy import Connection

    from app.db import Note, notes
    from app.db.notes import SearchOrder


    def page(conn: Connection, order: SearchOrder) -> list[Note]:
        notes.patch(conn, id=1, body=None, day=date(2026, 1, 1))
        notes.patch(conn, id=1, title=None)  # type: ignore[arg-type]
        notes.search(conn, limit=1, order="other")  # type: ignore[arg-type]
        return notes.search(conn, limit=1, order=order, authors=["a"])
    """
    project.write({"app/caller.py": caller})
    monkeypatch.setenv("MYPYPATH", str(PROJECT))
    project.tool("mypy", "--strict", "--cache-dir", str(PROJECT / ".mypy_cache"), "app")
