"""The row word of an INSERT of another tool."""

from __future__ import annotations

import pytest

from pydb.importers.imported import Imported
from pydb.importers.returning import with_inserted_rows


@pytest.mark.parametrize(
    ("sql", "rows", "record"),
    [
        ("INSERT INTO t (a) VALUES (:a) RETURNING id;", "one", "scalar"),
        ("INSERT INTO t (a) VALUES (:a) RETURNING coalesce(a, 1);", "one", "scalar"),
        ("INSERT INTO t (a) VALUES (:a) RETURNING id, a;", "one", None),
        ("INSERT INTO t (a) VALUES (:a) RETURNING *;", "one", None),
        ("INSERT INTO t (a) VALUES ('RETURNING');", "affected", None),
        ("SELECT 1 WHERE FALSE;", "maybe", None),
    ],
)
def test_what_an_insert_returns(sql: str, rows: str, record: str | None) -> None:
    """RETURNING means a row, and with one column a scalar; without it the rows are counted."""
    made = with_inserted_rows(Imported("a", "affected", sql, "a:1"), None)
    assert (made.rows, made.record) == (rows, record)
