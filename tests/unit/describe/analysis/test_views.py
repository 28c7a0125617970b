"""Views, and what their queries prove about their columns."""

from __future__ import annotations

from dataclasses import replace

from pydb.describe.analysis.views import with_views
from pydb.describe.catalogue import TableFacts
from tests.harness.analysis import catalogue, columns


def test_columns_of_views() -> None:
    """A column is not NULL if the view's query proves it, also through another view."""
    known = catalogue("sqlite")
    views = {name: TableFacts(name, columns(a="integer?", b="text?"), is_view=True) for name in ("inner_v", "outer_v")}
    texts = {
        "outer_v": "CREATE VIEW outer_v AS SELECT a, b FROM inner_v WHERE b IS NOT NULL",
        "inner_v": "CREATE VIEW inner_v AS SELECT id, email FROM users",
    }
    known = replace(known, tables={**known.tables, **views}, sizes={"inner_v": 1, "outer_v": 2})
    found = with_views(known, texts).tables
    assert [column.nullable for column in found["inner_v"].columns.values()] == [False, True]
    assert [column.nullable for column in found["outer_v"].columns.values()] == [False, False]


def test_a_view_that_cannot_be_read() -> None:
    """Nothing is proven about a view whose query is not analysed."""
    known = catalogue("sqlite")
    view = TableFacts("v", columns(a="integer?"), is_view=True)
    known = replace(known, tables={**known.tables, "v": view})
    assert with_views(known, {"v": "SELECT FROM ("}).tables["v"] == view
    assert with_views(known, {"v": "SELECT id, name FROM users"}).tables["v"] == view
