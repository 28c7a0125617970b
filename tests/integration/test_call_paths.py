"""Both paths to the database have the same results, listeners get every statement, and SQLAlchemy is as expected."""

from __future__ import annotations

import gc
import logging
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, exc

import pydb
from pydb import errors
from pydb.execution import core_internals
from pydb.values.row_builder import SOURCE
from tests.harness.runtime import Load, ddl, take_core_path

TABLES = "CREATE TABLE things (id <key>, name <string> NOT NULL, size integer NULL, CONSTRAINT name_key UNIQUE (name));"
SQL = """
-- name: create :one Thing
INSERT INTO things (name, size) VALUES (:name, :size) RETURNING id, name, size;

-- name: by_name :maybe Thing
SELECT id, name, size FROM things WHERE name = :name;

-- name: one_of :one Thing
SELECT id, name, size FROM things WHERE size = :size;

-- name: every :many Thing
SELECT id, name, size FROM things ORDER BY id;

-- name: names :many scalar
SELECT name FROM things WHERE name IN (:names) AND size > :least ORDER BY name;

-- name: resize :affected
UPDATE things SET size = size + :by WHERE name = :name;

-- name: forget :exec
DELETE FROM things WHERE name = :name;

-- name: twice :one scalar
SELECT CAST(:n AS decimal(9)) + CAST(:n AS decimal(9)) AS n;

-- name: oddly :many scalar
SELECT name FROM things WHERE size BETWEEN :lowest AND :highest ORDER BY name;

-- name: listed :many scalar
SELECT name FROM things WHERE name IN (:names) AND (size = :size OR size > :size) ORDER BY name;

-- name: clashing :many scalar
SELECT name FROM things WHERE name IN (:names) AND (name = :names_1 OR size > :size OR size = :size) ORDER BY name;
"""


@dataclass(frozen=True, slots=True)
class Thing:
    id: int
    name: str
    size: int | None


@pytest.fixture
def q(empty_url: str, engine_name: str, tmp_path: Path, load: Load) -> Any:
    """The statements, and their table in the database of ``empty_url``."""
    script = tmp_path / "tables.sql"
    script.write_text(ddl(TABLES, engine_name))
    with pydb.Database(empty_url) as database:
        database.apply(script)
    return load(SQL, Thing)


@pytest.fixture
def conn(database: pydb.Database, q: Any) -> Iterator[Connection]:
    """A connection in a transaction that is rolled back, with the things a, b and c of the sizes 1, 2 and 2."""
    with database.connect() as made:
        made.begin()
        for name, size in (("a", 1), ("b", 2), ("c", 2)):
            q.create(made, name=name, size=size)
        yield made
        made.rollback()


def is_generated(statement: Any) -> bool:
    """Whether the next call begins with the statement's generated function."""
    return bool(statement.__call__.__code__.co_filename == SOURCE)


def sent(listened: list[str], name: str) -> int:
    return sum(f"/* q.{name} */" in text for text in listened)


def listener(target: Any, name: str, listened: list[str]) -> Callable[..., None]:
    """A listener for the event, which records the SQL."""

    def listen(*given: Any) -> None:
        listened.append(next((str(each) for each in given if "/*" in str(each)), ""))

    event.listen(target, name, listen)
    return listen


def test_every_call_is_like_the_first(conn: Connection, q: Any) -> None:
    """The second and later calls of a statement, which take another path, return what the first call returned."""
    for _ in range(3):
        assert q.by_name(conn, name="a").size == 1
        assert q.by_name(conn, name="nobody") is None
        assert [thing.name for thing in q.every(conn)] == ["a", "b", "c"]
        assert q.names(conn, names=["a", "b", "c"], least=1) == ["b", "c"]
        assert q.names(conn, names=["c"], least=0) == ["c"]
        assert q.names(conn, names=[], least=0) == []
        assert q.resize(conn, name="b", by=1) == 1
        assert q.resize(conn, name="b", by=-1) == 1
        assert q.resize(conn, name="nobody", by=1) == 0
        assert q.forget(conn, name="nobody") is None
        assert q.twice(conn, n=21) == 42
        assert q.oddly(conn, lowest=2, highest=3) == ["b", "c"]
        assert q.listed(conn, names=["a", "c"], size=2) == ["c"]
        assert q.listed(conn, names=("a", "b", "c"), size=1) == ["a", "b", "c"]
        assert q.listed(conn, names=[], size=1) == []
        assert q.clashing(conn, names=["a", "c"], names_1="a", size=2) == ["a", "c"]
    for number in range(3):
        made = q.create(conn, name=f"new {number}", size=None)
        assert q.by_name(conn, name=f"new {number}") == made
    statements = [q.by_name, q.every, q.names, q.listed, q.resize, q.forget, q.twice, q.oddly, q.create]
    assert all(is_generated(statement) for statement in statements)


