"""Every kind of value on every engine, path and an application's engine: it is returned equal, or refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine

import pydb
from pydb import AwareDatetime
from pydb.errors import DataError, ParameterError, RecordError
from tests.harness.runtime import WORDS, Load, take_core_path
from tests.harness.value_cases import CASES, COLUMNS, Case, Colour, Level

pytestmark = pytest.mark.awaited

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
    """A connection with the tables of the matrix, in a transaction, made in the way that the test needs."""
    with pydb.Database(url) as database:
        if way == "own":
            own = create_engine(url)
            context: Any = own.begin()
        else:
            own = database.engine
            context = database.begin()
        if way == "ordinary":
            take_core_path(database.engine)
        with context as conn:
            for column, types in COLUMNS.items():
                key, kind = WORDS[engine_name]["key"], types[engine_name]
                charset = "CHARACTER SET utf8mb4" if kind == "longtext" else ""
                conn.exec_driver_sql(f"CREATE TABLE kept_{column} (id {key}, value {kind} {charset} NULL)")
            yield conn
        own.dispose()


def matrix(load: Load) -> Any:
    """The statements of every column, and for each case one that reads a row into a record of its annotation."""
    text = "\n".join(STATEMENTS.format(column).removeprefix("-- Values.\n" if index else "")
                     for index, column in enumerate(COLUMNS))  # fmt: skip
    reads = "\n".join(READ.format(index=index, column=case.column) for index, case in enumerate(CASES))
    records = [
        dataclasses.make_dataclass(f"Row{index}", [("value", case.annotation)], frozen=True, slots=True)
        for index, case in enumerate(CASES)
    ]
    return load(f"{text}\n{reads}", *records)


def outcome(queries: Any, conn: Connection, index: int, case: Case, key: Any) -> str:
    """The difference between the row's value and the case's, or an empty string."""
    wanted = case.expected
    # The second call takes the path for which the first has learned the columns.
    for _ in range(2):
        back = getattr(queries, f"read_{index}")(conn, id=key).value
        same = back == wanted or (wanted != wanted and back != back)
        if type(back) is not type(wanted) or not same:
            return f"{wanted!r:.60} came back as {back!r:.60}"
    return ""


@pytest.fixture(params=["short", "ordinary", "own"])
def conn(request: pytest.FixtureRequest, empty_url: str, engine_name: str) -> Iterator[Connection]:
    """A connection of ``Database`` for each path, and a connection of an engine that the application made."""
    with connected(empty_url, request.param, engine_name) as made:
        yield made


UNREADABLE = frozenset({("own", "postgresql", "instant: latest")})
"""psycopg reads an instant in the session's time zone, and east of UTC the latest one is in the year 10000."""


def test_matrix(conn: Connection, request: pytest.FixtureRequest, engine_name: str, load: Load) -> None:
    """Each value is returned equal and with the same type, or a ParameterError names the parameter."""
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
        except (DataError, RecordError) as error:
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


MISFITS = """\
-- Misfits.

-- name: text_as_int :many Whole
SELECT 'secret' AS value;

-- name: text_as_decimal :many Exact
SELECT 'secret' AS value;

-- name: int_as_text :many Words
SELECT 42 AS value;

-- name: int_as_bytes :many Octets
SELECT 42 AS value;

-- name: int_as_array :many Array
SELECT 42 AS value;

-- name: text_as_bool :many Truth
SELECT 'secret' AS value;

-- name: two_as_bool :many Truth
SELECT 2 AS value;

-- name: text_as_date :many Day
SELECT 'secret' AS value;

-- name: text_as_uuid :many Key
SELECT 'secret' AS value;

-- name: text_as_object :many Settings
SELECT 'secret' AS value;

-- name: list_as_object :many Settings
SELECT '[1]' AS value;

-- name: object_as_list :many Listed
SELECT '{"a": 1}' AS value;

-- name: text_as_member :many Coloured
SELECT 'secret' AS value;

-- name: text_as_number :many Numbered
SELECT 'secret' AS value;

-- name: null_as_int :many Whole
SELECT NULL AS value;

-- name: null_as_text :many Words
SELECT NULL AS value;

-- name: null_as_member :many Coloured
SELECT NULL AS value;

-- name: null_as_decimal :many Exact
SELECT NULL AS value;

-- name: null_as_object :many Settings
SELECT NULL AS value;

-- name: time_as_datetime :many Moment
SELECT CAST('03:04:05' AS time) AS value;

-- name: time_as_instant :many Happened
SELECT CAST('03:04:05' AS time) AS value;

-- name: date_as_time :many Clock
SELECT CAST('2024-02-29' AS date) AS value;

-- name: undeclared :many
-- @column value int
SELECT 'secret' AS value;

-- name: undeclared_null :many
-- @column value int
SELECT NULL AS value;

-- name: undeclared_stream :stream
-- @column value date
SELECT 'secret' AS value;

-- name: undeclared_scalar :many scalar
-- @column value int
SELECT 'secret' AS value;
"""
FIELDS: dict[str, Any] = {
    "Whole": int,
    "Exact": Decimal,
    "Words": str,
    "Octets": bytes,
    "Array": bytearray,
    "Truth": bool,
    "Day": date,
    "Clock": time,
    "Moment": datetime,
    "Happened": pydb.AwareDatetime,
    "Key": UUID,
    "Settings": dict,
    "Listed": list,
    "Coloured": Colour,
    "Numbered": Level,
    "Real": float,
}
RECORDS = {
    name: dataclasses.make_dataclass(name, [("value", kind)], frozen=True, slots=True) for name, kind in FIELDS.items()
}


