"""pydb's queries in pg_stat_statements; tests/integration/test_top.py reads a real view."""

from __future__ import annotations

import pytest

from pydb.usage.engines.postgresql_statistics import PostgresqlStatistics
from pydb.usage.statistics import Measured


def measured(*rows: tuple[str, int, float, int]) -> list[Measured]:
    """The queries from rows of the view."""
    return list(PostgresqlStatistics("postgresql")._measured(rows))


def test_the_name_of_the_comment() -> None:
    """The first comment has the name and the variant."""
    (found,) = measured(("/* t.page[a,order=up] */ SELECT $1", 3, 1.5, 2))
    assert found == Measured("t.page[a,order=up]", "", 3, 1.5, 2)


def test_a_query_without_it() -> None:
    """A query whose comment was removed is found by its text; a comment inside the text is not a name."""
    (found,) = measured(("SELECT a /* t.x */ FROM t WHERE a = $1", 1, 1.0, 1))
    assert (found.name, found.normal) == (None, "SELECT A FROM T WHERE A = ?")


@pytest.mark.parametrize(
    ("kept", "sql"),
    [
        ("SELECT a FROM t WHERE\n $2\n AND b = $1", "SELECT a FROM t WHERE TRUE AND b = :b"),
        ("SELECT a FROM t WHERE b IN ($1 /*, ... */)", "SELECT a FROM t WHERE b IN (:b)"),
        ("SELECT extract($1 FROM a), $2 FROM t", "SELECT EXTRACT(year FROM a), x'ff' FROM t"),
        ("SELECT DATE $1, INTERVAL $2, $3", "SELECT DATE '2020-01-01', INTERVAL '1 day', FALSE"),
    ],
)
def test_a_text_without_the_comment(kept: str, sql: str) -> None:
    """Constants are parameters in the server's text, and lists are short."""
    (found,) = measured((kept, 1, 1.0, 1))
    assert found.normal == PostgresqlStatistics("postgresql").normal(sql)


def test_a_stream() -> None:
    """The FETCHes of a cursor belong to the statement for which it was declared."""
    declared = ('DECLARE "c_1" CURSOR FOR /* t.x */ SELECT a FROM t', 2, 0.5, 0)
    found = measured(declared, ('FETCH FORWARD 1000 FROM "c_1"', 4, 3.0, 900))
    assert found == [Measured("t.x", "", 2, 0.5, 0), Measured("t.x", "", 0, 3.0, 900)]


@pytest.mark.parametrize("other", ['DECLARE "c_1" CURSOR FOR /* t.y */ SELECT b FROM t', None])
def test_a_cursor_of_several_statements(other: str | None) -> None:
    """If several statements, or none, have a cursor's name, its FETCHes belong to none of them."""
    rows = [('DECLARE "c_1" CURSOR FOR /* t.x */ SELECT a FROM t', 1, 1.0, 0)] if other else []
    *_, fetch = measured(*rows, *([(other, 1, 1.0, 0)] if other else []), ('FETCH FORWARD 5 FROM "c_1"', 1, 1.0, 5))
    assert fetch.name is None


def test_a_text_that_is_cut_off() -> None:
    """A text with an unterminated string or comment is not pydb's, and no error is raised."""
    (found,) = measured(("SELECT 'a", 1, 1.0, 1))
    assert (found.name, found.normal) == (None, "")
