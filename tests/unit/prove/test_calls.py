"""Calls of a generated package, and of a package whose signatures are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

import pydb
from pydb.prove import LawReport, lines_of, prove_calls
from tests.harness.projects import project_in

SCHEMA = """
CREATE TABLE items (id integer PRIMARY KEY, name text NOT NULL UNIQUE, price numeric, sold_on date);
"""
STATEMENTS = """
-- name: by_id :maybe Item
SELECT id, name, price, sold_on FROM items WHERE id = :id;

-- name: rename :one Item
UPDATE items SET name = :name WHERE id = :id RETURNING id, name, price, sold_on;

-- name: insert_many :batch
INSERT INTO items (name, price) VALUES (:name, :price);

-- name: stream_all :stream Item
SELECT id, name, price, sold_on FROM items ORDER BY id;

-- name: sold :many
-- @column sold_on date?
SELECT sold_on, count(*) AS n FROM items WHERE id IN (:ids) GROUP BY sold_on;

-- name: delete :affected
DELETE FROM items WHERE id = :id;

-- name: clear :exec
DELETE FROM items;
"""


def report_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], change: tuple[str, str]
) -> LawReport:
    """The report about the package after a change of its text."""
    with project_in(tmp_path, monkeypatch, capsys) as project:
        project.write({"schema.sql": SCHEMA, "sql/items.sql": STATEMENTS})
        project.generate()
        for file in (tmp_path / "app" / "db").glob("*.py"):
            file.write_text(file.read_text().replace(*change))
        with project.imported() as package, pydb.Database(f"sqlite:///{tmp_path / 'rows.db'}") as database:
            database.apply(tmp_path / "schema.sql")
            return prove_calls(database, package, "sqlite")


def test_what_was_generated_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each kind of statement is called, and returns what its signature says."""
    report = report_of(tmp_path, monkeypatch, capsys, ("", ""))
    assert len(report.held) == report.called == 7, "\n".join(lines_of(report))
    assert not report.empty_tables
    assert report.data_refusals  # NoRow, and existing names


@pytest.mark.parametrize(
    ("said", "instead", "broken"),
    [
        ("price: Decimal | None\n", "price: Decimal\n", {"by_id", "rename", "stream_all"}),
        ("-> int:", "-> str:", {"insert_many", "delete"}),
        ("Row[date | None, int]", "Row[date, int]", {"sold"}),
        ("name: str,", "name: str | None,", {"rename"}),
    ],
)
def test_what_says_something_else_is_broken(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    said: str,
    instead: str,
    broken: set[str],
) -> None:
    """A signature with another type, or without None, is refuted."""
    report = report_of(tmp_path, monkeypatch, capsys, (said, instead))
    assert {item.statement.rpartition(".")[2] for item in report.broken} == broken
