"""A whole proof, on SQLite only."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.check import Inputs
from pydb.errors import PydbError
from pydb.generate import Options
from pydb.prove.project import ProofInputs, ProofReport, products, prove

SCHEMA = """
CREATE TABLE items (
    id integer NOT NULL PRIMARY KEY,
    name text NOT NULL,
    note text NULL
);
"""
ITEMS = """
-- name: by_id :maybe Item
SELECT id, name, note FROM items WHERE id = :id;

-- name: add :one Item
INSERT INTO items (name, note) VALUES (:name, :note) RETURNING id, name, note;

-- name: rename_all :affected
UPDATE items SET name = :name WHERE note IN (:notes);

-- name: add_many :batch
INSERT INTO items (name, note) VALUES (:name, :note);
"""


def proven(folder: Path, statements: str, *names: str, seed: int = 0) -> ProofReport:
    (folder / "sql").mkdir(exist_ok=True)
    (folder / "schema.sql").write_text(SCHEMA)
    (folder / "sql" / "items.sql").write_text(statements)
    inputs = Inputs(str(folder / "sql"), {"sqlite": str(folder / "schema.sql")})
    return prove(ProofInputs(inputs, Options("app.db", "sql"), names, rows=3, seed=seed))


def test_not_refuted(tmp_path: Path) -> None:
    """Correct statements are called, and nothing is found; the same seed makes the same calls."""
    report = proven(tmp_path, ITEMS)
    assert not report.findings
    assert (report.statements, report.engines) == (4, ["sqlite"])
    assert report.calls > 100
    assert proven(tmp_path, ITEMS).calls == report.calls
    assert [item.statement for item in report.examined] == [
        "items.by_id",
        "items.add",
        "items.rename_all",
        "items.add_many",
    ]


def test_a_broken_promise(tmp_path: Path) -> None:
    """A NULL against the annotation is shown with one row."""
    report = proven(tmp_path, "-- name: notes :many\n-- @column note str\nSELECT id, note FROM items;\n")
    (found,) = report.findings
    assert (found.code, found.statement) == ("P103", "items.notes")
    assert found.message.count("(id=") == 1
    assert "note=None" in found.message


def test_one_that_check_refuses_keeps_no_other_from_being_called(tmp_path: Path) -> None:
    """The findings of check are among the findings."""
    report = proven(tmp_path, ITEMS + "\n-- name: wrong :many\nSELECT nothing FROM items;\n")
    assert [finding.code for finding in report.findings] == ["C101"]
    assert report.statements == 4


def test_names(tmp_path: Path) -> None:
    """A statement or a file can be proven alone; an unknown name is an error with the nearest one."""
    assert proven(tmp_path, ITEMS, "items.by_id").statements == 1
    assert proven(tmp_path, ITEMS, "items").statements == 4
    with pytest.raises(PydbError, match=r'no statement or statement file "items\.by_ix"') as caught:
        proven(tmp_path, ITEMS, "items.by_ix")
    assert "items.by_id" in str(caught.value)


def test_products() -> None:
    """Products have the names of their makers."""
    assert products(["sqlite", "postgresql"]) == "SQLite and PostgreSQL"
