"""Calls of statements: row words and records, parameters, lists, counts, and connections of different owners."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Row, create_engine, event, exc
from sqlalchemy.orm import Session

import pydb
from pydb.errors import NoRow, OperationalError, ParameterError, RecordError, SqlFileError, TooManyRows
from tests.harness.runtime import CreateTables, Load, ddl

pytestmark = pytest.mark.awaited

TABLES = "CREATE TABLE things (id <key>, name <string> NOT NULL, size integer NULL);"
ROWS = [("a", 1), ("b", 2), ("c", None)]


@dataclass(frozen=True, slots=True)
class Thing:
    id: int
    name: str


STATEMENTS = """\
-- Things.

-- name: create :one Thing
INSERT INTO things (name) VALUES (:name) RETURNING id, name;

-- name: fill :batch
INSERT INTO things (name, size) VALUES (:name, :size);

-- name: one_record :one Thing
SELECT id, name FROM things WHERE id = :id;

-- name: one_scalar :one scalar
SELECT name FROM things WHERE id = :id;

-- name: one_row :one
SELECT id, name FROM things WHERE id = :id;

-- name: maybe_record :maybe Thing
SELECT id, name FROM things WHERE id = :id;

-- name: maybe_scalar :maybe scalar
SELECT name FROM things WHERE id = :id;

-- name: maybe_row :maybe
SELECT id, name FROM things WHERE id = :id;

-- name: many_record :many Thing
SELECT id, name FROM things WHERE id <= :id ORDER BY id;

-- name: many_scalar :many scalar
SELECT name FROM things WHERE id <= :id ORDER BY id;

-- name: many_row :many
SELECT id, name FROM things WHERE id <= :id ORDER BY id;

-- name: stream_record :stream Thing
SELECT id, name FROM things WHERE id <= :id ORDER BY id;

-- name: stream_scalar :stream scalar
SELECT name FROM things WHERE id <= :id ORDER BY id;

-- name: stream_row :stream
SELECT id, name FROM things WHERE id <= :id ORDER BY id;

-- name: batch_record :batch Thing
INSERT INTO things (name) VALUES (:name) RETURNING id, name;

-- name: batch_scalar :batch scalar
INSERT INTO things (name) VALUES (:name) RETURNING name;

-- name: batch_row :batch
INSERT INTO things (name) VALUES (:name) RETURNING id, name;

-- name: rename :affected
UPDATE things SET name = :name WHERE id >= :id;

-- name: remove :affected
DELETE FROM things WHERE id = :id;

-- name: add :affected
INSERT INTO things (name) SELECT name FROM things;

-- name: touch :exec
UPDATE things SET size = 0;

-- name: any_one :one Thing
SELECT id, name FROM things;

-- name: any_maybe :maybe Thing
SELECT id, name FROM things;

-- name: any_scalar :one scalar
SELECT size FROM things WHERE id = :id;

-- name: total :one scalar
SELECT count(*) FROM things;

-- name: among :many scalar
SELECT id FROM things WHERE name IN (:names) ORDER BY id;

-- name: not_among :many scalar
SELECT id FROM things WHERE name NOT IN (:names) AND id > :id ORDER BY id;

-- name: among_ids :many Thing
SELECT id, name FROM things WHERE id IN (:ids) ORDER BY id;

-- name: twice :many Thing
SELECT id, name, id FROM things;

-- name: twice_row :many
SELECT id, name, id FROM things;

-- name: no_field :many Thing
SELECT id, name, size FROM things;

-- name: no_column :many Thing
SELECT id FROM things;

