"""`await statement.aio(conn, …)` has the results of a direct call, natively and by Core, on every engine."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tracemalloc
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, exc, text
from sqlalchemy.ext.asyncio import AsyncConnection

import pydb
from pydb import errors
from pydb.execution.call_log import observe
from pydb.execution.stream import STREAM_ROWS
from pydb.values.row_builder import SOURCE
from tests.harness.async_databases import async_database
from tests.harness.runtime import Load, ddl, take_core_path

TABLES = """
CREATE TABLE things (id <key>, name <string> NOT NULL, size integer NULL, CONSTRAINT name_key UNIQUE (name));
CREATE TABLE parts (id <key>, thing_id bigint NOT NULL, label <string> NOT NULL);
"""
SQL = """
-- name: create :one Thing
INSERT INTO things (name, size) VALUES (:name, :size) RETURNING id, name, size;

-- name: by_name :maybe Thing
SELECT id, name, size FROM things WHERE name = :name;

-- name: one_of :one Thing
SELECT id, name, size FROM things WHERE size = :size;

-- name: every :many Thing
SELECT id, name, size FROM things ORDER BY id;

-- name: plain :many
SELECT id, name, size FROM things ORDER BY id;

-- name: names :many scalar
SELECT name FROM things WHERE name IN (:names) AND size > :least ORDER BY name;

-- name: stream :stream Thing
SELECT id, name, size FROM things ORDER BY id;

-- name: resize :affected
UPDATE things SET size = size + :by WHERE name = :name;

-- name: resize_one :one Thing
UPDATE things SET size = size + :by RETURNING id, name, size;

-- name: resize_with :affected
WITH found AS (SELECT 1 AS one) UPDATE things SET size = size + :by WHERE name = :name;

-- name: forget :exec
DELETE FROM things WHERE name = :name;

-- name: insert_many :batch
INSERT INTO things (name, size) VALUES (:name, :size);

-- name: create_many :batch Thing
INSERT INTO things (name, size) VALUES (:name, :size) RETURNING id, name, size;

-- name: twice :one scalar
SELECT CAST(:n AS decimal(9)) + CAST(:n AS decimal(9)) AS n;

-- name: search :many Thing
-- @param descending bool
SELECT id, name, size FROM things
WHERE
    TRUE
    AND size = :size -- if :size
    AND name = :name -- if :name
ORDER BY
    id -- if not :descending
    -- id DESC -- if :descending
;

-- name: search_stream :stream Thing
SELECT id, name, size FROM things
WHERE
    TRUE
    AND size = :size -- if :size
ORDER BY id;

-- name: add_part :exec
INSERT INTO parts (thing_id, label) VALUES (:thing_id, :label);

-- name: whole :maybe Whole
-- @group parts Part
SELECT t.id, t.name, p.id AS parts__id, p.label AS parts__label
FROM things AS t
LEFT JOIN parts AS p ON t.id = p.thing_id
WHERE t.name = :name
ORDER BY t.id, p.id;

-- name: wholes :many Whole
-- @group parts Part
SELECT t.id, t.name, p.id AS parts__id, p.label AS parts__label
FROM things AS t
LEFT JOIN parts AS p ON t.id = p.thing_id
ORDER BY t.id, p.id;

-- name: unfit :one Unfit
SELECT name AS size FROM things WHERE name = 'a';

-- name: unfit_stream :stream Unfit
SELECT name AS size FROM things;
"""
ON_SERVERS = ("postgresql", "mariadb")
Work = Callable[[AsyncConnection], Awaitable[Any]]
Run = Callable[[Work], Any]


@dataclass(frozen=True, slots=True)
class Thing:
    id: int
    name: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Part:
    id: int
    label: str


@dataclass(frozen=True, slots=True)
class Whole:
    id: int
    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Unfit:
    size: Decimal


@pytest.fixture(params=["native", pytest.param("core", marks=pytest.mark.deep)])
def way(request: pytest.FixtureRequest) -> str:
    """The way of the calls: on the driver's own connection, or by Core because there is a listener."""
    return str(request.param)