def test_every_refusal_is_like_the_first(database: pydb.Database, conn: Connection, q: Any) -> None:
    """An invalid argument is refused with the same message on each call."""
    refused: dict[str, tuple[type[Exception], Callable[[], Any]]] = {
        "no row": (errors.NoRow, lambda: q.one_of(conn, size=9)),
        "two rows": (errors.TooManyRows, lambda: q.one_of(conn, size=2)),
        "missing": (errors.ParameterError, lambda: q.create(conn, name="d")),
        "absent": (errors.ParameterError, lambda: q.create(conn, name="d", size=pydb.ABSENT)),
        "absent list": (errors.ParameterError, lambda: q.names(conn, names=pydb.ABSENT, least=0)),
        "unknown": (errors.ParameterError, lambda: q.by_name(conn, name="a", nome="a")),
        "positional": (errors.ParameterError, lambda: q.by_name(conn, "a")),
        "no connection": (errors.ParameterError, lambda: q.by_name(5, name="a")),
        "an engine": (errors.ParameterError, lambda: q.by_name(conn.engine, name="a")),
        "large": (errors.ParameterError, lambda: q.one_of(conn, size=2**63)),
        "surrogate": (errors.ParameterError, lambda: q.by_name(conn, name="\ud800")),
        "no list": (errors.ParameterError, lambda: q.names(conn, names="abc", least=0)),
    }
    for what, (kind, call) in refused.items():
        texts = set()
        for _ in range(3):
            with pytest.raises(kind) as caught:
                call()
            texts.add(str(caught.value))
            assert caught.value.__context__ is None
        assert len(texts) == 1, what


def test_a_failure_is_the_same_on_both_paths(empty_url: str, q: Any) -> None:
    """A duplicate raises the same error on the first and later calls, listened to or not, and dooms the block."""
    told = set()
    for ordinary in (False, True, False):
        with pydb.Database(empty_url) as database:
            if ordinary:
                take_core_path(database.engine)
            for _ in range(2):
                with pytest.raises(errors.TransactionDoomed), database.begin() as conn:
                    q.create(conn, name="a", size=1)
                    with pytest.raises(errors.UniqueViolation) as caught:
                        q.create(conn, name="a", size=2)
                error = caught.value
                told.add((str(error), error.table, error.columns, error.statement, error.connection_invalidated))
                assert error.orig is not None
                assert error.params is None
                assert error.__context__ is None
    assert len(told) == 1


@pytest.mark.parametrize("where", ["engine", "class", "connection"])
@pytest.mark.parametrize("name", ["before_cursor_execute", "after_cursor_execute", "before_execute", "after_execute"])
def test_listeners_miss_nothing(empty_url: str, q: Any, where: str, name: str) -> None:
    """A listener gets each statement from when it is attached until it is removed, also within one transaction."""
    listened: list[str] = []
    with pydb.Database(empty_url) as database, database.connect() as conn:
        for _ in range(3):
            q.every(conn)
        target = {"engine": database.engine, "class": Engine, "connection": conn}[where]
        listen = listener(target, name, listened)
        try:
            for _ in range(3):
                q.every(conn)
            q.create(conn, name="heard", size=1)
        finally:
            event.remove(target, name, listen)
        assert (sent(listened, "every"), sent(listened, "create")) == (3, 1)
        q.every(conn)
        assert sent(listened, "every") == 3


def test_dialect_listeners_miss_nothing(empty_url: str, q: Any) -> None:
    """A listener that replaces the execution of the dialect, or handles its errors, is called each time."""
    executed: list[str] = []
    failed: list[Any] = []
    with pydb.Database(empty_url) as database:
        with database.begin() as conn:
            for name in ("a", "b", "c"):
                q.create(conn, name=name, size=1)
        event.listen(database.engine, "do_execute", lambda _cursor, sql, _values, _context: executed.append(sql))
        event.listen(database.engine, "handle_error", lambda context: failed.append(context.statement))
        with pytest.raises(errors.UniqueViolation), database.begin() as conn:
            q.create(conn, name="a", size=1)
    assert sent(executed, "create") == sent(failed, "create") == 1


