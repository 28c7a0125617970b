"""Filters of sqlc that NULL disables become optional lines."""

from __future__ import annotations

import pytest

from pydb.importers.imported import Imported
from pydb.importers.narg_filters import with_optional_lines


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "SELECT a FROM t\nWHERE b = 1\n  AND (sqlc.narg('x')::text IS NULL OR c = sqlc.narg('x'))\nORDER BY a;",
            "SELECT a FROM t\nWHERE b = 1\n    AND c = sqlc.arg('x') -- if :x\nORDER BY a;",
        ),
        (
            "SELECT a FROM t WHERE (sqlc.narg(x) IS NULL OR lower(c) = lower(sqlc.narg(x)));",
            "SELECT a FROM t WHERE\n    TRUE\n    AND lower(c) = lower(sqlc.arg(x)) -- if :x\n;",
        ),
        (
            "UPDATE t SET a = coalesce(sqlc.narg('a'), a), b = COALESCE(sqlc.narg('b'), b) WHERE id = 1;",
            "UPDATE t SET\n    a = sqlc.arg(a), -- if :a\n    b = sqlc.arg(b) -- if :b\nWHERE id = 1;",
        ),
        (
            "SELECT a FROM t WHERE TRUE AND (sqlc.narg(x) IS NULL OR b = sqlc.narg(x) OR c = sqlc.narg(x));",
            "SELECT a FROM t WHERE TRUE\n    AND (b = sqlc.arg(x) OR c = sqlc.arg(x)) -- if :x\n;",
        ),
    ],
)
def test_a_filter_becomes_a_line(sql: str, expected: str) -> None:
    """Only text in the form of such a filter, or of such an item of SET, is changed."""
    assert with_optional_lines(Imported("x", "many", sql, "a:1")).sql == expected


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a FROM t WHERE b = sqlc.narg('b');",
        "SELECT a FROM t WHERE b = coalesce(sqlc.narg('b'), b);",
        "SELECT a FROM t\nWHERE b = 1\n-- AND (sqlc.narg('x') IS NULL OR c = sqlc.narg('x'))\n;",
        "SELECT a FROM t WHERE b = 1 AND (sqlc.narg('x') IS NULL OR c = sqlc.narg('x') -- note\n);",
        "SELECT a FROM t WHERE b = ' AND (sqlc.narg(x) IS NULL OR c = 1)';",
        "SELECT a FROM t WHERE b = '\n\n' AND (sqlc.narg('x') IS NULL OR c = sqlc.narg('x'));",
    ],
)
def test_all_else_stays(sql: str) -> None:
    """A condition that is not true for NULL, text in comments and strings, and lines of a string are unchanged."""
    assert with_optional_lines(Imported("x", "many", sql, "a:1")).sql == sql
