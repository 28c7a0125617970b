"""Statements of which a project has one for each engine."""

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
  - {engine: sqlite, queries: s}
"""


def test_a_form_that_disagrees_has_a_name_of_its_own(tmp_path: Path) -> None:
    """Equal forms are one statement, a different form gets a name for its engine, and all of them load."""
    (tmp_path / "sqlc.yaml").write_text(CONFIGURATION)
    (tmp_path / "p.sql").write_text(
        "-- name: Add :one\nINSERT INTO t (a) VALUES ($1) RETURNING a;\n\n-- name: All :many\nSELECT a FROM t;\n"
    )
    for folder in ("m", "s"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "p.sql").write_text(
            "-- name: Add :execresult\nINSERT INTO t (a) VALUES (?);\n\n-- name: All :many\nSELECT a FROM t;\n"
        )
    files = import_sqlc(tmp_path)
    [told] = [one.changes[-1] for file in files for one in file.statements if one.name == "add_on_mariadb"]
    assert told == (
        "renamed to add_on_mariadb, because it differs from the form of another engine: "
        f"row word :affected here, :one in {tmp_path}/p.sql:1"
    )
    write_files(targets_of(files, {}, tmp_path / "sql"))
    assert {name.name: sorted(name.forms) for name in read(tmp_path / "sql")} == {
        "p.add": ["postgresql"],
        "p.add_on_mariadb": ["mariadb"],
        "p.add_on_sqlite": ["sqlite"],
        "p.all": ["mariadb", "postgresql", "sqlite"],
    }
