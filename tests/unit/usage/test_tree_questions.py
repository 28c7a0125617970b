"""Small questions about a statement's syntax tree."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from pydb.describe.analysis.statement_analysis import analyse
from pydb.describe.catalogue import Catalogue
from pydb.usage.tree_questions import (
    assigned_column,
    dotted_name,
    first_line_of,
    is_default,
    is_inside,
    tables_called,
    value_rows,
)


def test_what_is_assigned() -> None:
    """The column of an assignment to an item of an array, or to a part in brackets, is found."""
    update = sqlglot.parse_one("UPDATE t SET a[1] = 2, b = 3", dialect="postgres")
    assert [column.name for item in update.expressions if (column := assigned_column(item.this))] == ["a", "b"]
    assert assigned_column(None) is None


def test_rows_and_defaults() -> None:
    """The rows of VALUES are found, and the DEFAULTs in them."""
    insert = sqlglot.parse_one("INSERT INTO t (a, b) VALUES (1, DEFAULT), (2, 3)", dialect="postgres")
    assert [[is_default(item) for item in row] for row in value_rows(insert)] == [[False, True], [False, False]]


def test_names_and_lines() -> None:
    """A name has its qualifiers, and an expression the first line on which it names something."""
    select = sqlglot.parse_one("SELECT\n  a.b\nFROM s.t\nWHERE EXISTS (SELECT 1 FROM u)", dialect="postgres")
    column, table = select.find(exp.Column), select.find(exp.Table)
    assert column is not None
    assert table is not None
    assert (dotted_name(column), dotted_name(table)) == ("a.b", "s.t")
    assert (first_line_of(column), first_line_of(table)) == (2, 3)
    assert not is_inside(column, exp.Exists)


def test_tables_by_their_names() -> None:
    """A table is called by its alias, and a join in brackets by its own; without a name, any table is meant."""
    select = sqlglot.parse_one("SELECT 1 FROM (a AS x JOIN b ON true) AS j JOIN c ON true", dialect="postgres")
    assert isinstance(select, exp.Select)
    context = analyse("SELECT 1", Catalogue("postgresql", {})).context
    found = {
        name: sorted(table.name for table in tables_called(select, name, context))
        for name in ("j", "x", "c", "d", None)
    }
    assert found == {"j": ["a", "b"], "x": ["a"], "c": ["c"], "d": [], None: ["a", "b", "c"]}
