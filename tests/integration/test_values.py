"""Every kind of value, on every engine, down both roads and on an application's own engine: equal, or refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine

import pydb
from pydb.errors import DataError, ParameterError
from tests.integration.conftest import WORDS, Load, take_ordinary_road
from tests.integration.value_cases import CASES, COLUMNS, Case

STATEMENTS = """\
-- Values.

-- name: create_{0} :one scalar
INSERT INTO kept_{0} (value) VALUES (:value) RETURNING id;

-- name: add_{0} :batch
INSERT INTO kept_{0} (value) VALUES (:value);

-- name: last_{0} :one scalar
SELECT max(id) FROM kept_{0};

-- name: found_{0} :many scalar
SELECT id FROM kept_{0} WHERE value = :value;

-- name: listed_{0} :many scalar
SELECT id FROM kept_{0} WHERE value IN (:values);
"""
READ = "-- name: read_{index} :one Row{index}\nSELECT value FROM kept_{column} WHERE id = :id;\n"


@contextmanager
def connected(url: str, way: str, engine_name: str) -> Iterator[Connection]:
    """A connection with the matrix's tables, in a transaction, made the way that the test is about."""
    with pydb.Database(url) as database:
        if way == "own":
            own = create_engine(url)
            context: Any = own.begin()
        else:
            own = database.engine
            context = database.begin()
        if way == "ordinary":
            take_ordinary_road(database.engine)
        with context as conn:
            for column, types in COLUMNS.items():
                key, kind = WORDS[engine_name]["key"], types[engine_name]
                charset = "CHARACTER SET utf8mb4" if kind == "longtext" else ""
                conn.exec_driver_sql(f"CREATE TABLE kept_{column} (id {key}, value {kind} {charset} NULL)")
            yield conn
        own.dispose()


def matrix(load: Load) -> Any:
    """The statements of every column, and for every case one that reads a row into a record of its annotation."""
    text = "\n".join(STATEMENTS.format(column).removeprefix("-- Values.\n" if index else "")
                     for index, column in enumerate(COLUMNS))  # fmt: skip
    reads = "\n".join(READ.format(index=index, column=case.column) for index, case in enumerate(CASES))
    records = [
        dataclasses.make_dataclass(f"Row{index}", [("value", case.annotation)], frozen=True, slots=True)
        for index, case in enumerate(CASES)
    ]
    return load(f"{text}\n{reads}", *records)


def outcome(queries: Any, conn: Connection, index: int, case: Case, key: Any) -> str:
    """How the row's value differs from the case's, or an empty string."""
    back = getattr(queries, f"read_{index}")(conn, id=key).value
    wanted = case.expected
    same = back == wanted or (wanted != wanted and back != back)
    if type(back) is not type(wanted) or not same:
        return f"{wanted!r:.60} came back as {back!r:.60}"
    return ""


@pytest.fixture(params=["short", "ordinary", "own"])
def conn(request: pytest.FixtureRequest, empty_url: str, engine_name: str) -> Iterator[Connection]:
    """A connection of ``Database`` for each road, and one of an engine that the application made itself."""
    with connected(empty_url, request.param, engine_name) as made:
        yield made


UNREADABLE = frozenset({("own", "postgresql", "instant: latest")})
"""psycopg reads an instant in the session's time zone, and east of UTC the latest one is in the year 10000."""


def test_matrix(conn: Connection, request: pytest.FixtureRequest, engine_name: str, load: Load) -> None:
    """Each value comes back equal and of the same type, or a ParameterError names the parameter."""
    queries = matrix(load)
    wrong: dict[str, str] = {}
    for index, case in enumerate(CASES):
        create = getattr(queries, f"create_{case.column}")
        try:
            with conn.begin_nested():
                key = create(conn, value=case.value)
                difference = outcome(queries, conn, index, case, key)
        except ParameterError as error:
            if engine_name not in case.refused or "parameter value is " not in str(error):
                wrong[case.name] = str(error)
        except DataError as error:
            if (request.node.callspec.params["conn"], engine_name, case.name) not in UNREADABLE:
                wrong[case.name] = str(error)
        except Exception as error:
            wrong[case.name] = f"{type(error).__name__}: {error}"
        else:
            if engine_name in case.refused:
                difference = "was not refused; " + (difference or "it came back equal")
            if difference:
                wrong[case.name] = difference
    assert not wrong, "\n".join(f"{name}: {what}" for name, what in wrong.items())
