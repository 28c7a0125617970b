"""Stored values that do not exist in Python: the error names the column and the kind of value, on every path."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.ext.asyncio import create_async_engine

import pydb
from pydb import AwareDatetime
from pydb.errors import DataError, PydbError, RecordError
from tests.harness.runtime import Load, take_core_path

CASES: dict[str, list[tuple[str, Any, str]]] = {
    "sqlite": [("CAST(x'736563ff' AS text)", str, "a text that is not UTF-8")],
    "postgresql": [
        ("CAST('infinity' AS date)", date, "an infinite date"),
        ("CAST('-infinity' AS timestamp)", datetime, "an infinite timestamp"),
        ("CAST('infinity' AS timestamptz)", AwareDatetime, "an infinite timestamptz"),
        ("CAST('0044-03-15 BC' AS date)", date, "a date before the year 1"),
        ("CAST('10000-01-01' AS timestamp)", datetime, "a timestamp after the year 9999"),
        ("CAST('24:00' AS time)", time, "the time 24:00"),
        ("CAST('1 month' AS interval)", timedelta, "an interval with months"),
        ("CAST('-2 years 3 days' AS interval)", timedelta | None, "an interval with months"),
        ("CAST('1 month' AS interval)", Any, "an interval with months"),
    ],
}
STATEMENTS = """\
-- name: one_{0} :one Row{0}
SELECT 1 AS id, {1} AS value;

-- name: many_{0} :many Row{0}
SELECT 1 AS id, {1} AS value;

-- name: stream_{0} :stream Row{0}
SELECT 1 AS id, {1} AS value;

-- name: scalar_{0} :one scalar
SELECT {1} AS value;

-- name: plain_{0} :many
SELECT 1 AS id, {1} AS value;

-- name: plain_one_{0} :one
SELECT 1 AS id, {1} AS value;

-- name: plain_stream_{0} :stream
SELECT 1 AS id, {1} AS value;
"""

OTHER = "-- name: other :one scalar\nSELECT 1 AS value;\n"

pytestmark = pytest.mark.engines("sqlite", "postgresql")


@pytest.fixture(params=["short", "ordinary", "own"])
def conn(request: pytest.FixtureRequest, empty_url: str) -> Iterator[Connection]:
    """A connection of ``Database`` for each path, and a connection of an engine that the application made."""
    if request.param == "own":
        engine = create_engine(empty_url)
        with engine.begin() as conn:
            yield conn
        engine.dispose()
        return
    with pydb.Database(empty_url) as database:
        if request.param == "ordinary":
            take_core_path(database.engine)
        with database.begin() as conn:
            yield conn


def failure(conn: Connection, statement: Any) -> PydbError | None:
    """The error of a call, which must leave the transaction unchanged."""
    try:
        with conn.begin_nested():
            found = statement(conn)
            if statement.rows == "stream":
                list(found)
    except PydbError as error:
        return error
    return None


def test_they_are_refused_by_name(conn: Connection, engine_name: str, load: Load) -> None:
    """A RecordError, or for plain rows a DataError, names the column and the kind of its value, never the value."""
    cases = CASES[engine_name]
    text = "\n".join(STATEMENTS.format(index, sql) for index, (sql, _, _) in enumerate(cases))
    records = [
        dataclasses.make_dataclass(f"Row{index}", [("id", int), ("value", annotation)], frozen=True, slots=True)
        for index, (_, annotation, _) in enumerate(cases)
    ]
    wrong: list[str] = []
    queries = load(OTHER, *records, **{engine_name: text})
    for statement in [statement for statement in queries if statement.name != "q.other"]:
        what = cases[int(statement.name.rpartition("_")[2])][2]
        wanted = DataError if "plain" in statement.name else RecordError
        for call in ("first", "second"):
            error = failure(conn, statement)
            if type(error) is not wanted or error.message != f"column value contains {what}":
                wrong.append(f"{statement.name}, {call} call: {error!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.engines("postgresql")
def test_the_applications_own_intervals(empty_url: str, load: Load) -> None:
    """On its own engine, the application reads psycopg's values, also after a call of pydb."""
    text = "-- name: day :one scalar\nSELECT CAST('1 day' AS interval) AS value;\n"
    queries = load(text)
    engine = create_engine(empty_url)
    with engine.begin() as conn:
        assert queries.day(conn) == timedelta(days=1)
        assert conn.exec_driver_sql("SELECT CAST('1 month' AS interval)").scalar() == timedelta(days=30)
    engine.dispose()


@pytest.mark.engines("postgresql")
def test_each_asynchronous_connection(empty_url: str, load: Load) -> None:
    """An application's asynchronous engine reads intervals correctly on each new connection, from the first call on."""
    queries = load("-- name: month :one scalar\nSELECT CAST('1 month' AS interval) AS value;\n")

    async def main() -> None:
        engine = create_async_engine(empty_url, poolclass=NullPool)
        for _ in range(6):
            with pytest.raises(RecordError, match="column value contains an interval with months"):
                async with engine.begin() as conn:
                    await conn.run_sync(queries.month)
        await engine.dispose()

    asyncio.run(main())