@pytest.fixture
def q(empty_url: str, engine_name: str, tmp_path: Path, load: Load) -> Any:
    """The statements, and their tables in the database of ``empty_url``, with the things a, b and c."""
    script = tmp_path / "tables.sql"
    script.write_text(ddl(TABLES, engine_name))
    queries = load(SQL, Thing, Part, Whole, Unfit)
    with pydb.Database(empty_url) as database:
        database.apply(script)
        with database.begin() as conn:
            for name, size in (("a", 1), ("b", 2), ("c", 2)):
                queries.create(conn, name=name, size=size)
    return queries


@pytest.fixture
def with_database(engine_name: str, empty_url: str) -> Callable[..., Any]:
    """Run a coroutine function with an ``AsyncDatabase``."""

    def run(work: Callable[[pydb.AsyncDatabase], Awaitable[Any]], way: str = "native") -> Any:
        async def main() -> Any:
            async with async_database(engine_name, empty_url) as db:
                if way == "core":
                    take_core_path(db.engine.sync_engine)
                return await work(db)

        return asyncio.run(main())

    return run


@pytest.fixture
def run(with_database: Callable[..., Any], way: str, q: Any) -> Run:
    """Run a coroutine function with a connection in a transaction that is rolled back."""

    def run(work: Work) -> Any:
        async def main(db: pydb.AsyncDatabase) -> Any:
            async with db.connect() as conn:
                await conn.begin()
                return await work(conn)

        return with_database(main, way)

    return run


def is_native(statement: Any) -> bool:
    """Whether the next asynchronous call begins with the statement's generated function."""
    return bool(statement.aio.__call__.__code__.co_filename == SOURCE)


def test_every_row_word(run: Run, q: Any, way: str) -> None:
    """Each row word returns over an AsyncConnection, at the first and later calls, the result of a Connection."""

    async def work(conn: AsyncConnection) -> None:
        for number in range(3):
            assert (await q.by_name.aio(conn, name="a")).size == 1
            assert await q.by_name.aio(conn, name="nobody") is None
            assert [thing.name for thing in await q.every.aio(conn)] == ["a", "b", "c"]
            assert [row.name for row in await q.plain.aio(conn)] == ["a", "b", "c"]
            assert await q.names.aio(conn, names=["a", "b", "c"], least=1) == ["b", "c"]
            assert await q.names.aio(conn, names=["c"], least=0) == ["c"]
            assert await q.names.aio(conn, names=[], least=0) == []
            assert [thing.name async for thing in q.stream.aio(conn)] == ["a", "b", "c"]
            assert await q.resize.aio(conn, name="b", by=1) == 1
            assert await q.resize.aio(conn, name="b", by=-1) == 1
            assert await q.resize.aio(conn, name="nobody", by=1) == 0
            assert await q.forget.aio(conn, name="nobody") is None
            assert await q.twice.aio(conn, n=21) == 42
            sets = [{"name": f"{number}{letter}", "size": None} for letter in "xyz"]
            assert await q.insert_many.aio(conn, sets) == 3
            for each in sets:
                await q.forget.aio(conn, name=each["name"])
            assert [thing.name for thing in await q.create_many.aio(conn, sets)] == [each["name"] for each in sets]
            for each in sets:
                await q.forget.aio(conn, name=each["name"])
            assert (await q.create.aio(conn, name=f"n{number}", size=3)).size == 3
            await q.forget.aio(conn, name=f"n{number}")
            assert (await q.one_of.aio(conn, size=1)).name == "a"

    run(work)
    for name in ("by_name", "every", "names", "resize", "forget", "create", "one_of"):
        assert is_native(getattr(q, name))  # with a listener, the first call checks each time and goes by Core
    for name in ("plain", "stream", "insert_many", "create_many"):
        assert not is_native(getattr(q, name))