def test_misfits(database: pydb.Database, load: Load) -> None:
    """A stored value that does not have the field's type raises RecordError with the column's name, not the value."""
    queries = load(MISFITS, *RECORDS.values())
    wrong = []
    with database.read() as conn:
        for statement in queries:
            # The second call takes the path for which the first has learned the columns.
            for _ in range(2):
                with pytest.raises(RecordError, match=rf"q\.sql:\d+: {statement.name}: column value ") as caught:
                    list(statement(conn))
                if "secret" in str(caught.value) or "hint: " not in str(caught.value):
                    wrong.append(str(caught.value))
    assert wrong == []


def test_misfit_of_null(database: pydb.Database, load: Load) -> None:
    """NULL in a field that may not be None is refused, and the hint says how to allow it."""
    queries = load("-- One.\n\n-- name: one :one Whole\nSELECT NULL AS value;\n", RECORDS["Whole"])
    with database.read() as conn, pytest.raises(RecordError) as caught:
        queries.one(conn)
    assert str(caught.value).endswith("column value is NULL, and int is not    hint: declare it int | None")


NEARLY = """\
-- Near.

-- name: summed :one Whole
SELECT sum(n) AS value FROM (SELECT 1 AS n UNION ALL SELECT 2) AS numbers;

-- name: whole_as_real :one Real
SELECT 3 AS value;

-- name: decimal_as_real :one Real
SELECT CAST(1.5 AS decimal(3, 1)) AS value;

-- name: whole_as_decimal :one Exact
SELECT 3 AS value;

-- name: text_as_key :one Key
SELECT '7d444840-9dc0-11d1-b245-5ffdce74fad2' AS value;

-- name: text_as_object :one Settings
SELECT '{"a": [1]}' AS value;
"""


def test_near_fits(database: pydb.Database, load: Load, engine_name: str) -> None:
    """A sum is an int if the field says so, a whole number a float, and a UUID or JSON in text is read."""
    queries = load(NEARLY, *RECORDS.values())
    with database.read() as conn:
        for _ in range(2):
            wanted: dict[str, Any] = {
                "summed": 3,
                "whole_as_real": 3.0,
                "decimal_as_real": 1.5,
                "whole_as_decimal": Decimal(3),
                "text_as_key": UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2"),
                "text_as_object": {"a": [1]},
            }
            for name, value in wanted.items():
                found = getattr(queries, name)(conn).value
                assert (type(found), found) == (type(value), value), name


def test_declared_columns(database: pydb.Database, load: Load) -> None:
    """``@column`` determines the types of a scalar and of Core rows, and a name without a column is refused."""
    text = """\
-- Declared.

-- name: scalar :one scalar
-- @column value Decimal
SELECT 3 AS value;

-- name: row :one
-- @column value Decimal
SELECT 3 AS value, 4 AS other;

-- name: absent :one scalar
-- @column wrong Decimal
SELECT 3 AS value;

-- name: absent_row :one
-- @column wrong Decimal
SELECT 3 AS value;
"""
    queries = load(text)
    with database.read() as conn:
        for _ in range(2):
            assert type(queries.scalar(conn)) is Decimal
            assert type(queries.row(conn).value) is Decimal
            for statement in (queries.absent, queries.absent_row):
                with pytest.raises(
                    RecordError, match=r"there is no column for @column wrong    hint: the columns are value"
                ):
                    statement(conn)


def json_values() -> st.SearchStrategy[Any]:
    """Values that JSON allows, and sometimes a value that it does not allow."""
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    )


