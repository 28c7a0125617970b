"""The values that a failed statement would have written, as far as they are visible."""

from __future__ import annotations

from typing import Any

import pytest

from pydb.engines.sqlite.written_values import change_of


@pytest.mark.parametrize(
    ("sql", "parameters", "table", "rows", "where"),
    [
        ("INSERT INTO t (A, b) VALUES (?, 2)", (1,), "t", [{"a": 1}], {}),
        ("INSERT OR IGNORE INTO main.t (a) VALUES (?), (?)", (1, 2), "t", [{"a": 1}, {"a": 2}], {}),
        ("UPDATE t SET a = ?, b = b + 1 WHERE id = ? AND c > 3", (1, 7), "t", [{"a": 1}], {"id": 7}),
        ("DELETE FROM t WHERE id = ?", (7,), "t", [], {"id": 7}),
        ("DELETE FROM t WHERE id < ? AND 1 = ?", (7, 1), "t", [], {}),
        ("INSERT INTO t (a) SELECT ? FROM s", (1,), "t", [], {}),
    ],
)
def test_what_is_plain(
    sql: str, parameters: tuple[Any, ...], table: str, rows: list[dict[str, Any]], where: dict[str, Any]
) -> None:
    """Bound values are known; computed values and literals are not."""
    change = change_of(sql, parameters)
    assert change is not None
    assert change.table == table
    assert [dict(row) for row in change.rows if row] == rows
    assert dict(change.where) == where


@pytest.mark.parametrize("sql", ["SELECT 1", "CREATE TABLE t (a)", ""])
def test_what_writes_nothing(sql: str) -> None:
    """Other statements, and text that cannot be read, have no known values."""
    assert change_of(sql, ()) is None


def test_many_sets() -> None:
    """All sets of an ``executemany`` are known."""
    change = change_of("INSERT INTO t (a) VALUES (?)", [(1,), (2,)])
    assert change is not None
    assert [dict(row) for row in change.rows] == [{"a": 1}, {"a": 2}]
