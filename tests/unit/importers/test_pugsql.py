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
