"""aiosql's own format; test_sources.py tests what the tools have in common."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.importers.aiosql import import_aiosql


@pytest.mark.parametrize(
    ("header", "sql", "expected"),
    [
        ("a*!", "INSERT INTO t (a, b) VALUES (%s, %s);", "INSERT INTO t (a, b) VALUES (:a, :b);"),
        ("a", "SELECT a FROM t WHERE b =%s;", "SELECT a FROM t WHERE b =:b;"),
        ("a$", "SELECT :x %% :y, '%%';", "SELECT :x % :y, '%%';"),
        ("a$", "SELECT :x.real + :x.imaj;", "SELECT :x_real + :x_imaj;"),
        ("a", "SELECT a FROM t WHERE b in :ids;", "SELECT a FROM t WHERE b in (:ids);"),
        ("a$", "SELECT :x::double precision;", "SELECT CAST(:x AS double precision);"),
        ("a$", "SELECT :x::timestamp with time zone;", "SELECT CAST(:x AS timestamp with time zone);"),
        ("a$", "SELECT :x::app.kind[];", "SELECT CAST(:x AS app.kind[]);"),
    ],
)
def test_parameters(tmp_path: Path, header: str, sql: str, expected: str) -> None:
    """Parameters of drivers get names, attributes become parameters, and casts are written as CAST."""
    file = tmp_path / "q.sql"
    file.write_text(f"-- name: {header}\n{sql}\n")
    [made] = import_aiosql(file, engine="postgresql")
    assert [(one.sql, one.reason) for one in made.statements] == [(expected, "")]


def test_question_marks_of_a_batch(tmp_path: Path) -> None:
    """In sqlite3 they are parameters; in PostgreSQL they are an operator."""
    file = tmp_path / "q.sql"
    file.write_text("-- name: a*!\nINSERT INTO t (a, b) VALUES (?, ?);\n")
    [made] = import_aiosql(file, engine="sqlite")
    assert made.statements[0].sql == "INSERT INTO t (a, b) VALUES (:a, :b);"
    file.write_text("-- name: a*!\nDELETE FROM t WHERE a ? 'b' AND c = :c;\n")
    [made] = import_aiosql(file, engine="postgresql")
    assert made.statements[0].sql == "DELETE FROM t WHERE a ? 'b' AND c = :c;"


def test_a_query_that_inserts_nothing_may_find_no_row(tmp_path: Path) -> None:
    """``<!`` of a SELECT is ``:maybe``."""
    file = tmp_path / "q.sql"
    file.write_text("-- name: a<!\nSELECT 1, 2 WHERE FALSE;\n")
    [made] = import_aiosql(file)
    assert made.statements[0].rows == "maybe"


def test_a_header_in_a_comment_is_none(tmp_path: Path) -> None:
    """aiosql removes ``/* */`` first; text in a string is not a comment."""
    file = tmp_path / "q.sql"
    file.write_text("-- name: a$\nSELECT '/*';\n/*\n-- name: b$\nSELECT 2;\n*/\n-- name: c-d$\nSELECT '*/';\n")
    [made] = import_aiosql(file)
    assert [(one.name, one.changes, one.reason) for one in made.statements] == [("a", (), ""), ("c_d", (), "")]