@pytest.mark.engines("sqlite", "postgresql")
def test_rows_changed_behind_with(run: Run, q: Any) -> None:
    """The rows that an UPDATE after WITH changes are counted, even if the driver does not count them."""

    async def work(conn: AsyncConnection) -> None:
        for by in (1, -1, 0):
            assert await q.resize_with.aio(conn, name="b", by=by) == 1

    run(work)


def test_optional_lines(run: Run, q: Any) -> None:
    """A statement with optional lines finds the variant of each call, and streams too."""

    async def work(conn: AsyncConnection) -> None:
        for _ in range(3):
            assert [thing.name for thing in await q.search.aio(conn)] == ["a", "b", "c"]
            assert [thing.name for thing in await q.search.aio(conn, size=2)] == ["b", "c"]
            assert [thing.name for thing in await q.search.aio(conn, size=2, descending=True)] == ["c", "b"]
            assert [thing.name for thing in await q.search.aio(conn, size=2, name="b")] == ["b"]
            assert [thing.name async for thing in q.search_stream.aio(conn)] == ["a", "b", "c"]
            assert [thing.name async for thing in q.search_stream.aio(conn, size=2)] == ["b", "c"]
        with pytest.raises(errors.ParameterError, match="unknown nosuch"):
            await q.search.aio(conn, nosuch=1)

    run(work)
    assert is_native(q.search)


def test_nested_rows(run: Run, q: Any) -> None:
    """Rows of several levels are joined to one root each."""

    async def work(conn: AsyncConnection) -> None:
        thing = await q.by_name.aio(conn, name="b")
        for label in ("left", "right"):
            await q.add_part.aio(conn, thing_id=thing.id, label=label)
        for _ in range(3):
            whole = await q.whole.aio(conn, name="b")
            assert [part.label for part in whole.parts] == ["left", "right"]
            assert await q.whole.aio(conn, name="nobody") is None
            assert [len(each.parts) for each in await q.wholes.aio(conn)] == [0, 2, 0]

    run(work)
    assert is_native(q.whole)


def same_failure(q: Any, empty_url: str, run: Run, statement: str, **parameters: Any) -> Exception:
    """The error of an asynchronous call is that of a synchronous one, at the first and later calls."""
    with pydb.Database(empty_url) as database, database.connect() as conn, pytest.raises(errors.PydbError) as direct:
        getattr(q, statement)(conn, **parameters)

    async def work(conn: AsyncConnection) -> Exception:
        await q.by_name.aio(conn, name="a")
        for _ in range(3):
            with pytest.raises(errors.PydbError) as found:
                async with conn.begin_nested():
                    await getattr(q, statement).aio(conn, **parameters)
        return found.value

    error: Exception = run(work)
    assert type(error) is type(direct.value)
    assert str(error) == str(direct.value)
    assert error.__context__ is None
    return error


@pytest.mark.parametrize(
    ("statement", "parameters", "kind"),
    [
        ("create", {"name": "a", "size": 1}, errors.UniqueViolation),
        ("create", {"name": None, "size": 1}, errors.NotNullViolation),
        ("one_of", {"size": 77}, errors.NoRow),
        ("one_of", {"size": 2}, errors.TooManyRows),
        ("unfit", {}, errors.RecordError),
        ("by_name", {"nome": "a"}, errors.ParameterError),
        ("by_name", {}, errors.ParameterError),
        ("create", {"name": "d", "size": 2**70}, errors.ParameterError),
        ("create", {"name": "d", "size": object()}, errors.ParameterError),
        ("search", {"descending": 1}, errors.ParameterError),
    ],
)
def test_errors_are_the_same(
    q: Any, empty_url: str, run: Run, statement: str, parameters: dict[str, Any], kind: type[Exception]
) -> None:
    """An asynchronous call raises the same class and the same message as a direct call."""
    error = same_failure(q, empty_url, run, statement, **parameters)
    assert isinstance(error, kind)
    if isinstance(error, errors.UniqueViolation):
        assert (error.table, error.columns) == ("things", ("name",))


