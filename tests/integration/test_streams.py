"""Streams: bounded memory, an early end, and other statements on the connection at the same time."""

from __future__ import annotations

import gc
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, exc

import pydb
from pydb.errors import ParameterError, PydbError, RecordError
from tests.harness.runtime import CreateTables, Load
from tests.harness.waiting import ALARM

pytestmark = [pytest.mark.core_in_deep, pytest.mark.awaited]

TABLES = "CREATE TABLE things (id <key>, name <string> NULL, size bigint NULL);"
ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Thing:
    id: int
    name: str
    size: int


STATEMENTS = """\
-- Things.

-- name: spoil :exec
UPDATE things SET name = NULL WHERE id = :id;

-- name: touch :exec
UPDATE things SET size = size WHERE id = :id;

-- name: everything :stream Thing
SELECT id, name, size FROM things ORDER BY id;

-- name: names :stream scalar
SELECT name FROM things ORDER BY id;

-- name: rows :stream
SELECT id, name FROM things ORDER BY id;

-- name: some :stream Thing
SELECT id, name, size FROM things WHERE id IN (:ids) ORDER BY id;

-- name: wrong :stream Thing
SELECT id, name FROM things;

-- name: broken :stream scalar
SELECT no_such_column FROM things;

-- name: total :one scalar
SELECT count(*) FROM things;
"""


NUMBERS = {
    "sqlite": "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < {0}) SELECT {1} FROM n",
    "postgresql": "SELECT {1} FROM generate_series(1, {0}) AS n (id)",
    "mariadb": "SELECT {1} FROM (SELECT seq AS id FROM seq_1_to_{0}) AS n",
}
"""How each engine makes a row of the columns {1} for each id from 1 to {0}."""


@pytest.fixture
def q(load: Load, create_tables: CreateTables, database: pydb.Database, engine_name: str) -> Any:
    """The statements above, and the table with rows for several fetches."""
    create_tables(TABLES)
    queries = load(STATEMENTS, Thing)
    with database.begin() as conn:
        numbers = NUMBERS[engine_name].format(ROWS, "id, 'n' || id, id")
        conn.exec_driver_sql(f"INSERT INTO things (id, name, size) {numbers}")
    return queries


def test_all_rows(database: pydb.Database, q: Any) -> None:
    """A stream returns every row once, in order, with the record of its header, whenever it is called."""
    with database.read() as conn:
        for _ in range(2):
            things = list(q.everything(conn))
            assert [thing.id for thing in things] == list(range(1, ROWS + 1))
            assert things[-1] == Thing(ROWS, f"n{ROWS}", ROWS)
            assert list(q.names(conn)) == [thing.name for thing in things]
            assert [tuple(row) for row in q.rows(conn)] == [(thing.id, thing.name) for thing in things]
            assert [thing.id for thing in q.some(conn, ids=[3, 1, 99_999])] == [1, 3]
            assert list(q.some(conn, ids=[])) == []


def test_early_end(database: pydb.Database, q: Any) -> None:
    """A stream that is closed or deleted after a few rows leaves the connection usable."""
    with database.begin() as conn:
        stream = q.everything(conn)
        assert [next(stream).id for _ in range(3)] == [1, 2, 3]
        stream.close()
        assert q.total(conn) == ROWS
        for thing in q.everything(conn):
            if thing.id == 1_500:
                break
        del thing
        gc.collect()
        assert q.total(conn) == ROWS
        q.everything(conn).close()
        assert q.total(conn) == ROWS
    with database.begin() as conn:
        q.spoil(conn, id=1)


