"""pugsql's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.importers.pugsql import import_pugsql

HEADERS = {
    "aiosql": [
        ("a^", "SELECT 1", "maybe"),
        ("a$", "SELECT 1", "maybe scalar"),
        ("a", "SELECT 1", "many"),
        ("a!", "DELETE FROM t", "affected"),
        ("a*!", "INSERT INTO t (a) VALUES (:a)", "batch"),
        ("a#", "CREATE TABLE t (a int)", "exec"),
        ("a<!", "INSERT INTO t (a) VALUES (:a) RETURNING a", "one scalar"),
        ("a<!", "INSERT INTO t (a) VALUES (:a) RETURNING a, b", "one"),
        ("a<!", "INSERT INTO t (a) VALUES (:a)", "affected"),
        ("a(x)^", "SELECT :x", "maybe"),
    ],
    "pugsql": [
        ("a :one", "SELECT 1", "maybe"),
        ("a :1", "SELECT 1", "maybe"),
        ("a :many", "SELECT 1", "many"),
        ("a :*", "SELECT 1", "many"),
        ("a :scalar", "SELECT 1", "maybe scalar"),
        ("a :affected", "DELETE FROM t", "affected"),
        ("a :n", "DELETE FROM t", "affected"),
        ("a :insert", "INSERT INTO t (a) VALUES (:a)", "affected"),
        ("a :raw", "SELECT 1", "many"),
        ("a :? :1", "SELECT 1", "maybe"),
        ("a :! :n", "DELETE FROM t", "affected"),
        ("a\n-- :command :query\n-- :result :scalar", "SELECT 1", "maybe scalar"),
        ("a\n-- :result :affected", "DELETE FROM t", "affected"),
        ("a", "DELETE FROM t", "affected"),
    ],
}["pugsql"]
MARK = {"aiosql": "-- name: ", "pugsql": "-- :name "}["pugsql"]


@pytest.mark.parametrize(("header", "sql", "rows"), HEADERS)
def test_what_is_returned(tmp_path: Path, header: str, sql: str, rows: str) -> None:
    """Each operator or word has its row word."""
    file = tmp_path / "q.sql"
    file.write_text(f"{MARK}{header}\n-- About it.\n{sql}\n")
    [made] = import_pugsql(file)
    [one] = made.statements
    assert " ".join(filter(None, (one.rows, one.record))) == rows
    assert (one.name, one.doc, one.reason) == ("a", ("About it.",), "")


def test_for_one_engine(tmp_path: Path) -> None:
    """With an engine the files are its overlays."""
    file = tmp_path / "q.sql"
    file.write_text(f"{MARK}a\nSELECT 1;\n")
    assert [made.target(tmp_path) for made in import_pugsql(file, engine="postgresql")] == [
        tmp_path / "postgresql" / "q.sql"
    ]


def test_documentation_and_more_dashes(tmp_path: Path) -> None:
    """A header may begin with more than two dashes, and ``:doc`` lines are documentation."""
    file = tmp_path / "q.sql"
    file.write_text("--- :name a :one\n-- :doc First,\n-- :doc second.\nselect 1\n")
    [made] = import_pugsql(file)
    assert made.statements[0].doc == ("First,", "second.")


def test_a_name_put_in_at_run_time_is_left(tmp_path: Path) -> None:
    """No parameter can take the place of a table's name."""
    file = tmp_path / "q.sql"
    file.write_text("-- :name a :many\nSELECT 1 FROM {{ t }};\n")
    [made] = import_pugsql(file)
    assert made.statements[0].reason.startswith("{{ t }} is a name put in at run time")


def test_a_file_without_names_is_left(tmp_path: Path) -> None:
    """Its text stands as a comment."""
    file = tmp_path / "q.sql"
    file.write_text("select 1\n")
    [made] = import_pugsql(file)
    assert [(one.name, one.reason) for one in made.statements] == [("q", "it has no name")]