def test_what_is_no_connection_is_refused(q: Any, run: Run, empty_url: str) -> None:
    """A call without a started AsyncConnection raises an error that names the expected argument."""

    async def work(conn: AsyncConnection) -> None:
        for given in (None, conn.sync_connection, object()):
            for _ in range(2):
                with pytest.raises(errors.ParameterError, match="takes a SQLAlchemy AsyncConnection first"):
                    await q.by_name.aio(given, name="a")
                with pytest.raises(errors.ParameterError, match="takes a SQLAlchemy AsyncConnection first"):
                    await q.search.aio(given, name="a")
            await q.by_name.aio(conn, name="a")
            await q.search.aio(conn, name="a")
        with pytest.raises(errors.ParameterError, match="not started"):
            await q.by_name.aio(AsyncConnection(conn.engine), name="a")
        with pytest.raises(
            errors.ParameterError, match=r"takes a SQLAlchemy Connection first.*hint: await .*\.aio\(conn"
        ):
            q.by_name(conn, name="a")

    run(work)


def test_who_listens_hears(with_database: Callable[..., Any], q: Any, caplog: pytest.LogCaptureFixture) -> None:
    """After a native call, a new listener for cursor events, and the log, get every call."""

    async def work(db: pydb.AsyncDatabase) -> None:
        heard: list[str] = []

        def listen(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            heard.append(statement)

        async with db.begin() as conn:
            for _ in range(3):
                await q.by_name.aio(conn, name="a")
            assert is_native(q.by_name)
            event.listen(db.engine.sync_engine, "before_cursor_execute", listen)
            await q.by_name.aio(conn, name="a")
            assert [statement.partition("*/")[0] for statement in heard] == ["/* q.by_name "]
            event.remove(db.engine.sync_engine, "before_cursor_execute", listen)
            await q.by_name.aio(conn, name="a")
            assert len(heard) == 1
            with caplog.at_level(logging.DEBUG, "pydb"):
                await q.by_name.aio(conn, name="a")
            assert [record.pydb_rows for record in caplog.records if record.name == "pydb"] == [1]  # type: ignore[attr-defined]

    with_database(work)


def test_two_engines_take_turns(with_database: Callable[..., Any], q: Any, engine_name: str, empty_url: str) -> None:
    """A statement that is called on two asynchronous engines, and directly, returns the rows of each."""

    async def work(db: pydb.AsyncDatabase) -> None:
        with pydb.Database(empty_url) as database:
            async with async_database(engine_name, empty_url) as other:
                for _ in range(3):
                    for each in (db, other):
                        async with each.begin() as conn:
                            assert (await q.by_name.aio(conn, name="a")).size == 1
                            assert [thing.name for thing in await q.search.aio(conn, size=2)] == ["b", "c"]
                            assert await conn.run_sync(q.names, names=["b"], least=0) == ["b"]
                    with database.read() as direct:
                        assert q.by_name(direct, name="a").size == 1

    with_database(work)


def test_tasks_share_a_connection_one_after_the_other(run: Run, q: Any) -> None:
    """Statements of several tasks on one connection are sent one after the other, and each returns its own rows."""

    async def work(conn: AsyncConnection) -> None:
        async def look(name: str, size: int) -> None:
            for _ in range(20):
                assert (await q.by_name.aio(conn, name=name)).size == size
                assert len(await q.every.aio(conn)) == 3
                assert await q.resize.aio(conn, name=name, by=0) in (0, 1)

        await look("a", 1)
        await asyncio.gather(*(look(name, size) for name, size in [("a", 1), ("b", 2), ("c", 2)] * 3))

    run(work)


def test_outside_of_a_transaction(with_database: Callable[..., Any], q: Any) -> None:
    """A call begins a transaction if there is none; a call over a closed connection raises Core's error."""

    async def work(db: pydb.AsyncDatabase) -> None:
        async with db.connect() as conn:
            for _ in range(3):
                assert not conn.in_transaction()
                await q.resize.aio(conn, name="a", by=10)
                assert conn.in_transaction()
                await conn.rollback()
            assert (await q.by_name.aio(conn, name="a")).size == 1
        with pytest.raises(exc.ResourceClosedError):
            await q.by_name.aio(conn, name="a")

    with_database(work)


SLOW = {
    "sqlite": "SELECT (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n) "
    "SELECT max(i) FROM n) AS c",
    "postgresql": "SELECT 1 AS c FROM pg_sleep(CAST(:n AS double precision))",
    "mariadb": "SELECT SLEEP(:n) AS c",
}


def test_a_cancelled_call_leaves_nothing_behind(
    with_database: Callable[..., Any], q: Any, engine_name: str, load: Load, way: str
) -> None:
    """Cancelling a call ends it and rolls it back; its session is ended, and the pool returns a connection."""
    slow = load(f"-- name: slow :many scalar\n{SLOW[engine_name]};\n").slow

    async def work(db: pydb.AsyncDatabase) -> None:
        sent = asyncio.Event()

        async def change_and_wait() -> None:
            async with db.begin() as conn:
                await q.resize.aio(conn, name="a", by=10)
                for _ in range(2):  # the first call learns the columns
                    await slow.aio(conn, n=0)
                assert is_native(slow)
                asyncio.get_running_loop().call_later(0.2, sent.set)
                await slow.aio(conn, n=2_000_000_000 if engine_name == "sqlite" else 600)

        task = asyncio.create_task(change_and_wait())
        await asyncio.wait({task, asyncio.create_task(sent.wait())}, return_when=asyncio.FIRST_COMPLETED)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 20)
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        async with db.begin() as conn:
            assert (await q.by_name.aio(conn, name="a")).size == 1
            assert await q.resize.aio(conn, name="a", by=1) == 1

    with_database(work, way)


