"""Parameters that get names."""

from __future__ import annotations

import pytest

from pydb.importers.imported import Imported
from pydb.importers.placeholders import with_casts, with_names


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT a FROM t WHERE b = $1 AND c > $2;", "SELECT a FROM t WHERE b = :b AND c > :c;"),
        ("SELECT a FROM t WHERE b = $1 OR b = $2;", "SELECT a FROM t WHERE b = :b OR b = :b_2;"),
        ("SELECT a FROM t WHERE b = $1 OR c = $1;", "SELECT a FROM t WHERE b = :b OR c = :b;"),
        ("INSERT INTO t (a, b) VALUES ($1, $2);", "INSERT INTO t (a, b) VALUES (:a, :b);"),
        ("UPDATE t SET a = $2 WHERE id = $1;", "UPDATE t SET a = :a WHERE id = :id;"),
        ("SELECT a FROM t LIMIT $1 OFFSET $2;", "SELECT a FROM t LIMIT :limit OFFSET :offset;"),
        ("SELECT a FROM t WHERE b BETWEEN $1 AND $2;", "SELECT a FROM t WHERE b BETWEEN :b AND :b_2;"),
        ("SELECT a FROM t WHERE $1 = b;", "SELECT a FROM t WHERE :b = b;"),
        ("SELECT f($1);", "SELECT f(:arg_1);"),
        ("SELECT a FROM t WHERE b = ANY($1::int[]);", "SELECT a FROM t WHERE b = ANY(CAST(:b AS int[]));"),
        ("SELECT a FROM t WHERE b = sqlc.arg('x')::text;", "SELECT a FROM t WHERE b = CAST(:x AS text);"),
        ("SELECT a FROM t WHERE b IN (sqlc.slice('ids'));", "SELECT a FROM t WHERE b IN (:ids);"),
        ("SELECT a FROM t WHERE b = @x AND c = '$1';", "SELECT a FROM t WHERE b = :x AND c = '$1';"),
        ("SELECT a FROM t WHERE b ? 'k' AND c ?| $1;", "SELECT a FROM t WHERE b ? 'k' AND c ?| :c;"),
        ("SELECT a FROM t WHERE b @@to_tsquery($1);", "SELECT a FROM t WHERE b @@to_tsquery(:arg_1);"),
        ("SELECT a FROM t WHERE b LIKE '%' || $1 || '%';", "SELECT a FROM t WHERE b LIKE '%' || :b || '%';"),
        ("SELECT a FROM t -- $1\nWHERE b = $1;", "SELECT a FROM t -- $1\nWHERE b = :b;"),
    ],
)
def test_a_parameter_is_named_after_its_column(sql: str, expected: str) -> None:
    """A number becomes the column's name, a name is kept, and strings and comments are not changed."""
    assert with_names(Imported("x", "many", sql, "a:1"), "postgresql").sql == expected


def test_question_marks_of_mysql() -> None:
    """Each question mark is a separate parameter."""
    found = with_names(Imported("x", "many", "SELECT a FROM t WHERE b = ? AND c = ?;", "a:1"), "mariadb")
    assert found.sql == "SELECT a FROM t WHERE b = :b AND c = :c;"
    assert found.changes == ("its parameters are now :b, :c",)


def test_casts_are_written_out() -> None:
    """pydb does not accept ``:a::int``."""
    assert with_casts(Imported("x", "many", "SELECT :a::numeric(10, 2), b::int;", "a:1")).sql == (
        "SELECT CAST(:a AS numeric(10, 2)), b::int;"
    )
