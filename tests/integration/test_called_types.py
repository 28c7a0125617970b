"""MariaDB's columns that are computed with parameters: the described type is the type of the value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.engine import make_url

from pydb import Database
from pydb.describe import DescribedStatement, Session, describe, existing
from pydb.sqlfile.loader import read
from tests.harness.runtime import Load

TABLE = (
    "CREATE TABLE t (i integer NOT NULL, price decimal(20, 2) NOT NULL, f double NOT NULL, s varchar(20) NOT NULL, "
    "d date NOT NULL, w datetime NOT NULL, c time NOT NULL, b boolean NOT NULL)"
)
ROW = "INSERT INTO t VALUES (1, 123456789012345678.91, 1.5, 'a', '2024-02-29', '2024-02-29 12:00:00', '12:00:00', true)"
VALUES: dict[str, Any] = {
    "int": 3,
    "float": 2.0,
    "Decimal": Decimal("10"),
    "str": "x",
    "bytes": b"x",
    "bool": True,
    "date": date(2024, 2, 29),
    "time": time(12, 30),
    "datetime": datetime(2024, 2, 29, 12, 30),
    "AwareDatetime": datetime(2024, 2, 29, 12, 30, tzinfo=UTC),
    "timedelta": timedelta(hours=30),
    "UUID": UUID("12345678-1234-4678-8234-567812345678"),
}
EXPRESSIONS = (
    *(":x", "price * :x", "i + :x", "coalesce(:x, price)", "price + :x", "greatest(i, :x)", "- :x", "abs(:x)"),
    *("CASE WHEN i > 0 THEN :x ELSE price END", "if(i > 0, :x, i)", "nullif(:x, i)", "i / :x", "sum(price * :x)"),
    *("concat(s, :x)", "coalesce(d, :x)", "coalesce(w, :x)", "ifnull(c, :x)", "coalesce(b, :x)", "f * :x", "i = :x"),
    *("(SELECT :x)", "max(:x)", "least(f, :x)", "round(price, 1) - :x", "coalesce(:x, s)", "left(s, :x)"),
)

pytestmark = pytest.mark.engines("mariadb")


@pytest.fixture
def session(empty_url: str) -> Iterator[Session]:
    with Database(empty_url) as database, database.begin() as conn:
        conn.exec_driver_sql(TABLE)
        conn.exec_driver_sql(ROW)
    with existing(make_url(empty_url)) as session:
        yield session


def described(session: Session, folder: Path, text: str) -> DescribedStatement:
    (folder / "d.sql").write_text(text)
    (definition,) = read(folder / "d.sql")
    found = describe(session, definition)
    assert isinstance(found, DescribedStatement), found
    return found


@pytest.mark.parametrize("word", VALUES)
@pytest.mark.parametrize("null", [False, True], ids=["value", "null"])
def test_what_comes_is_what_is_described(
    session: Session, empty_url: str, tmp_path: Path, load: Load, word: str, null: bool
) -> None:
    """For expressions and types of parameters, a call returns the described type, or NULL if it may be NULL."""
    wrong = []
    value = None if null else VALUES[word]
    with Database(empty_url) as database:
        for expression in EXPRESSIONS:
            text = f"-- name: v :one scalar\n-- @param x {word}{'?' * null}\nSELECT {expression} AS v FROM t;\n"
            (column,) = described(session, tmp_path, text).columns
            if not column.words:
                continue
            typed = text.replace("SELECT", f"-- @column v {column.words[0]}{'?' * column.nullable}\nSELECT", 1)
            try:
                with database.begin() as conn:
                    load(typed).v(conn, x=value)
            except Exception as error:
                wrong.append(f"{expression}: {column.type}: {error}")
    assert not wrong, "\n".join(wrong)


def test_exact_numbers_stay_exact(session: Session, empty_url: str, tmp_path: Path, load: Load) -> None:
    """A decimal times a parameter is a decimal with all its digits."""
    text = "-- name: v :one scalar\nSELECT price * :x AS v FROM t;\n"
    found = described(session, tmp_path, text)
    assert (found.parameters["x"].words[0], found.columns[0].words[0]) == ("Decimal", "Decimal")
    with Database(empty_url) as database, database.begin() as conn:
        assert load(text).v(conn, x=Decimal(3)) == Decimal("370370367037037036.73")


@pytest.mark.parametrize("sql", ["SELECT :x AS v", "SELECT coalesce(:x, :y) AS v", "SELECT abs(:x) + 1 AS v"])
def test_the_type_of_an_unknown_parameter_is_not_guessed(session: Session, tmp_path: Path, sql: str) -> None:
    """A column with the type of a parameter of unknown type has no type."""
    assert described(session, tmp_path, f"-- name: v :one scalar\n{sql};\n").columns[0].words == ()


def test_columns_that_do_not_depend_on_an_unknown_parameter(session: Session, tmp_path: Path) -> None:
    """A parameter of unknown type does not change the types of other columns, also in RETURNING."""
    found = described(session, tmp_path, "-- name: v :many\nSELECT i, :x AS x, i + 1 AS n, i = :y AS o FROM t;\n")
    assert [column.words[:1] for column in found.columns] == [("int",), (), ("int",), ("int",)]
    found = described(session, tmp_path, "-- name: v :many\nDELETE FROM t WHERE i = :i RETURNING i, price * :i AS v;\n")
    assert [column.words[:1] for column in found.columns] == [("int",), ("Decimal",)]
