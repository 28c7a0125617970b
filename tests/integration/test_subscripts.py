"""Brackets in PostgreSQL's SQL: slices are not changed, and the elements of an array are bound."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from tests.harness.runtime import CreateTables, Load

pytestmark = pytest.mark.engines("postgresql")

TABLES = "CREATE TABLE t (id integer PRIMARY KEY, a integer[] NOT NULL, lo integer NOT NULL, hi integer NOT NULL);\n"
GIVEN = {"x": 2, "y": 3}
EXPRESSIONS = """\
a[abs(-1):abs(2)]
a[abs(-1) :abs(2)]
a[:abs(2)]
a[: abs(2)]
a[ :abs(2)]
a[abs(-1):]
a[abs(lo):hi]
a[abs(lo):t.hi]
a[(lo):hi]
a[a[1] - 9:hi]
a[lo:a[1] - 8]
a["lo":hi]
a[1:2]
a[lo:hi]
a[:2]
a[2:]
a[:]
a[ :x]
a[ :x : :y]
a[abs(-1): :y]
a[abs(-:x) : abs(:y)]
a[abs(-:x):abs(:y)]
a[abs( :x):hi]
a[CASE WHEN :x > 1 THEN :x ELSE :y END : :y]
(a[abs(-1):abs(2)])[2:2]
(ARRAY[a])[1:abs(-1)][1:2]
CAST(ARRAY[:x, :y] AS integer[])
CAST(ARRAY[:x,:y] AS integer[])
CAST(ARRAY[[:x], [:y]] AS integer[])
CAST(ARRAY[[:x],[:y]] AS integer[])
CAST(ARRAY [:x] AS integer[])
ARRAY[lo, :x]
ARRAY[abs(:x), abs(-:y)]
(ARRAY[lo, :x, hi])[ :y]
a || ARRAY[:x, :y]
id = ANY (ARRAY[:x, :y, 1])
"""


def test_brackets_are_read_as_postgresql_reads_them(empty_db: Engine, create_tables: CreateTables, load: Load) -> None:
    """With values instead of its parameters, PostgreSQL returns for each expression what the statement returns."""
    create_tables(TABLES)
    expressions = EXPRESSIONS.splitlines()
    statements = [f"-- name: s{n} :one scalar\nSELECT {item} AS found FROM t;\n" for n, item in enumerate(expressions)]
    loaded = load("-- Only PostgreSQL has them.\n", postgresql="\n".join(statements))
    with empty_db.begin() as conn:
        conn.execute(text("INSERT INTO t VALUES (1, '{10, 20, 30}', 1, 3)"))
        for number, expression in enumerate(expressions):
            literal = expression.replace(":x", f" {GIVEN['x']}").replace(":y", f" {GIVEN['y']}")
            expected = conn.exec_driver_sql(f"SELECT {literal} AS found FROM t").scalar_one()
            statement = getattr(loaded, f"s{number}")
            given = {name: GIVEN[name] for name in statement.parameters}
            assert (expression, statement(conn, **given)) == (expression, expected)