-- name: two_columns :many scalar
SELECT id, name FROM things;
"""


@pytest.fixture
def q(load: Load, create_tables: CreateTables, database: pydb.Database) -> Any:
    """The statements above, and the table with three rows."""
    create_tables(TABLES)
    queries = load(STATEMENTS, Thing)
    with database.begin() as conn:
        queries.fill(conn, [{"name": name, "size": size} for name, size in ROWS])
    return queries


@contextmanager
def nothing_sent(engine: Engine) -> Iterator[None]:
    """Fail if a statement is sent to the database in the block."""
    sent: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert sent == []


SHAPES: dict[str, Any] = {"record": Thing(1, "a"), "scalar": "a", "row": (1, "a")}


def test_shapes_of_reads(database: pydb.Database, q: Any) -> None:
    """Each reading row word returns one value, a list or an iterator, of records, scalars or Core rows."""
    with database.read() as conn:
        for word, (shape, wanted) in product(("one", "maybe", "many", "stream"), SHAPES.items()):
            for _ in range(2):
                found = getattr(q, f"{word}_{shape}")(conn, id=1)
                if word == "stream":
                    assert iter(found) is iter(found)
                    found = list(found)
                if word in ("many", "stream"):
                    assert type(found) is list
                    [found] = found
                assert found == wanted
                assert type(found) is Row if shape == "row" else type(found) is type(wanted)
                assert shape != "row" or found.name == "a"


def test_shapes_of_batches(database: pydb.Database, q: Any) -> None:
    """A batch with RETURNING returns a list of the header's record, in the order of its sets."""
    with database.begin() as conn:
        sets = [{"name": "x"}, {"name": "y"}]
        assert q.batch_record(conn, sets) == [Thing(4, "x"), Thing(5, "y")]
        assert q.batch_scalar(conn, sets) == ["x", "y"]
        rows = q.batch_row(conn, sets)
        assert [(type(row), tuple(row)) for row in rows] == [(Row, (8, "x")), (Row, (9, "y"))]


def test_counts(database: pydb.Database, q: Any) -> None:
    """An ``:affected`` statement returns the number of rows that it matched, and ``:exec`` returns None."""
    with database.begin() as conn:
        assert q.rename(conn, name="z", id=2) == 2
        assert q.rename(conn, name="z", id=2) == 2
        assert q.rename(conn, name="z", id=9) == 0
        assert q.add(conn) == 3
        assert q.remove(conn, id=1) == 1
        assert q.remove(conn, id=1) == 0
        assert q.touch(conn) is None


@pytest.mark.engines("sqlite", "postgresql")
def test_count_behind_with(database: pydb.Database, q: Any, load: Load) -> None:
    """An ``:affected`` statement that begins with WITH counts rows like others."""
    text = """\
-- More.

-- name: rename :affected
WITH chosen AS (SELECT id FROM things WHERE id > :id)
UPDATE things SET name = 'z' WHERE id IN (SELECT id FROM chosen);

-- name: remove :affected
WITH chosen AS (SELECT id FROM things WHERE id > :id)
DELETE FROM things WHERE id IN (SELECT id FROM chosen);
"""
    queries = load(text)
    with database.begin() as conn:
        assert queries.rename(conn, id=1) == 2
        assert queries.rename(conn, id=5) == 0
        assert queries.remove(conn, id=1) == 2
        assert queries.remove(conn, id=1) == 0


def test_no_row(database: pydb.Database, q: Any) -> None:
    """Without a row, ``:one`` raises NoRow and ``:maybe`` returns None."""
    with database.read() as conn:
        for shape in ("record", "scalar", "row"):
            with pytest.raises(NoRow, match=rf"q\.sql:\d+: q\.one_{shape}: returned no row    hint: ") as caught:
                getattr(q, f"one_{shape}")(conn, id=9)
            assert caught.value.statement_name == f"q.one_{shape}"
            assert getattr(q, f"maybe_{shape}")(conn, id=9) is None
        assert q.many_record(conn, id=0) == []
        assert list(q.stream_record(conn, id=0)) == []


def test_null_is_a_row(database: pydb.Database, q: Any) -> None:
    """A scalar that is NULL is a row whose value is None."""
    with database.read() as conn:
        assert q.any_scalar(conn, id=3) is None


def test_too_many_rows(database: pydb.Database, q: Any) -> None:
    """``:one`` and ``:maybe`` refuse more than one row, and the connection can be used afterwards."""
    with database.begin() as conn:
        for statement in (q.any_one, q.any_maybe):
            with pytest.raises(TooManyRows, match=rf"{statement.name}: returned more than one row"):
                statement(conn)
        assert q.total(conn) == 3