def test_a_failed_call_dooms_its_block(with_database: Callable[..., Any], q: Any, way: str) -> None:
    """A block whose failed call was caught cannot commit; with a savepoint around the call it can."""

    async def work(db: pydb.AsyncDatabase) -> None:
        for _ in range(3):
            with pytest.raises(errors.TransactionDoomed) as doomed:
                async with db.begin() as conn:
                    await q.resize.aio(conn, name="a", by=10)
                    with pytest.raises(errors.UniqueViolation):
                        await q.create.aio(conn, name="a", size=1)
            assert doomed.value.statement_name == "q.create"
            async with db.begin() as conn:
                with pytest.raises(errors.UniqueViolation):
                    async with conn.begin_nested():
                        await q.create.aio(conn, name="a", size=1)
                await q.resize.aio(conn, name="a", by=1)
        async with db.read() as conn:
            assert [thing.size for thing in await q.every.aio(conn)] == [4, 2, 2]

    with_database(work, way)


@pytest.mark.engines("sqlite", "postgresql")
def test_rows_that_do_not_fit_doom_a_block(with_database: Callable[..., Any], q: Any, way: str) -> None:
    """A statement that changed more rows than its row word allows prevents the block from committing them."""

    async def work(db: pydb.AsyncDatabase) -> None:
        for _ in range(3):
            with pytest.raises(errors.TransactionDoomed):
                async with db.begin() as conn:
                    with pytest.raises(errors.TooManyRows):
                        await q.resize_one.aio(conn, by=10)
        async with db.read() as conn:
            assert [thing.size for thing in await q.every.aio(conn)] == [1, 2, 2]

    with_database(work, way)


def test_a_stream_that_is_left_early(run: Run, q: Any) -> None:
    """Leaving a stream closes it: the connection accepts other statements, and another stream, at once."""

    async def work(conn: AsyncConnection) -> None:
        sets = [{"name": f"n{number:06}", "size": 0} for number in range(3 * STREAM_ROWS)]
        await q.insert_many.aio(conn, sets)
        for _ in range(3):
            async for thing in q.stream.aio(conn):
                assert thing.name == "a"
                break
            assert (await q.by_name.aio(conn, name="b")).size == 2
            stream = q.stream.aio(conn)
            async with contextlib.aclosing(stream):
                assert [(await anext(stream)).name for _ in range(3)] == ["a", "b", "c"]
            assert (await q.by_name.aio(conn, name="b")).size == 2
        assert len([thing async for thing in q.stream.aio(conn)]) == 3 + len(sets)

    run(work)