SURROGATES: Any = st.text(st.characters(exclude_categories=[]))
OPEN: dict[str, tuple[str, Any, st.SearchStrategy[Any]]] = {
    "integers": ("integer", int, st.integers(-(2**64), 2**64)),
    "floats": ("real", float, st.floats()),
    "texts": ("text", str, SURROGATES),
    "bytes": ("binary", bytes, st.binary()),
    "decimals": ("decimal", Decimal, st.decimals(places=9, min_value=-(10**30), max_value=10**30)),
    "moments": ("naive", datetime, st.datetimes()),
    "instants": ("instant", AwareDatetime, st.datetimes(timezones=st.timezones())),
    "dates": ("date", date, st.dates()),
    "times": ("time", time, st.times()),
    "durations": ("duration", timedelta, st.timedeltas()),
    # MariaDB's uuid columns refuse some UUIDs that are not of RFC 9562's variant.
    "uuids": ("uuid", UUID, st.uuids(version=4) | st.uuids(version=1) | st.just(UUID(int=0))),
    "objects": ("json", dict, st.dictionaries(st.text(), json_values(), max_size=3)),
    "lists": ("json", list, st.lists(json_values(), max_size=3)),
}


@pytest.mark.parametrize("what", OPEN)
def test_any_value(empty_db: pydb.Database, load: Load, engine_name: str, what: str) -> None:
    """Every value of a type is returned equal and with that type, or is refused by name."""
    column, kind, values = OPEN[what]
    record = dataclasses.make_dataclass("Kept", [("value", kind)], frozen=True, slots=True)
    queries = load(KEPT, record)
    with empty_db.begin() as conn:
        key, type_ = WORDS[engine_name]["key"], COLUMNS[column][engine_name]
        conn.exec_driver_sql(f"CREATE TABLE kept (id {key}, value {type_})")

        @settings(database=None)
        @given(values)
        def comes_back(value: Any) -> None:
            try:
                kept = queries.keep(conn, value=value)
            except ParameterError:
                return
            back = queries.kept(conn, id=kept).value
            if isinstance(value, datetime) and value.tzinfo is not None:
                # A time that a clock change skips is not equal to any time of another zone.
                value = value.astimezone(UTC)
            assert type(back) is type(value)
            assert back == value or (value != value and back != back)

        comes_back()


KEPT = """\
-- Kept.

-- name: keep :one scalar
INSERT INTO kept (value) VALUES (:value) RETURNING id;

-- name: kept :one Kept
SELECT value FROM kept WHERE id = :id;
"""


def test_parameters_of_declared_types(database: pydb.Database, load: Load) -> None:
    """``@param`` refuses a value of another type, None if that is not allowed, and a naive datetime for an instant."""
    text = """\
-- Declared.

-- name: whole :one scalar
-- @param value int
SELECT CAST(:value AS char(40));

-- name: maybe_whole :one scalar
-- @param value int?
SELECT CAST(:value AS char(40));

-- name: real :one scalar
-- @param value float
SELECT CAST(:value AS char(40));

-- name: day :one scalar
-- @param value date
SELECT CAST(:value AS char(40));

-- name: moment :one scalar
-- @param value datetime
SELECT CAST(:value AS char(40));

-- name: instant :one scalar
-- @param value AwareDatetime
SELECT CAST(:value AS char(40));

-- name: listed :many scalar
-- @param values int
SELECT 1 WHERE 1 IN (:values);
"""
    queries = load(text)
    aware, naive = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1)
    wrong: list[tuple[Any, Any, str]] = [
        (queries.whole, "1", "parameter value is a str, but @param says int"),
        (queries.whole, True, "parameter value is a bool, but @param says int"),
        (queries.whole, None, "parameter value is None, but @param says that it is never NULL"),
        (queries.whole, 2**63, "parameter value is an integer beyond 64 bits"),
        (queries.real, "1", "parameter value is a str, but @param says float"),
        (queries.day, naive, "parameter value is a datetime, but @param says date"),
        (queries.moment, aware, "parameter value is an aware datetime, but @param says datetime"),
        (queries.instant, naive, "parameter value is a naive datetime, but @param says AwareDatetime"),
        (queries.instant, date(2024, 1, 1), "parameter value is a date, but @param says AwareDatetime"),
    ]
    with database.read() as conn:
        for statement, value, message in wrong:
            with pytest.raises(ParameterError, match=message):
                statement(conn, value=value)
        with pytest.raises(ParameterError, match="parameter values is a str, but @param says int"):
            queries.listed(conn, values=[1, "2"])
        assert queries.listed(conn, values=[1, Level.LOW]) == [1]
        assert queries.maybe_whole(conn, value=None) is None
        assert queries.whole(conn, value=5).strip() == "5"
        for statement, value in (
            (queries.real, 1),
            (queries.real, 1.0),
            (queries.moment, naive),
            (queries.instant, aware),
        ):
            assert statement(conn, value=value)