def test_wrong_parameters(database: pydb.Database, q: Any) -> None:
    """Missing, unknown and positional parameters are refused with their names before anything is sent."""
    wrong: list[tuple[Callable[[Connection], object], str]] = [
        (lambda conn: q.one_record(conn), "parameters: missing id"),
        (lambda conn: q.one_record(conn, id=pydb.ABSENT), "parameters: missing id"),
        (lambda conn: q.one_record(conn, id=1, idd=2), "parameters: unknown idd"),
        (lambda conn: q.rename(conn, ids=1, title="x"), "parameters: missing id, name; unknown ids, title"),
        (lambda conn: q.one_record(conn, 1), "by name only"),
        (lambda conn: q.total(conn, {"id": 1}), "by name only"),
        (lambda conn: q.total(conn, id=1), "parameters: unknown id"),
    ]
    with database.connect() as conn, nothing_sent(database.engine):
        for call, message in wrong:
            with pytest.raises(ParameterError, match=message) as caught:
                call(conn)
            assert "hint: q." in str(caught.value)
        assert not conn.in_transaction()


def test_refused_values_send_nothing(database: pydb.Database, q: Any) -> None:
    """A value that the engine cannot store is refused with its parameter's name before anything is sent."""
    with database.connect() as conn, nothing_sent(database.engine):
        for statement in (q.one_record, q.one_row, q.many_record, q.stream_record):
            with pytest.raises(ParameterError, match="parameter id is an integer beyond 64 bits"):
                statement(conn, id=2**63)
        with pytest.raises(ParameterError, match="set 1: parameter name is text with a lone surrogate"):
            q.batch_record(conn, [{"name": "x"}, {"name": "\ud800"}])
        with pytest.raises(ParameterError, match="parameter names is text with a lone surrogate"):
            q.among(conn, names=["x", "\ud800"])
        assert not conn.in_transaction()


def test_lists(database: pydb.Database, q: Any) -> None:
    """IN accepts no value, one or many, from a list, tuple, set or range."""
    with database.read() as conn:
        assert q.among(conn, names=[]) == []
        assert q.among(conn, names=["b"]) == [2]
        assert q.among(conn, names=("a", "c", "a", "nobody")) == [1, 3]
        assert q.among(conn, names={"a", "b"}) == [1, 2]
        assert q.among_ids(conn, ids=range(2, 9)) == [Thing(2, "b"), Thing(3, "c")]
        assert q.among_ids(conn, ids=list(range(5_000))) == [Thing(1, "a"), Thing(2, "b"), Thing(3, "c")]
        assert q.among_ids(conn, ids=[]) == []


def test_lists_that_exclude(database: pydb.Database, q: Any) -> None:
    """NOT IN an empty list excludes nothing."""
    with database.read() as conn:
        assert q.not_among(conn, names=[], id=0) == [1, 2, 3]
        assert q.not_among(conn, names=["b"], id=1) == [3]
        assert q.not_among(conn, names=[str(n) for n in range(5_000)], id=1) == [2, 3]


def test_unfit_lists(database: pydb.Database, q: Any) -> None:
    """A value that is not a list, and a list with None, are refused with the parameter's name."""
    with database.connect() as conn, nothing_sent(database.engine):
        for values in ("abc", 5, None, iter("abc"), {"a": 1}, b"a"):
            with pytest.raises(ParameterError, match=r"parameter names is a .*, where IN takes a list"):
                q.among(conn, names=values)
        with pytest.raises(ParameterError, match="parameter names is a list with None"):
            q.among(conn, names=["a", None])


@pytest.mark.engines("sqlite", "postgresql")
def test_endless_list(database: pydb.Database, q: Any, engine_name: str) -> None:
    """A list longer than the engine's limit is refused with a message, and the connection can be used afterwards."""
    most = {"sqlite": 300_000, "postgresql": 65_536}[engine_name]
    message = {"sqlite": "too many SQL variables", "postgresql": "more than 65,535 parameters"}[engine_name]
    with database.connect() as conn:
        with pytest.raises(OperationalError, match=message):
            q.among_ids(conn, ids=range(most))
        conn.rollback()
        assert q.total(conn) == 3


def test_columns_named_twice(database: pydb.Database, q: Any) -> None:
    """Two columns with one name are refused, for a record and for Core rows."""
    with database.read() as conn:
        for statement in (q.twice, q.twice_row):
            with pytest.raises(RecordError, match=rf"{statement.name}: two columns are named id    hint: .*AS"):
                statement(conn)


def test_columns_that_do_not_fit(database: pydb.Database, q: Any) -> None:
    """A column without a field, a field without a column, and a scalar with two columns are refused with names."""
    with database.read() as conn:
        with pytest.raises(RecordError, match=r"q\.no_field: record Thing has no field for column size"):
            q.no_field(conn)
        with pytest.raises(RecordError, match=r"q\.no_column: record Thing has no column for field name"):
            q.no_column(conn)
        with pytest.raises(RecordError, match=r"q\.two_columns: a scalar has one column, not 2"):
            q.two_columns(conn)
        assert q.total(conn) == 3


