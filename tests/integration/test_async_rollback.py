"""The database of ``pydb_async_db``: what a test does over ``AsyncDatabase`` is rolled back, on every engine."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import text

import pydb
from pydb.errors import DatabaseError, ForeignKeyViolation, NotIsolated, TransactionDoomed, UniqueViolation
from pydb.sample import aio
from pydb.testing import round_trips
from pydb.testing.async_rollback import AsyncIsolatedTests, AsyncRollbackDatabase, end_fresh, fresh
from pydb.testing.databases import DatabaseMaker
from pydb.testing.engines.sqlite_folder import SqliteFolder
from tests.harness.loops import run_in_loop

Work = Callable[[AsyncRollbackDatabase], Awaitable[None]]


@pytest.fixture
def one(request: pytest.FixtureRequest, engine_name: str, tmp_path: Any) -> Iterator[Any]:
    """The database of the next test, as a context manager."""
    if engine_name == "sqlite":
        from tests.conftest import SCHEMAS

        maker = DatabaseMaker(SqliteFolder(tmp_path), SCHEMAS["sqlite"])
    else:
        maker = request.getfixturevalue("_makers")(engine_name)
    with AsyncIsolatedTests(maker) as tests:
        yield tests.one


One = Callable[[], AbstractContextManager[AsyncRollbackDatabase]]


async def create(db: pydb.AsyncDatabase, name: str = "Moshe") -> None:
    async with db.begin() as conn:
        await aio.users.create(conn, username=name, email=f"{name}@example.com")


async def count(db: pydb.AsyncDatabase) -> int:
    async with db.read() as conn:
        return await aio.users.count_all(conn)


def in_test(one: One, work: Work) -> None:
    """Run the work as a test whose loop has ended when its transaction is ended."""
    with one() as db:
        run_in_loop(work(db))  # type: ignore[arg-type]


def test_each_test_begins_empty(one: One) -> None:
    """A block sees the commits of earlier blocks, a failed block leaves nothing, and the next test sees nothing."""

    async def work(db: AsyncRollbackDatabase) -> None:
        assert await count(db) == 0
        await create(db)
        with pytest.raises(UniqueViolation):
            await create(db)
        await create(db, "David")
        async with db.connect() as conn:
            assert await aio.users.count_all(conn) == 2
        await db.run(lambda conn: aio.users.create(conn, username="Leah", email="leah@example.com"))
        assert await db.run_read(aio.users.count_all) == 3

    for _ in range(2):
        in_test(one, work)


def test_a_loop_that_goes_on(one: One) -> None:
    """The same is true if a plugin keeps the event loop of the tests."""
    with asyncio.Runner() as runner:
        for _ in range(2):
            with one() as db:
                runner.run(create(db))
                assert runner.run(count(db)) == 1


def test_a_test_without_the_database(one: One) -> None:
    """A test that requests the database and does not use it needs no loop."""
    with one():
        pass


def test_errors_of_blocks(one: One) -> None:
    """Doomed blocks, read-only blocks and constraints behave as in production."""

    async def work(db: AsyncRollbackDatabase) -> None:
        await create(db)
        with pytest.raises(TransactionDoomed):
            async with db.begin() as conn:
                with pytest.raises(UniqueViolation):
                    await aio.users.create(conn, username="Moshe", email="m@example.com")
        with pytest.raises(ForeignKeyViolation):
            async with db.begin() as conn:
                await aio.blog_posts.create(conn, user_id=10**9, title="t", body="b")
        with pytest.raises(DatabaseError):
            async with db.read() as conn:
                await aio.users.create(conn, username="David", email="d@example.com")
        assert await count(db) == 1

    in_test(one, work)


def test_what_is_refused(one: One) -> None:
    """A block in a block, another isolation level, once= and COMMIT are refused, and the error has the place."""

    async def work(db: AsyncRollbackDatabase) -> None:
        async with db.begin():
            with pytest.raises(NotIsolated, match=r"read\(\) at .*back.py:\d+ is inside the block of begin\(\) at"):
                await count(db)
        with pytest.raises(NotIsolated, match="isolation="):
            async with db.begin("READ UNCOMMITTED"):
                pass
        with pytest.raises(NotIsolated, match="once="):
            await db.run(aio.users.count_all, once="key")
        with pytest.raises(NotIsolated, match="COMMIT would end the test's transaction"):
            async with db.begin() as conn:
                await conn.execute(text("COMMIT"))
        await create(db)

    in_test(one, work)


def test_tasks_take_turns(one: One) -> None:
    """Blocks of several tasks wait for each other, and none is lost."""

    async def work(db: AsyncRollbackDatabase) -> None:
        await asyncio.gather(*(create(db, f"user{number}") for number in range(10)))
        assert await count(db) == 10

    in_test(one, work)


def test_a_block_that_is_left_open(one: One) -> None:
    """A block that is left open fails the test with its place, and the next test gets another database."""

    async def work(db: AsyncRollbackDatabase) -> None:
        conn = await db.connect()
        await aio.users.create(conn, username="Moshe", email="moshe@example.com")

    with pytest.raises(NotIsolated, match=r"connect\(\) at .*:\d+ is still open at the test's end"), one() as db:
        asyncio.run(work(db))

    async def empty(db: AsyncRollbackDatabase) -> None:
        assert await count(db) == 0

    in_test(one, empty)


def test_round_trips_are_counted(one: One) -> None:
    """``round_trips`` counts the statements of asynchronous calls by name."""

    async def work(db: AsyncRollbackDatabase) -> None:
        with round_trips(2) as sent:
            await create(db)
            assert await count(db) == 1
        assert sent.statements == ["users.create", "users.count_all"]

    in_test(one, work)


def test_a_fresh_database(sample_url: str) -> None:
    """The connections of a database end after the test, although its loop has ended."""
    database = fresh(sample_url)

    async def work() -> None:
        await asyncio.gather(create(database), create(database, "David"))
        assert await count(database) == 2

    run_in_loop(work())
    end_fresh(database)


@pytest.mark.parametrize("steps", [0, 1, 3, 10, 30])
def test_a_block_that_is_cancelled_while_it_begins(one: One, steps: int) -> None:
    """If a test's first block is cancelled while it connects, later ones have a connection, and are rolled back."""

    async def first(db: AsyncRollbackDatabase) -> None:
        async with db.begin():
            await asyncio.Event().wait()

    async def work(db: AsyncRollbackDatabase) -> None:
        task = asyncio.create_task(first(db))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await count(db) == 0
        await create(db)
        assert await count(db) == 1

    for _ in range(2):
        in_test(one, work)
