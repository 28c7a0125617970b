"""The declared types of SQLite's expressions, and their values on adverse rows."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, given, reject, settings

import pydb
from pydb.describe import DescribedStatement
from pydb.describe.engines.sqlite_types import storage_of
from pydb.engines.base import rules_of
from pydb.errors import DatabaseError, RecordError, SqlFileError
from pydb.sqlfile.type_words import SCALARS
from pydb.values.kinds import Kind
from tests.harness.described import described
from tests.harness.sqlite_expressions import EXPRESSIONS, QUERIES, ROWS, SCHEMA, UNTYPED

TYPES: dict[str, Any] = {
    kind.__name__: kind for kind in (int, float, Decimal, str, bool, bytes, date, datetime, time, UUID, timedelta)
}
UNSTABLE = re.compile("random|now|CURRENT")
TYPED = [(expression, word) for word, expressions in EXPRESSIONS.items() for expression in expressions]


def text(expressions: list[tuple[str, str | None]]) -> str:
    return "\n\n".join(
        f"-- name: e{number} :many scalar\n{f'-- @column value {word}?' if word else '-- Any.'}\n"
        f"SELECT {expression} AS value FROM items;"
        for number, (expression, word) in enumerate(expressions)
    )


def words(expressions: list[str]) -> list[tuple[str, ...]]:
    found = described(text([(expression, None) for expression in expressions]), *SCHEMA.split(";")[:-1])
    statements = list(found.values())
    for one in statements:
        assert isinstance(one, DescribedStatement), (one.form.sql, one.message)
    return [one.columns[0].words for one in statements if isinstance(one, DescribedStatement)]


def test_types() -> None:
    """At least 186 common expressions have the type of SQLite's rules."""
    expressions = [expression for expression, _ in TYPED]
    assert len(set(expressions)) == len(expressions) >= 186
    said = dict(zip(expressions, words(expressions), strict=True))
    assert {e: (said[e], word) for e, word in TYPED if said[e][:1] != (word,)} == {}


def test_no_types() -> None:
    """If rows may have different storage classes, there is no type."""
    said = zip(UNTYPED, words(list(UNTYPED)), strict=True)
    assert {expression: found for expression, found in said if found} == {}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pydb.Database]:
    file = tmp_path_factory.mktemp("types") / "t.db"
    with sqlite3.connect(file) as connection:
        connection.executescript(SCHEMA)
        connection.executemany(f"INSERT INTO items VALUES ({', '.join('?' * len(ROWS[0]))})", ROWS[:-1])
    with pydb.Database(f"sqlite:///{file}") as opened:
        yield opened


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> pydb.Queries:
    folder: Path = tmp_path_factory.mktemp("sql")
    (folder / "t.sql").write_text("-- Expressions.\n\n" + text([*TYPED]) + "\n", encoding="utf-8")
    return pydb.load(folder)


def of_type(value: object, word: str) -> bool:
    return value is None or word == "json" or type(value) is TYPES[word]


def test_values(database: pydb.Database, queries: pydb.Queries) -> None:
    """Each value has the declared type in every row, and no expression is NULL in all rows."""
    wrong = []
    with database.read() as conn:
        for number, (expression, word) in enumerate(TYPED):
            try:
                found = queries[f"t.e{number}"](conn)
            except RecordError as error:
                wrong.append((expression, word, error.message))
                continue
            raw = [value for (value,) in conn.exec_driver_sql(f"SELECT {expression} FROM items")]
            right = all(of_type(value, word) for value in found) and any(value is not None for value in found)
            if word in ("int", "float", "str", "bytes", "bool") and not UNSTABLE.search(expression):
                right = right and found == raw
            if not right:
                wrong.append((expression, word, found))
    assert wrong == []