def test_an_error_in_a_stream_comes_behind_its_rows(run: Run, q: Any) -> None:
    """A value that does not fit ends a stream with the same error as a direct call."""

    async def work(conn: AsyncConnection) -> None:
        with pytest.raises(errors.RecordError, match=r"q\.unfit_stream: "):
            async for _ in q.unfit_stream.aio(conn):
                pass

    run(work)


def test_statements_inside_a_stream(run: Run, q: Any) -> None:
    """Other statements may be sent while a stream is read, and the stream continues after them."""

    async def work(conn: AsyncConnection) -> None:
        sets = [{"name": f"n{number:06}", "size": 0} for number in range(2 * STREAM_ROWS)]
        await q.insert_many.aio(conn, sets)
        names = []
        async for thing in q.stream.aio(conn):
            names.append(thing.name)
            if len(names) % 500 == 1:
                assert (await q.by_name.aio(conn, name=thing.name)).name == thing.name
        assert len(names) == 3 + len(sets)

    run(work)


def test_a_stream_that_is_left_with_its_block(with_database: Callable[..., Any], q: Any, way: str) -> None:
    """A block that ends during a stream commits, and its connection serves the next block."""

    async def work(db: pydb.AsyncDatabase) -> None:
        async with db.begin() as conn:
            await q.insert_many.aio(conn, [{"name": f"n{number:06}", "size": 0} for number in range(3 * STREAM_ROWS)])
        for _ in range(3):
            async with db.begin() as conn:
                await q.resize.aio(conn, name="a", by=1)
                async for thing in q.stream.aio(conn):
                    assert thing.name == "a"
                    break
            async with db.begin() as conn:
                stream = q.stream.aio(conn)
                assert (await anext(stream)).name == "a"
            # Continuing the stream without its connection is an error; closing it is not.
            async with db.begin() as conn:
                assert (await q.by_name.aio(conn, name="b")).size == 2
                await stream.aclose()
                assert (await q.by_name.aio(conn, name="b")).size == 2
        async with db.read() as conn:
            assert (await q.by_name.aio(conn, name="a")).size == 4

    with_database(work, way)


def test_the_rest_of_a_stream_that_is_left_is_not_kept(
    with_database: Callable[..., Any], q: Any, engine_name: str
) -> None:
    """A block that ends directly after an abandoned stream holds only a part of its rows in memory."""

    async def work(db: pydb.AsyncDatabase) -> int:
        async with db.begin() as conn:
            sets = [{"name": f"{number:06}{'x' * 150}", "size": 0} for number in range(20 * STREAM_ROWS)]
            await q.insert_many.aio(conn, sets)
            del sets
        async with db.begin() as conn:
            tracemalloc.start()
            try:
                async for _ in q.stream.aio(conn):
                    break
                await conn.commit()
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    assert with_database(work) < 2_000_000  # all rows are 8 MB


def test_a_cancelled_stream(with_database: Callable[..., Any], q: Any, way: str) -> None:
    """A task that is cancelled between the rows of a stream leaves a usable connection, or none."""

    async def work(db: pydb.AsyncDatabase) -> None:
        async with db.begin() as conn:
            await q.insert_many.aio(conn, [{"name": f"n{number:06}", "size": 0} for number in range(3 * STREAM_ROWS)])

        async def read(reading: asyncio.Event) -> None:
            async with db.begin() as conn:
                await q.resize.aio(conn, name="a", by=10)
                async for _ in q.stream.aio(conn):
                    reading.set()
                    await asyncio.sleep(0)

        for _ in range(3):
            reading = asyncio.Event()
            task = asyncio.create_task(read(reading))
            await reading.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
            async with db.begin() as conn:
                assert (await q.by_name.aio(conn, name="a")).size == 1

    with_database(work, way)


