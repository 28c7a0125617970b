"""Statements that a project has once an engine."""

from __future__ import annotations

from pathlib import Path

from pydb.importers.imported import targets_of
from pydb.importers.sqlc import import_sqlc
from pydb.sqlfile.loader import read
from pydb.support.file_sets import write_files

CONFIGURATION = """
version: "2"
sql:
  - {engine: postgresql, queries: p.sql}
  - {engine: mysql, queries: m}
"""


def test_a_form_that_disagrees_stands_as_a_comment(tmp_path: Path) -> None:
    """What all engines return alike is one statement; the others are the first engine's alone, and all load."""
    (tmp_path / "sqlc.yaml").write_text(CONFIGURATION)
    (tmp_path / "p.sql").write_text(
        "-- name: Add :one\nINSERT INTO t (a) VALUES ($1) RETURNING a;\n\n-- name: All :many\nSELECT a FROM t;\n"
    )
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "p.sql").write_text(
        "-- name: Add :execresult\nINSERT INTO t (a) VALUES (?);\n\n-- name: All :many\nSELECT a FROM t;\n"
    )
    files = import_sqlc(tmp_path)
    left = [(file.engine, one.name) for file in files for one in file.statements if one.reason]
    assert left == [("mariadb", "add")]
    write_files(targets_of(files, {}, tmp_path / "sql"))
    assert {name.name: sorted(name.forms) for name in read(tmp_path / "sql")} == {
        "p.add": ["postgresql"],
        "p.all": ["mariadb", "postgresql"],
    }