def test_values_that_overflow(database: pydb.Database, queries: pydb.Queries) -> None:
    """If integers overflow, the value has the declared type or the call fails; it is never another value."""
    with database.begin() as conn:
        conn.exec_driver_sql(f"INSERT INTO items VALUES ({', '.join('?' * len(ROWS[0]))})", ROWS[-1])
        failed = []
        for number, (expression, word) in enumerate(TYPED):
            try:
                with conn.begin_nested():
                    found = queries[f"t.e{number}"](conn)
            except (RecordError, DatabaseError):
                failed.append(expression)
            else:
                assert all(of_type(value, word) for value in found), (expression, found)
        conn.rollback()
    assert "n + 1" in failed
    assert not {"n", "length(s)", "sum(active)", "round(n)", "n & 1", "total(n)", "coalesce(n, 0)"} & set(failed)
    assert len(failed) < 30


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT n AS a FROM items UNION SELECT m FROM items", [("int",)]),
        ("SELECT n AS a FROM items UNION ALL SELECT s FROM items", [()]),
        ("SELECT s AS a FROM items UNION ALL SELECT n FROM items", [()]),
        ("SELECT active AS a FROM items UNION ALL SELECT n FROM items", [("int",)]),
        ("SELECT active AS a FROM items UNION ALL SELECT active FROM items", [("bool",)]),
        ("SELECT d AS a FROM items UNION ALL SELECT d FROM items", [("date",)]),
        ("SELECT d AS a FROM items UNION ALL SELECT 'never'", [("str",)]),
        ("SELECT n AS a FROM items UNION ALL SELECT NULL", [("int",)]),
        ("SELECT NULL AS a UNION ALL SELECT d FROM items", [("date",)]),
        ("SELECT n AS a FROM items EXCEPT SELECT s FROM items", [()]),
        ("SELECT n AS a FROM items UNION ALL SELECT 1.5", [()]),
        ("SELECT 1 AS a UNION ALL SELECT 1.5", [("float",)]),
        ("SELECT a FROM (SELECT n AS a FROM items UNION ALL SELECT s FROM items)", [()]),
        ("WITH t AS (SELECT n AS a, d AS b FROM items) SELECT max(a) AS a, b FROM t", [("int",), ("date",)]),
        ("WITH t (a, b) AS (VALUES (1, 'x'), (2, 'y')) SELECT a, b FROM t", [("int",), ("str",)]),
        ("WITH t (a, b) AS (VALUES (1, 'x'), ('y', 2)) SELECT a, b FROM t", [(), ()]),
        ("WITH t AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM t WHERE i < 3) SELECT i FROM t", [("int",)]),
        ("WITH t AS (SELECT 1 AS i UNION ALL SELECT i || '' FROM t LIMIT 3) SELECT i FROM t", [()]),
        (
            "WITH t AS (SELECT id, NULL AS up FROM items UNION ALL SELECT t.id, t.id FROM t LIMIT 9) SELECT up FROM t",
            [("int",)],
        ),
        ("SELECT total, latest, label, active FROM summed", [("int",), ("date",), ("str",), ("bool",)]),
        ("SELECT value, whole FROM mixed", [(), ("int",)]),
        ("SELECT key, type, id, fullkey FROM json_each('[1]')", [(), ("str",), ("int",), ("str",)]),
        ("SELECT j.type FROM items, json_tree(items.doc) AS j", [("str",)]),
        ("SELECT name, rootpage FROM sqlite_schema", [("str",), ("int",)]),
        ("SELECT o.active, i.d FROM items AS i LEFT JOIN items AS o ON o.n = i.id", [("bool",), ("date",)]),
        ("INSERT INTO items (m) VALUES (1) RETURNING m, m > 1 AS a, p * 2 AS b", [("int",), ("bool",), ("Decimal",)]),
    ],
)  # fmt: skip
def test_queries(sql: str, found: list[tuple[str, ...]]) -> None:
    """A type is kept through sub-queries, views and recursions, and for several queries only if they agree."""
    (one,) = described(f"-- name: x :many\n{sql};\n", *SCHEMA.split(";")[:-1]).values()
    assert isinstance(one, DescribedStatement), one.message
    assert [column.words[:1] for column in one.columns] == found


def test_origins() -> None:
    """A column has a table's column as its origin only if all its rows come from there."""
    sql = "-- name: x :many\nSELECT s FROM items UNION SELECT 'x';\n-- name: y :many\nSELECT s AS t FROM items;\n"
    found = described(sql, *SCHEMA.split(";")[:-1]).values()
    columns = [one.columns[0] for one in found if isinstance(one, DescribedStatement)]
    assert [(column.table, column.column) for column in columns] == [(None, None), ("items", "s")]


@pytest.mark.deep
@settings(max_examples=500)
@given(sql=QUERIES)
def test_any_expression(sql: str) -> None:
    """Each value of a query has the declared type in every row, and is NULL only if that is declared."""
    try:
        (one,) = described(f"-- name: x :many\n{sql};\n", *SCHEMA.split(";")[:-1]).values()
    except SqlFileError:
        reject()  # such as (--1), which is a comment on some engines only
    assume(isinstance(one, DescribedStatement))
    assert isinstance(one, DescribedStatement)
    (column,) = one.columns
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        connection.executemany(f"INSERT INTO items VALUES ({', '.join('?' * len(ROWS[0]))})", ROWS[:-1])
        try:
            values = [value for (value,) in connection.execute(sql)]
        except sqlite3.Error:
            return
    assert column.nullable or None not in values
    word = column.words[0] if column.words else "any"
    conversion = rules_of("sqlite").conversion(Kind(SCALARS[word]), None)
    for value in values:
        overflown = word == "int" and type(value) is float and abs(value) >= 2**63
        if value is not None and word != "any" and not overflown:
            assert conversion is not None
            assert of_type(conversion.value(value), word)


@pytest.mark.parametrize(
    ("declared", "stored"),
    [
        *(("integer", "integer"), ("unsigned big int", "integer"), ("boolean", "integer"), ("interval", "integer")),
        *(("varchar(20)", "text"), ("native character(70)", "text"), ("date", "text"), ("uuid", "text")),
        *(("double precision", "real"), ("decimal(10, 2)", "number"), ("blob", "blob"), ("string", None), ("", None)),
    ],
)
def test_storage(declared: str, stored: str | None) -> None:
    """A declared type determines how pydb stores its values."""
    assert storage_of(declared) == stored
