"""aiosql's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.importers.aiosql import import_aiosql

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
}["aiosql"]
MARK = {"aiosql": "-- name: ", "pugsql": "-- :name "}["aiosql"]


@pytest.mark.parametrize(("header", "sql", "rows"), HEADERS)
def test_what_is_returned(tmp_path: Path, header: str, sql: str, rows: str) -> None:
    """Each operator or word has its row word."""
    file = tmp_path / "q.sql"
    file.write_text(f"{MARK}{header}\n-- About it.\n{sql}\n")
    [made] = import_aiosql(file)
    [one] = made.statements
    assert " ".join(filter(None, (one.rows, one.record))) == rows
    assert (one.name, one.doc, one.reason) == ("a", ("About it.",), "")


def test_for_one_engine(tmp_path: Path) -> None:
    """With an engine the files are its overlays."""
    file = tmp_path / "q.sql"
    file.write_text(f"{MARK}a\nSELECT 1;\n")
    assert [made.target(tmp_path) for made in import_aiosql(file, engine="postgresql")] == [
        tmp_path / "postgresql" / "q.sql"
    ]


@pytest.mark.parametrize(
    ("header", "sql", "expected"),
    [
        ("a*!", "INSERT INTO t (a, b) VALUES (%s, %s);", "INSERT INTO t (a, b) VALUES (:a, :b);"),
        ("a*!", "INSERT INTO t (a, b) VALUES (?, ?);", "INSERT INTO t (a, b) VALUES (:a, :b);"),
        ("a", "SELECT a FROM t WHERE b =%s;", "SELECT a FROM t WHERE b =:b;"),
        ("a$", "SELECT :x %% :y, '%%';", "SELECT :x % :y, '%%';"),
        ("a$", "SELECT :x.real + :x.imaj;", "SELECT :x_real + :x_imaj;"),
        ("a$", "SELECT :x::double precision;", "SELECT CAST(:x AS double precision);"),
        ("a$", "SELECT :x::timestamp with time zone;", "SELECT CAST(:x AS timestamp with time zone);"),
        ("a$", "SELECT :x::app.kind[];", "SELECT CAST(:x AS app.kind[]);"),
    ],
)
def test_parameters(tmp_path: Path, header: str, sql: str, expected: str) -> None:
    """Those of drivers get names, attributes become parameters, and casts are written out."""
    file = tmp_path / "q.sql"
    file.write_text(f"-- name: {header}\n{sql}\n")
    [made] = import_aiosql(file, engine="postgresql")
    assert [(one.sql, one.reason) for one in made.statements] == [(expected, "")]


def test_a_query_that_inserts_nothing_may_find_no_row(tmp_path: Path) -> None:
    """``<!`` of a SELECT is ``:maybe``."""
    file = tmp_path / "q.sql"
    file.write_text("-- name: a<!\nSELECT 1, 2 WHERE FALSE;\n")
    [made] = import_aiosql(file)
    assert made.statements[0].rows == "maybe"
