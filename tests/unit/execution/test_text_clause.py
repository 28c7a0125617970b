"""Core's text() of a form binds the lexer's parameters, and every dialect sends the SQL as it was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.pool import NullPool

from pydb.engines import engine_names
from pydb.errors import SqlFileError
from pydb.execution.text_clause import clause
from pydb.sqlfile.definition import Form, Placeholder
from pydb.sqlfile.lexer import tokenize
from pydb.sqlfile.parser import parse_file
from pydb.sqlfile.tokens import PARAMETER, PLACEHOLDER
from tests.harness.random_sql import Fragments, fragments

_CLASSES: dict[str, Callable[[], Dialect]] = {
    "sqlite": sqlite.dialect,
    "postgresql": postgresql.psycopg.dialect,
    "mariadb": mysql.pymysql.dialect,
}
DIALECTS = {engine: make() for engine, make in _CLASSES.items()}


def form(sql: str, engine: str) -> Form:
    """A form of any text, whose parameters only the lexer has found."""
    tokens = tokenize(sql, engine)
    parts = tuple(Placeholder(token.text[1:]) if token.kind == PARAMETER else token.text for token in tokens)
    return Form(sql=f"{sql};", file="t.sql", line=1, parts=parts, verb="SELECT", returning=False)


def sent(made: Form, engine: str) -> str:
    """The text for the driver of ``engine``, with the parameters' names instead of its placeholders."""
    compiled = clause("t.x", made).compile(dialect=DIALECTS[engine])
    positions = [f":{name}" for name in compiled.positiontup or ()]
    if engine == "sqlite":
        marks = iter(positions)
        return "".join(
            next(marks) if token.kind == PLACEHOLDER else token.text for token in tokenize(str(compiled), "sqlite")
        )
    # PyMySQL and psycopg both read the text as a format.
    return str(compiled) % (tuple(positions) if positions else {name: f":{name}" for name in compiled.params})


@pytest.mark.parametrize("engine", engine_names())
@given(data=st.data())
def test_round_trip(engine: str, data: st.DataObject) -> None:
    """Compiled for the engine's driver and converted back, random SQL is unchanged, and binds its parameters."""
    built: Fragments = data.draw(fragments(engine))
    made = form(built.sql, engine)
    assert set(clause("t.x", made).compile().params) == set(built.parameters)
    assert sent(made, engine) == f"/* t.x */ {built.sql}"


@pytest.mark.parametrize("engine", engine_names())
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a::text, :b ::int",
        "SELECT '%', 'a % b', 100 %% 3, :a % 7, '%s', '%(x)s'",
        r"SELECT 'C:\:x', '\:', '\\', :a",
        "SELECT a -- why: 100% of :b isn't '\n, :c /* :d */",
        'SELECT "a:b", "c%d" AS "e :f", :g',
        "SELECT '12:30:45' || :a, :a, :b",
        "SELECT :a+:b, (:c)",
    ],
)
def test_awkward_text(engine: str, sql: str) -> None:
    """Colons, percent signs and backslashes are sent as they were written."""
    assert sent(form(sql, engine), engine) == f"/* t.x */ {sql}"


@pytest.mark.parametrize("values", [[], [1], [1, 2, 3]], ids=["none", "one", "many"])
@pytest.mark.parametrize("written", ["id IN (:ids)", "id IN(:ids)", "id NOT IN ( :ids )"])
def test_lists(values: list[int], written: str) -> None:
    """IN is correct for a list of any length, also an empty one."""
    text = f"-- name: x :many\nSELECT id FROM (SELECT 1 AS id UNION SELECT 2) AS t WHERE {written} ORDER BY id;\n"
    (parsed,) = parse_file(text, "t.sql", "t", None)
    with create_engine("sqlite://", poolclass=NullPool).connect() as conn:
        rows = conn.execute(clause("t.x", parsed.form), {"ids": values}).scalars().all()
    inside = "NOT" not in written
    assert rows == [id for id in (1, 2) if (id in values) is inside]


def test_the_name_stands_before_the_sql() -> None:
    """The statement's full name is in a comment before the sent SQL."""
    assert str(clause("reports.stock.by_month", form("SELECT 1", "sqlite"))) == "/* reports.stock.by_month */ SELECT 1"


def test_what_core_reads_differently_is_refused() -> None:
    """A form whose parts Core would bind differently raises an error with the statement's place."""
    parts = ("SELECT a", Placeholder("b"))
    wrong = Form(sql="SELECT a:b;", file="sql/t.sql", line=7, parts=parts, verb="SELECT", returning=False)
    with pytest.raises(SqlFileError) as caught:
        clause("t.x", wrong)
    assert str(caught.value) == (
        "sql/t.sql:7: t.x: SQLAlchemy binds nothing where the SQL has :b"
        "    hint: simplify the text around the parameters"
    )


def test_sqlite_asks_for_the_same_parameters() -> None:
    """For each way of quoting, SQLite has the parameters that the lexer finds."""
    sql = 'SELECT \'a :b\', ":c", [:d], `:e`, :f, /* :g */ :h -- :i\nFROM (SELECT 1 AS ":c", 2 AS ":d", 3 AS ":e")'
    asked: list[str] = []

    class Values(dict[str, str]):
        def __missing__(self, name: str) -> str:
            asked.append(name)
            return name.upper()

    with closing(sqlite3.connect(":memory:")) as connection:
        assert connection.execute(sql, Values()).fetchall() == [("a :b", 1, 2, 3, "F", "H")]
    assert [token.text[1:] for token in tokenize(sql, "sqlite") if token.kind == PARAMETER] == asked == ["f", "h"]
