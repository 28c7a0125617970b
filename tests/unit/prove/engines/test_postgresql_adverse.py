"""The tables of a PostgreSQL database, with literals for their columns."""

import psycopg
import pytest

from pydb import Database
from pydb.errors import DatabaseError
from pydb.prove.adverse import AdverseTable
from pydb.prove.engines.postgresql_adverse import PostgresqlAdverse

pytestmark = pytest.mark.engines("postgresql")


def test_every_kind_of_type_can_be_filled(empty_db: Database) -> None:
    """Enums, domains, composites, ranges and arrays of them get literals that PostgreSQL accepts."""
    with empty_db.begin() as conn:
        for statement in (
            "CREATE SCHEMA app",
            "CREATE TYPE app.mood AS ENUM ('sad', 'it''s ok')",
            "CREATE DOMAIN app.grade AS text CHECK (VALUE IN ('A', 'B'))",
            "CREATE TYPE app.pair AS (x integer, m app.mood)",
            "CREATE TABLE app.t (id serial PRIMARY KEY, a app.mood NOT NULL, b app.grade, c app.pair, d int4range,"
            " e app.mood[], f numeric(5,2), g timestamptz, h inet DEFAULT '10.0.0.1', i app.pair[],"
            " j integer GENERATED ALWAYS AS (1) STORED)",
        ):
            conn.exec_driver_sql(statement)
        (table,) = PostgresqlAdverse("postgresql").tables(
            lambda query: conn.exec_driver_sql(query, execution_options={"no_parameters": True}).fetchall()
        )
        assert (table.name, [column.name for column in table.columns]) == ("app.t", list("abcdefghi"))
        assert [column.name for column in table.columns if column.optional] == ["h"]
        _insert_each(conn, table)


def _insert_each(conn: object, table: AdverseTable) -> None:
    for column in table.columns:
        assert column.literals is not None, column.name
        for literal in column.literals.plain[:2]:
            mood = "" if column.name == "a" else ", a"
            value = "" if column.name == "a" else ", 'sad'"
            conn.exec_driver_sql(  # type: ignore[attr-defined]
                f"INSERT INTO {table.name} ({column.name}{mood}) VALUES ({literal}{value})",
                execution_options={"no_parameters": True},
            )


def test_errors_of_the_data() -> None:
    """A division by zero is an error of the data; an undefined function is an error of the statement."""
    adverse = PostgresqlAdverse("postgresql")
    assert adverse.is_of_the_data(DatabaseError("x", orig=psycopg.errors.DivisionByZero()))
    assert not adverse.is_of_the_data(DatabaseError("x", orig=psycopg.errors.UndefinedFunction()))