def test_other_statements_meanwhile(database: pydb.Database, q: Any) -> None:
    """Other statements and streams on the same connection do not change a stream."""
    with database.begin() as conn:
        seen: list[int] = []
        for thing in q.everything(conn):
            seen.append(thing.id)
            if thing.id in (1, 2, 2_000, ROWS):
                assert q.total(conn) == ROWS
                q.touch(conn, id=1)
            if thing.id == 3_000:
                names = q.names(conn)
                assert next(names) == "n1"
                assert sum(1 for _ in q.rows(conn)) == ROWS
                assert len(list(names)) == ROWS - 1
        assert seen == list(range(1, ROWS + 1))
        stream = q.everything(conn)
        assert q.total(conn) == ROWS
        stream.close()
        assert q.total(conn) == ROWS


def test_two_streams(database: pydb.Database, q: Any, engine_name: str) -> None:
    """Two streams on two connections do not affect each other."""
    with database.read() as one, database.read() as two:
        pairs = list(zip(q.everything(one), q.names(two), strict=True))
        assert len(pairs) == ROWS
        assert all(thing.name == name for thing, name in pairs)


def test_after_the_block(database: pydb.Database, q: Any) -> None:
    """A stream that is read after its block raises an error, and does not just end."""
    with database.begin() as conn:
        stream = q.everything(conn)
        next(stream)
    with pytest.raises((PydbError, exc.SQLAlchemyError)):
        list(stream)
    with database.read() as conn:
        assert q.total(conn) == ROWS


def test_error_in_the_middle(database: pydb.Database, q: Any) -> None:
    """A row that does not fit its record ends the stream with an error, and the connection can be used afterwards."""
    with database.begin() as conn:
        q.spoil(conn, id=3_000)
    with database.begin() as conn:
        seen: list[int] = []
        with pytest.raises(RecordError, match=r"q\.everything: column name is NULL"):
            seen.extend(thing.id for thing in q.everything(conn))
        assert q.total(conn) == ROWS


def test_refused_at_the_call(database: pydb.Database, q: Any) -> None:
    """A mistake in a stream's parameters, SQL or columns is raised by the call."""
    with database.begin() as conn:
        with pytest.raises(ParameterError):
            q.everything(conn, id=1)
        with pytest.raises(RecordError, match="no column for field size"):
            q.wrong(conn)
        with pytest.raises(pydb.errors.DatabaseError, match=r"q\.broken"), conn.begin_nested():
            q.broken(conn)
        assert q.total(conn) == ROWS


def test_own_engine(database: pydb.Database, q: Any) -> None:
    """A stream on an engine that the application has made returns the same rows."""
    own = create_engine(database.engine.url)
    with own.connect() as conn:
        assert sum(1 for _ in q.everything(conn)) == ROWS
    own.dispose()


LARGE = 100_000
PADDED = {"sqlite": "printf('%0100d', id)", "postgresql": "lpad(id::text, 100, '0')", "mariadb": "lpad(id, 100, '0')"}
MEASURE = """\
import resource, sys
from dataclasses import dataclass
import pydb

@dataclass(frozen=True, slots=True)
class Thing:
    id: int
    name: str
    size: int

queries = pydb.load(sys.argv[1], records=[Thing]).large
with pydb.Database(sys.argv[2]) as database, database.read() as conn:
    stream = queries.large(conn)
    total = sum(next(stream).size for _ in range(5_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    total += sum(thing.size for thing in stream)
    print(total, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_memory(empty_url: str, engine_name: str, tmp_path: Path) -> None:
    """A stream of a hundred thousand rows, 13 MB, increases the memory of the process by less than 2 MB."""
    sql = NUMBERS[engine_name].format(LARGE, f"id, {PADDED[engine_name]} AS name, id AS size")
    (tmp_path / "large.sql").write_text(f"-- Large.\n\n-- name: large :stream Thing\n{sql};\n")
    command = [sys.executable, "-c", MEASURE, str(tmp_path / "large.sql"), empty_url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=ALARM)
    assert done.returncode == 0, done.stderr
    total, kilobytes = map(int, done.stdout.split())
    assert total == LARGE * (LARGE + 1) // 2
    assert kilobytes < 2_000
