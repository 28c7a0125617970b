"""The bracket of an INSERT that a batch repeats, for SQL that no engine accepts."""

from __future__ import annotations

import pytest

from pydb.sqlfile.parser import parse_file


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t (a,) VALUES (:a,) ON CONFLICT (a) DO UPDATE SET a = 1;",
        "INSERT INTO t () VALUES () ON CONFLICT (a) DO UPDATE SET a = :a;",
        "INSERT INTO t (a) VALUES (:a) ON CONFLICT (a,) DO UPDATE SET a = 1;",
    ],
)
def test_empty_items(sql: str) -> None:
    """An empty item among the columns or values means that no bracket is repeated: the engine reports the mistake."""
    (parsed,) = parse_file(f"-- name: x :batch\n{sql}\n", "t.sql", "t", None)
    assert parsed.form.row_template is None