def test_echo_shows_everything(empty_url: str, q: Any, caplog: pytest.LogCaptureFixture) -> None:
    """With echo, SQLAlchemy logs every statement with its name."""
    with pydb.Database(empty_url, echo=True) as database, database.connect() as conn:
        for _ in range(3):
            q.every(conn)
    assert sent([record.getMessage() for record in caplog.records], "every") == 3


def test_instrumentation_reads_the_name(empty_url: str, q: Any) -> None:
    """The name is an execution option, for code that counts or traces statements."""
    names: list[Any] = []
    with pydb.Database(empty_url) as database:
        event.listen(
            database.engine,
            "before_cursor_execute",
            lambda conn, cursor, sql, values, context, many: names.append(
                context.execution_options.get("pydb_statement")
            ),
        )
        with database.begin() as conn:
            names.clear()
            q.every(conn)
            q.every(conn)
    assert names[:2] == ["q.every", "q.every"]


def test_the_log_tells_every_statement(conn: Connection, q: Any, caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG, each call is logged with name, rows and milliseconds, from any moment on, and never with a value."""
    q.by_name(conn, name="secret")
    q.by_name(conn, name="secret")
    with caplog.at_level(logging.DEBUG, "pydb"):
        q.by_name(conn, name="secret")
        q.by_name(conn, name="a")
        q.every(conn)
        q.resize(conn, name="b", by=1)
        q.forget(conn, name="secret")
        with pytest.raises(errors.NoRow):
            q.one_of(conn, size=987654321)
    q.by_name(conn, name="a")
    told = [(each.pydb_statement, each.pydb_rows) for each in caplog.records]  # type: ignore[attr-defined]
    assert told == [
        *[("q.by_name", 0), ("q.by_name", 1), ("q.every", 3), ("q.resize", 1)],
        *[("q.forget", None), ("q.one_of", None)],
    ]
    assert all(each.pydb_milliseconds > 0 for each in caplog.records)  # type: ignore[attr-defined]
    text = caplog.text
    assert "q.every: 3 rows in " in text
    assert "q.one_of: failed with NoRow in " in text
    assert "secret" not in text
    assert "987654321" not in text


def endings(conn: Connection) -> dict[str, Callable[[], Any]]:
    """Actions of an application on a connection before it calls a statement."""

    def closed_savepoint() -> Any:
        savepoint = conn.begin_nested()
        savepoint.__enter__()
        savepoint.rollback()
        return savepoint

    return {"closed": conn.close, "invalidated": conn.invalidate, "savepoint": closed_savepoint}


@pytest.mark.parametrize("what", ["closed", "invalidated", "savepoint"])
def test_the_same_refusal_where_nothing_can_be_sent(database: pydb.Database, q: Any, what: str) -> None:
    """A closed or invalidated connection, or one in an ended savepoint, is refused as Core refuses it."""
    with database.connect() as conn:
        for _ in range(2):
            q.every(conn)
        made = endings(conn)[what]()
        with pytest.raises(exc.SQLAlchemyError) as cores:
            conn.exec_driver_sql("SELECT 1")
        with pytest.raises(type(cores.value)):
            q.every(conn)
        if made is not None:
            with suppress(exc.SQLAlchemyError):
                made.__exit__(None, None, None)


def test_transactions_begin_and_end_alike(database: pydb.Database, q: Any) -> None:
    """A statement begins a transaction by itself, a rollback undoes it, and a savepoint undoes only its own part."""
    with database.connect() as conn:
        for _ in range(3):
            assert not conn.in_transaction()
            q.create(conn, name="a", size=1)
            assert conn.in_transaction()
            with conn.begin_nested() as savepoint:
                q.create(conn, name="b", size=1)
                savepoint.rollback()
            assert [thing.name for thing in q.every(conn)] == ["a"]
            conn.rollback()
            assert q.every(conn) == []
            conn.rollback()


@pytest.mark.engines("postgresql", "mariadb")
def test_two_phase_transactions(database: pydb.Database, q: Any) -> None:
    """Statements in a two-phase transaction are committed or rolled back with it, prepared or not."""
    with database.connect() as conn:
        for name, end in (("a", "rollback"), ("b", "rollback"), ("c", "commit")):
            transaction = conn.begin_twophase()
            q.create(conn, name=name, size=1)
            assert q.by_name(conn, name=name).size == 1
            if name != "a":
                transaction.prepare()
            getattr(transaction, end)()
        assert [thing.name for thing in q.every(conn)] == ["c"]


def test_two_databases_in_turns(empty_url: str, q: Any) -> None:
    """A statement on two engines at the same time returns the rows of each, with a generated function for each."""
    functions = set()
    with pydb.Database(empty_url) as first, pydb.Database("sqlite://") as second:
        with second.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE things (id integer PRIMARY KEY, name text, size integer)")
        with first.connect() as here, second.connect() as there:
            q.create(here, name="here", size=1)
            q.create(there, name="there", size=1)
            for _ in range(3):
                assert [thing.name for thing in q.every(here)] == ["here"]
                functions.add(q.every.__call__)
                assert [thing.name for thing in q.every(there)] == ["there"]
                functions.add(q.every.__call__)
            here.rollback()
            there.rollback()
    assert sum(function.__code__.co_filename == SOURCE for function in functions) == 2


def test_plain_engines_and_their_options(empty_url: str, q: Any) -> None:
    """An application's own engine, and an engine derived from it with options and a listener, are supported."""
    listened: list[str] = []
    engine = create_engine(empty_url)
    derived = engine.execution_options(isolation_level="SERIALIZABLE")
    event.listen(derived, "before_cursor_execute", lambda _conn, _cursor, sql, *_: listened.append(sql))
    with engine.connect() as conn:
        for _ in range(3):
            q.every(conn)
    assert is_generated(q.every)
    with derived.connect() as conn:
        for _ in range(3):
            q.every(conn)
    assert sent(listened, "every") == 3
    engine.dispose()


@pytest.mark.engines("sqlite")
def test_a_statement_does_not_keep_engines_alive(load: Load) -> None:
    """The data that a statement has cached about an engine is freed with the engine."""
    queries = load("-- name: one :one scalar\nSELECT 1;\n")
    made = []
    for _ in range(3):
        with pydb.Database("sqlite://") as database, database.connect() as conn:
            assert [queries.one(conn) for _ in range(3)] == [1, 1, 1]
        made.append((weakref.ref(database.engine), weakref.ref(database.engine.dialect)))
        del database, conn
    gc.collect()
    assert [reference() for pair in made for reference in pair] == [None] * 6


@pytest.mark.engines("sqlite")
def test_sqlalchemy_has_the_parts_that_are_relied_upon(load: Load) -> None:
    """If this fails, SQLAlchemy has changed what core_internals uses, and the driver path is not used any more."""
    assert core_internals.AVAILABLE
    queries = load("-- name: one :one scalar\nSELECT 1;\n")
    with pydb.Database("sqlite://") as database, database.connect() as conn:
        probe = core_internals.probe_for(database.engine)
        assert "quick" in probe.__qualname__, "no listeners to look at were found"
        for _ in range(3):
            queries.one(conn)
        assert is_generated(queries.one)
        own = vars(conn)
        assert own["_transaction"] is conn.get_transaction()
        assert own["_nested_transaction"] is conn.get_nested_transaction()
        assert own["_dbapi_connection"] is conn.connection
        assert own["_trans_context_manager"] is None
        assert own["_echo"] is False
        assert core_internals.may_bypass_core(conn)
        with conn.begin_nested() as savepoint:
            assert own["_nested_transaction"] is savepoint
            assert own["_trans_context_manager"] is savepoint


@pytest.mark.engines("sqlite")
def test_without_them_every_statement_takes_the_core_path(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """If SQLAlchemy lacks these parts, ``Connection.execute`` returns the same rows."""
    monkeypatch.setattr(core_internals, "AVAILABLE", False)
    queries = load("-- name: one :one scalar\nSELECT 1;\n")
    with pydb.Database("sqlite://") as database, database.connect() as conn:
        executed: list[str] = []
        conn.connection.dbapi_connection.set_trace_callback(executed.append)  # type: ignore[union-attr]
        assert [queries.one(conn) for _ in range(3)] == [1, 1, 1]
        assert not core_internals.may_bypass_core(conn)
        assert sent(executed, "one") == 3
