"""The types of dates and times that MariaDB computes, on a hand-written catalogue."""

from __future__ import annotations

import pytest

from pydb.describe.analysis.statement_analysis import analyse
from pydb.describe.catalogue import Catalogue, ColumnFacts, TableFacts
from pydb.describe.described import DescribedParameter
from pydb.describe.engines.mariadb_moments import TIME_SPAN, with_moments
from pydb.describe.session import RawColumn

COLUMNS = {
    "d": ColumnFacts("d", "date", False, "temporal"),
    "c": ColumnFacts("c", "time", False, "temporal"),
    "s": ColumnFacts("s", "varchar(9)", False, "text"),
}
CATALOGUE = Catalogue("mariadb", {"t": TableFacts("t", COLUMNS)})


def type_of(sql: str, type_: str, table: str | None = None, word: str | None = None) -> str | None:
    """The type of the one column of ``sql``, for which the server reports ``type_``."""
    parameters = {"x": DescribedParameter("x", (), (), False, declared=word)} if word else {}
    (column,) = with_moments([RawColumn("v", type_, table)], analyse(sql, CATALOGUE), parameters)
    return column.type


@pytest.mark.parametrize(
    ("sql", "type_", "wanted"),
    [
        ("SELECT max(c) FROM t", "time", TIME_SPAN),
        ("SELECT c FROM (SELECT c FROM t) AS q", "time", "time"),
        ("SELECT CAST(s AS date) FROM t", "date", None),
        ("SELECT v FROM (SELECT CAST(s AS date) AS v FROM t) AS q", "date", None),
        ("SELECT date(d) FROM t", "date", "date"),
        ("SELECT CAST('2024-02-29' AS date)", "date", "date"),
        ("SELECT CAST('2024-00-29' AS date)", "date", None),
        ("SELECT max(d) FROM t WHERE d > date(s)", "date", "date"),
        ("SELECT from_days(1)", "date", None),
        ("SELECT length(date(s)) FROM t", "int", "int"),
    ],
)
def test_computed_columns(sql: str, type_: str, wanted: str | None) -> None:
    """A column that may be another value than a date has no type, and one that may be no time of day is a span."""
    assert type_of(sql, type_) == wanted


def test_columns_of_tables() -> None:
    """A table's column keeps its type."""
    assert type_of("SELECT c FROM t", "time", "t") == "time"


def test_parameters() -> None:
    """A parameter that is a date is a date; a text may be none."""
    assert type_of("SELECT CAST(:x AS date)", "date", word="date") == "date"
    assert type_of("SELECT CAST(:x AS date)", "date", word="str") is None
