"""Dates and times that MariaDB computes from numbers, texts and the extremes of its types have the described types."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb import Database
from pydb.describe import DescribedStatement, Session, describe, existing
from pydb.errors import DataError, RecordError
from pydb.sqlfile.loader import read
from tests.harness.runtime import Load

TABLE = (
    "CREATE TABLE t (d date NOT NULL, w datetime NOT NULL, c time NOT NULL, i integer NOT NULL, s varchar(20) NOT NULL)"
)
ROWS = (
    "INSERT INTO t VALUES ('2024-02-29', '2024-02-29 12:00:00', '838:59:59', 0, ''), "
    "('9999-12-31', '9999-12-31 23:59:59', '-838:59:59', 99999999, '2024-99-99'), "
    "('2024-01-01', '2024-01-01', '25:00:00', 20240000, '2024-00-00'), ('2024-01-01', '2024-01-01', '1:00', -1, 'x')"
)
ZERO = "INSERT INTO t VALUES ('0000-00-00', '0000-00-00', '1:00', 1, 'x')"

SPANS = (
    *("timediff(w, '2024-01-01')", "sec_to_time(i)", "maketime(i, 1, 1)", "addtime(c, c)", "subtime(c, '1:0')"),
    *("CAST(i AS time)", "max(c)", "date_add(c, INTERVAL 1 HOUR)", "CAST(w AS time)", "time(s)"),
)
MADE_DATES = (
    *("CAST(i AS date)", "CAST(s AS datetime)", "date(i)", "date(s)", "timestamp(s)", "from_days(i)"),
    *("str_to_date(s, '%Y-%m-%d')", "date_add(CAST(s AS date), INTERVAL 0 DAY)", "max(CAST(i AS date))"),
    "(SELECT max(CAST(s AS date)) FROM t)",
)
DATES = (
    *("d", "date(w)", "last_day(s)", "CAST(w AS date)", "d + INTERVAL 1 DAY", "makedate(2024, i)", "max(d)"),
    *("CAST('2024-02-29' AS date)", "date(now())", "coalesce(d, d)", "curdate()"),
)

pytestmark = pytest.mark.engines("mariadb")


@pytest.fixture
def session(empty_url: str) -> Iterator[Session]:
    with Database(empty_url) as database, database.begin() as conn:
        conn.exec_driver_sql(TABLE)
        conn.exec_driver_sql(ROWS)
    with existing(make_url(empty_url)) as session:
        yield session


def statement(expression: str, header: str = "") -> str:
    return f"-- name: v :many scalar\n{header}SELECT {expression} AS v FROM t;\n"


def described(session: Session, folder: Path, text: str) -> DescribedStatement:
    (folder / "d.sql").write_text(text)
    (definition,) = read(folder / "d.sql")
    found = describe(session, definition)
    assert isinstance(found, DescribedStatement), found
    return found


def test_what_comes_is_what_is_said(session: Session, empty_url: str, tmp_path: Path, load: Load) -> None:
    """A computed TIME is a timedelta; a date from a number or a text has no type; the other ones are dates."""
    said = {}
    for expression in (*SPANS, *MADE_DATES, *DATES):
        (column,) = described(session, tmp_path, statement(expression)).columns
        said[expression] = column.words[:1]
        if column.words:
            queries = load(statement(expression, f"-- @column v {column.words[0]}{'?' * column.nullable}\n"))
            with Database(empty_url) as database, database.begin() as conn:
                queries.v(conn)
    wanted = {
        **dict.fromkeys(SPANS, ("timedelta",)),
        **dict.fromkeys(MADE_DATES, ()),
        **dict.fromkeys(DATES, ("date",)),
    }
    assert said == wanted


def test_dates_in_conditions_and_parameters(session: Session, tmp_path: Path) -> None:
    """Texts and parameters that a condition converts to dates do not change the types of columns."""
    text = "-- name: v :many\nSELECT max(d) AS v FROM t WHERE d > CAST(:since AS date) AND w < date(s);\n"
    assert described(session, tmp_path, text).columns[0].words == ("date",)
    assert described(session, tmp_path, statement("CAST(:day AS date)", "-- @param day date\n")).columns[0].words
    assert not described(session, tmp_path, statement("CAST(:day AS date)", "-- @param day str\n")).columns[0].words


@pytest.mark.parametrize(("column", "word"), [("d", "date"), ("w", "datetime"), ("c", "time")])
def test_stored_extremes(session: Session, empty_url: str, load: Load, column: str, word: str) -> None:
    """A table's zero date, or TIME longer than a day, is refused by the column's name; a timedelta has every TIME."""
    with Database(empty_url) as database, database.begin() as conn:
        conn.exec_driver_sql(ZERO)
    with Database(empty_url) as database:
        with pytest.raises(RecordError, match="column v contains a"), database.begin() as conn:
            load(statement(column, f"-- @column v {word}\n")).v(conn)
        with pytest.raises(DataError, match="column d contains a date that is zero"), database.begin() as conn:
            load("-- name: v :many\nSELECT d, c FROM t;\n").v(conn)
        with database.begin() as conn:
            assert len(load("-- name: v :many\nSELECT d, c FROM t WHERE d > '2024-01-01';\n").v(conn)) == 2
            assert len(load(statement("c", "-- @column v timedelta\n")).v(conn)) == 5
