"""psycopg's cursors are used again by later calls, without any visible difference except the time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest
from psycopg import Cursor
from sqlalchemy import Connection

import pydb
from pydb.engines.postgresql.cursor_cache import MAX_CURSORS
from pydb.errors import DatabaseError, RecordError, UniqueViolation
from tests.harness.runtime import CreateTables, Load

pytestmark = pytest.mark.engines("postgresql")

TABLES = "CREATE TABLE things (id <key>, name text NOT NULL, made_on date NOT NULL, CONSTRAINT name_key UNIQUE (name));"
SQL = """
-- name: create :one Thing
INSERT INTO things (name, made_on) VALUES (:name, :made_on) RETURNING id, name, made_on;

-- name: by_name :maybe Thing
SELECT id, name, made_on FROM things WHERE name = :name;

-- name: every :many Thing
SELECT id, name, made_on FROM things ORDER BY id;

-- name: among :many scalar
SELECT name FROM things WHERE name IN (:names) ORDER BY name;

-- name: forget :affected
DELETE FROM things WHERE name = :name;

-- name: touch :exec
UPDATE things SET name = name WHERE name = :name;
"""
DAY = date(2026, 3, 9)


@dataclass(frozen=True, slots=True)
class Thing:
    id: int
    name: str
    made_on: date


@pytest.fixture
def q(create_tables: CreateTables, load: Load) -> Any:
    create_tables(TABLES)
    return load(SQL, Thing)


@pytest.fixture
def conn(database: pydb.Database, q: Any) -> Iterator[Connection]:
    """A connection that has called each statement often enough for its fast path."""
    with database.connect() as made:
        for _ in range(3):
            made_thing = q.create(made, name="é", made_on=DAY)
            assert q.by_name(made, name="é") == made_thing
            assert q.every(made) == [made_thing]
            assert q.among(made, names=["é", "f"]) == ["é"]
            q.touch(made, name="é")
            assert q.forget(made, name="é") == 1
        q.create(made, name="é", made_on=DAY)
        yield made


class Counted(Cursor[Any]):
    made: ClassVar[int] = 0

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        Counted.made += 1


@pytest.mark.parametrize("call_path", ["driver"], indirect=True)
def test_no_cursor_is_made_for_a_statement_that_was_called(database: pydb.Database, q: Any) -> None:
    """The calls of a statement share a cursor, also in different blocks on the same connection."""
    counts = []
    for _ in range(4):
        with database.begin() as conn:
            conn.connection.driver_connection.cursor_factory = Counted  # type: ignore[union-attr]
            Counted.made = 0
            for name in "abc":
                q.create(conn, name=name, made_on=DAY)
                q.by_name(conn, name=name)
                q.by_name(conn, name="nobody")
                q.every(conn)
                q.among(conn, names=[name])
                q.touch(conn, name=name)
                q.forget(conn, name=name)
        counts.append(Counted.made)
    assert counts[1:] == [0, 0, 0]


@pytest.mark.parametrize(
    ("setting", "value"),
    [("DateStyle", "SQL, DMY"), ("DateStyle", "German"), ("client_encoding", "LATIN1"), ("TimeZone", "Asia/Tokyo")],
)
def test_a_setting_changed_meanwhile_is_followed(conn: Connection, q: Any, setting: str, value: str) -> None:
    """Values are read and written with the current settings of the session, also after a rollback has reset them."""
    thing = q.by_name(conn, name="é")
    savepoint = conn.begin_nested()
    conn.exec_driver_sql(f"SET {setting} = '{value}'")
    for _ in range(2):
        assert q.by_name(conn, name="é") == thing
        assert q.every(conn) == [thing]
    savepoint.rollback()
    assert q.by_name(conn, name="é") == thing
    assert q.create(conn, name="ü", made_on=DAY).made_on == DAY


def test_a_column_whose_type_changes_is_read_as_it_is(conn: Connection, load: Load) -> None:
    """A column that gets another type during the run is read with the new type."""
    names = load("-- name: named :many scalar\nSELECT name AS name FROM things;\n")
    for _ in range(3):
        assert names.named(conn) == ["é"]
    conn.exec_driver_sql("ALTER TABLE things ALTER name TYPE integer USING 7")
    with conn.begin_nested(), suppress(DatabaseError):  # the result type of a prepared statement may not change
        names.named(conn)
    conn.exec_driver_sql("DEALLOCATE ALL")
    assert names.named(conn) == [7]


def test_a_call_within_a_call(conn: Connection, load: Load) -> None:
    """If a record calls the statement that makes it, the inner and the outer call get their own rows."""
    nested: list[list[str]] = []

    @dataclass(frozen=True)
    class Curious:
        name: str

        def __post_init__(self) -> None:
            if len(nested) < 3:
                nested.append([])
                nested[-1] += [each.name for each in queries.all_of(conn)]

    queries = load("-- name: all_of :many Curious\nSELECT name FROM things ORDER BY name;\n", Curious)
    for name in "abc":
        conn.exec_driver_sql(f"INSERT INTO things (name, made_on) VALUES ('{name}', '2026-03-09')")
    for _ in range(3):
        nested.clear()
        assert [each.name for each in queries.all_of(conn)] == ["a", "b", "c", "é"]
        assert nested == [["a", "b", "c", "é"]] * 3


def test_a_failure_leaves_the_next_call_alone(conn: Connection, q: Any) -> None:
    """After an error, the statement runs as before."""
    for name in ("f", "g", "h"):
        with pytest.raises(UniqueViolation), conn.begin_nested():
            q.create(conn, name="é", made_on=DAY)
        assert q.create(conn, name=name, made_on=DAY).name == name


def test_a_row_that_does_not_fit_leaves_the_next_call_alone(conn: Connection, q: Any, load: Load) -> None:
    """After a row that its record refuses, the statement runs as before, for one row and for many."""
    queries = load(
        "-- name: one_of :one Thing\nSELECT :id AS id, 'n' AS name, CAST('2026-03-09' AS date) AS made_on;\n"
        "-- name: some_of :many Thing\nSELECT :id AS id, 'n' AS name, CAST('2026-03-09' AS date) AS made_on;\n",
        Thing,
    )
    for _ in range(3):
        assert queries.one_of(conn, id=1) == Thing(1, "n", DAY)
        assert queries.some_of(conn, id=1) == [Thing(1, "n", DAY)]
        for statement in (queries.one_of, queries.some_of):
            with pytest.raises(RecordError, match="column id contains a str"):
                statement(conn, id="text")


def test_a_lost_connection_is_replaced(conn: Connection, q: Any) -> None:
    """The cursors of a discarded connection are not used on the next one."""
    conn.commit()
    conn.invalidate()
    assert q.by_name(conn, name="é").made_on == DAY
    assert [thing.name for thing in q.every(conn)] == ["é"]


def test_more_statements_than_cursors_are_kept(conn: Connection, load: Load) -> None:
    """A connection keeps a limited number of cursors, whatever statements are called in whatever order."""
    count = MAX_CURSORS + 50
    queries = load("".join(f"-- name: s{n} :one scalar\nSELECT {n};\n" for n in range(count)))
    statements = list(pydb.Queries(queries))
    for order in (statements, statements[::-1], statements):
        assert [statement(conn) for statement in order] == [int(each.name[3:]) for each in order]
    kept = conn.info.get("pydb_cursors")
    assert kept is None or len(kept._cached) <= MAX_CURSORS


def resident() -> int:
    """The process's memory, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the memory of a process is read from Linux's /proc")
def test_no_answer_is_kept(conn: Connection, load: Load) -> None:
    """A cached cursor keeps nothing of its last result, however large that was."""
    text = "".join(f"-- name: s{n} :one scalar\nSELECT repeat(:letter, :n);\n" for n in range(5))
    statements = list(load(text))
    for statement in statements * 2:
        assert statement(conn, letter="x", n=1) == "x"
    for _ in range(3):
        assert len(statements[0](conn, letter="x", n=8_000_000)) == 8_000_000
    before = resident()
    for statement in statements[1:]:
        assert len(statement(conn, letter="y", n=8_000_000)) == 8_000_000
    assert resident() - before < 20_000_000