def test_commit_as_you_go(database: pydb.Database, q: Any) -> None:
    """On Core's connection, a row exists after commit, and does not exist after rollback."""
    with database.connect() as conn:
        assert q.create(conn, name="x") == Thing(4, "x")
        assert conn.in_transaction()
        conn.commit()
        assert q.create(conn, name="y").name == "y"
        conn.rollback()
        assert q.many_scalar(conn, id=99) == ["a", "b", "c", "x"]


def test_own_engine(database: pydb.Database, q: Any) -> None:
    """Statements run on an engine that the application has made."""
    own = create_engine(database.engine.url)
    with own.begin() as conn:
        made = q.create(conn, name="x")
        assert q.one_record(conn, id=made.id) == made
        assert q.batch_record(conn, [{"name": "y"}]) == [Thing(made.id + 1, "y")]
        assert [thing.name for thing in q.stream_record(conn, id=99)] == ["a", "b", "c", "x", "y"]
    own.dispose()
    with database.read() as conn:
        assert q.total(conn) == 5


def test_orm_session(database: pydb.Database, q: Any) -> None:
    """Statements run in the transaction of an ORM session."""
    with Session(database.engine) as session:
        q.create(session.connection(), name="x")
        session.rollback()
        made = q.create(session.connection(), name="y")
        session.commit()
    with database.read() as conn:
        assert q.many_scalar(conn, id=99) == ["a", "b", "c", "y"]
        assert q.one_record(conn, id=made.id) == made


def test_autocommit(database: pydb.Database, q: Any) -> None:
    """On a connection in autocommit mode, each statement is a separate transaction."""
    with database.connect() as conn:
        conn.execution_options(isolation_level="AUTOCOMMIT")
        q.create(conn, name="x")
        with database.read() as other:
            assert q.total(other) == 4


def test_closed_connection(database: pydb.Database, q: Any) -> None:
    """A closed connection raises Core's error."""
    with database.connect() as conn:
        pass
    with pytest.raises(exc.ResourceClosedError):
        q.total(conn)


def test_missing_form(database: pydb.Database, load: Load, engine_name: str) -> None:
    """The error for a statement without a form for this engine names the engines that have one."""
    other = "mariadb" if engine_name == "sqlite" else "sqlite"
    overlay = "-- Other.\n\n-- name: only :one scalar\nSELECT 1;\n"
    queries = load("-- All.\n\n-- name: every :one scalar\nSELECT 1;\n", **{other: overlay})
    with database.read() as conn:
        assert queries.every(conn) == 1
        with pytest.raises(SqlFileError, match=rf"q.only: has no form for {engine_name}    hint: .*{other}"):
            queries.only(conn)


def test_overlay(database: pydb.Database, load: Load, engine_name: str) -> None:
    """A statement uses the form of the connection's engine."""
    overlay = f"-- This.\n\n-- name: where :one scalar\nSELECT '{engine_name}';\n"
    queries = load("-- All.\n\n-- name: where :one scalar\nSELECT 'shared';\n", **{engine_name: overlay})
    with database.read() as conn:
        assert queries.where(conn) == engine_name


def test_databases_at_once(empty_urls: dict[str, str], load: Load, tmp_path: Path) -> None:
    """One set of statements can be used with databases of several engines in turn."""
    queries = load(STATEMENTS, Thing)
    databases = {name: pydb.Database(url) for name, url in empty_urls.items()}
    second = pydb.Database(f"sqlite:///{tmp_path / 'second.db'}")
    everywhere = [*databases.items(), ("sqlite", second)]
    for name, database in everywhere:
        with database.begin() as conn:
            conn.exec_driver_sql(ddl(TABLES, name))
    for turn in range(3):
        for index, (_, database) in enumerate(everywhere):
            with database.begin() as conn:
                assert q_name(queries, conn, f"{index}-{turn}") == f"{index}-{turn}"
                assert queries.total(conn) == turn + 1
    for _, database in everywhere:
        database.close()


def q_name(queries: Any, conn: Any, name: str) -> str:
    """Insert a row and read it back."""
    made = queries.create(conn, name=name)
    return str(queries.one_record(conn, id=made.id).name)