KILL = {
    "postgresql": ("SELECT pg_backend_pid()", "SELECT pg_terminate_backend({})"),
    "mariadb": ("SELECT connection_id()", "KILL {}"),
}


@pytest.mark.engines(*ON_SERVERS)
def test_a_lost_connection(with_database: Callable[..., Any], q: Any, engine_name: str, way: str) -> None:
    """A call on a connection that the server has ended raises Disconnected, and the pool returns another one."""

    async def work(db: pydb.AsyncDatabase) -> None:
        own, kill = KILL[engine_name]
        async with db.connect() as conn, db.connect() as other:
            for _ in range(3):
                await q.by_name.aio(conn, name="a")
            number = (await conn.execute(text(own))).scalar_one()
            await other.execute(text(kill.format(number)))
            with pytest.raises(errors.Disconnected, match=r"q\.by_name: "):
                await q.by_name.aio(conn, name="a")
            assert conn.invalidated
        async with db.begin() as conn:
            assert (await q.by_name.aio(conn, name="a")).size == 1

    with_database(work, way)


def test_a_slow_statement_is_stopped(engine_name: str, empty_url: str, load: Load, way: str) -> None:
    """A statement that exceeds statement_timeout raises an error, and its connection can still be used."""
    slow = load(f"-- name: slow :many scalar\n{SLOW[engine_name]};\n").slow

    async def main() -> None:
        async with async_database(engine_name, empty_url, statement_timeout=0.5) as db:
            if way == "core":
                take_core_path(db.engine.sync_engine)
            async with db.connect() as conn:
                for _ in range(2):
                    await slow.aio(conn, n=0)
                assert is_native(slow)
                with pytest.raises(errors.StatementTimeout, match=r"q\.slow: "):
                    await slow.aio(conn, n=2_000_000_000 if engine_name == "sqlite" else 600)
                await conn.rollback()
                assert len(await slow.aio(conn, n=0)) == 1

    asyncio.run(main())


def test_a_call_that_is_cancelled_twice(
    with_database: Callable[..., Any], q: Any, engine_name: str, load: Load
) -> None:
    """A second cancellation during the handling of the first one leaves no connection in use either."""
    slow = load(f"-- name: slow :many scalar\n{SLOW[engine_name]};\n").slow

    async def work(db: pydb.AsyncDatabase) -> None:
        sent = asyncio.Event()

        async def change_and_wait() -> None:
            async with db.begin() as conn:
                await q.resize.aio(conn, name="a", by=10)
                for _ in range(2):
                    await slow.aio(conn, n=0)
                asyncio.get_running_loop().call_later(0.2, sent.set)
                await slow.aio(conn, n=2_000_000_000 if engine_name == "sqlite" else 600)

        task = asyncio.create_task(change_and_wait())
        await asyncio.wait({task, asyncio.create_task(sent.wait())}, return_when=asyncio.FIRST_COMPLETED)
        for _ in range(5):
            task.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 20)
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        async with db.begin() as conn:
            assert (await q.by_name.aio(conn, name="a")).size == 1

    with_database(work)


def test_observers_hear_of_every_call(with_database: Callable[..., Any], load: Load, q: Any) -> None:
    """The coverage of statements in tests includes asynchronous calls, variants and streams."""
    heard: list[str] = []
    end = observe(lambda plan: heard.append(plan.definition.name))

    async def work(db: pydb.AsyncDatabase) -> None:
        async with db.begin() as conn:
            for _ in range(2):
                await q.by_name.aio(conn, name="a")
            await q.search.aio(conn, size=2)
            assert len([thing async for thing in q.stream.aio(conn)]) == 3
            with pytest.raises(errors.ParameterError):
                await q.by_name.aio(conn)

    try:
        with_database(work)
    finally:
        end()
    assert [name.partition("[")[0] for name in heard] == ["q.by_name", "q.by_name", "q.search", "q.stream"]
