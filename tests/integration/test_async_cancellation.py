"""A task of ``AsyncDatabase`` that is cancelled at any await leaves no transaction, connection or turn behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from pydb import AsyncDatabase
from pydb.errors import Busy, PoolTimeout
from tests.harness.loops import run_in_loop
from tests.harness.waiting import ALARM

Work = Callable[[AsyncDatabase], Awaitable[Any]]
Run = Callable[..., Any]
TASKS = 20


@pytest.fixture
def run(empty_url: str, engine_name: str) -> Run:
    """Run ``work(db)`` in a new event loop, on a database with one counter: ``run(work, **options)``."""
    url = make_url(empty_url).set(drivername=engine_name)

    def run(work: Work, **options: Any) -> Any:
        async def main() -> Any:
            async with AsyncDatabase(url, **options) as db:
                async with db.begin() as conn:
                    await conn.execute(text("CREATE TABLE counters (id integer PRIMARY KEY, n integer)"))
                    await conn.execute(text("INSERT INTO counters (id, n) VALUES (1, 0)"))
                return await work(db)

        return run_in_loop(main())

    return run


async def add(conn: AsyncConnection) -> None:
    """Add one to the counter."""
    await conn.execute(text("UPDATE counters SET n = n + 1 WHERE id = 1"))


async def count(db: AsyncDatabase) -> int:
    async with db.read() as conn:
        return int((await conn.execute(text("SELECT n FROM counters"))).scalar_one())


async def in_begin(db: AsyncDatabase) -> None:
    async with db.begin() as conn:
        await add(conn)


async def in_read(db: AsyncDatabase) -> None:
    await count(db)


async def in_run(db: AsyncDatabase) -> None:
    await db.run(add)


async def in_savepoint(db: AsyncDatabase) -> None:
    async with db.begin() as conn, conn.begin_nested():
        await add(conn)


async def in_connect(db: AsyncDatabase) -> None:
    async with db.connect() as conn:
        await add(conn)
        await conn.commit()


async def cancel_after(steps: int, work: Coroutine[Any, Any, None]) -> bool:
    """Cancel the work after this number of loop steps in which it waits; return whether it had ended before."""
    task = asyncio.ensure_future(work)
    for _ in range(steps):
        await asyncio.sleep(0)
        if task.done():
            await task
            return True
        await asyncio.sleep(0.0002)  # answers come from outside the loop
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return False
    return True


@pytest.mark.parametrize("work", [in_begin, in_read, in_run, in_savepoint, in_connect])
def test_at_every_await(run: Run, work: Callable[[AsyncDatabase], Coroutine[Any, Any, None]]) -> None:
    """If a block is cancelled after any number of steps, it is done completely or not at all, and the pool is full."""

    async def main(db: AsyncDatabase) -> None:
        pool: Any = db.engine.sync_engine.pool
        ended, steps = 0, 0
        while ended < 3:
            before = await count(db)
            ended = ended + 1 if await cancel_after(steps, work(db)) else 0
            assert pool.checkedout() == 0
            assert await count(db) in (before, before + 1)
            # If a lock were still held, this would raise Busy.
            await in_begin(db)
            steps += 1

    run(main, pool_size=2, max_overflow=0, lock_timeout=ALARM, pool_timeout=ALARM)


def test_at_every_await_of_a_first_connection(run: Run) -> None:
    """The same is true while the pool is empty and connections are made."""

    async def main(db: AsyncDatabase) -> None:
        pool: Any = db.engine.sync_engine.pool
        steps, ended = 0, False
        while not ended:
            await db.close()
            ended = await cancel_after(steps, in_begin(db))
            assert pool.checkedout() == 0
            steps += 3

    run(main, pool_size=1, max_overflow=0, pool_timeout=ALARM)


def test_waiting_for_a_connection(run: Run) -> None:
    """A task that is cancelled while it waits for a connection takes none."""

    async def main(db: AsyncDatabase) -> None:
        pool: Any = db.engine.sync_engine.pool
        async with db.begin():
            waiting = [asyncio.ensure_future(in_read(db)) for _ in range(5)]
            while len(pool._waiting) < 5:
                await asyncio.sleep(0)
            for task in waiting:
                task.cancel()
            assert [type(end) for end in await asyncio.gather(*waiting, return_exceptions=True)] == [
                asyncio.CancelledError
            ] * 5
        await in_read(db)

    run(main, pool_size=1, max_overflow=0, pool_timeout=ALARM)


def test_no_connection_in_time(run: Run) -> None:
    """A task that waits too long for a connection gets PoolTimeout, and the next task gets a connection."""

    async def main(db: AsyncDatabase) -> None:
        async with db.begin():
            with pytest.raises(PoolTimeout):
                await in_read(db)
        await in_read(db)

    run(main, pool_size=1, max_overflow=0, pool_timeout=0.05)


@pytest.mark.engines("sqlite")
def test_waiting_for_the_turn(run: Run) -> None:
    """A task that is cancelled while it waits to write gives up its place in the queue."""

    async def main(db: AsyncDatabase) -> None:
        queue = db.engine.sync_engine.get_execution_options()["pydb_write_queue"]
        async with db.begin():
            waiting = [asyncio.ensure_future(in_begin(db)) for _ in range(5)]
            while len(queue._line) < 5:
                await asyncio.sleep(0)
            for task in waiting:
                task.cancel()
            ends = await asyncio.gather(*waiting, return_exceptions=True)
            assert {type(end) for end in ends} == {asyncio.CancelledError}
        await asyncio.gather(*(in_begin(db) for _ in range(5)))
        assert await count(db) == 5

    run(main, lock_timeout=ALARM)


@pytest.mark.engines("sqlite")
def test_no_turn_in_time(run: Run) -> None:
    """A task that waits too long to write gets Busy."""

    async def main(db: AsyncDatabase) -> None:
        async with db.begin():
            with pytest.raises(Busy):
                await in_begin(db)

    run(main, lock_timeout=0.05)


@pytest.mark.engines("postgresql", "mariadb")
def test_waiting_for_a_lock(run: Run) -> None:
    """A task that is cancelled while it waits for another transaction's lock stops waiting on the server too."""

    async def main(db: AsyncDatabase) -> None:
        async with db.begin() as conn:
            await add(conn)
            waiting = [asyncio.ensure_future(in_begin(db)) for _ in range(3)]
            await asyncio.sleep(0.1)
            for task in waiting:
                task.cancel()
            ends = await asyncio.gather(*waiting, return_exceptions=True)
            assert {type(end) for end in ends} == {asyncio.CancelledError}
        assert await count(db) == 1

    run(main, lock_timeout=ALARM)


def test_a_failing_group(run: Run) -> None:
    """If one task of a group fails, the others are rolled back."""

    async def main(db: AsyncDatabase) -> None:
        async def hold(entered: asyncio.Event) -> None:
            async with db.begin() as conn:
                await add(conn)
                entered.set()
                await asyncio.Event().wait()

        with pytest.raises(ExceptionGroup) as failed:
            async with asyncio.TaskGroup() as group:
                entered = asyncio.Event()
                group.create_task(hold(entered))
                await entered.wait()
                raise ZeroDivisionError
        assert [type(error) for error in failed.value.exceptions] == [ZeroDivisionError]
        assert await count(db) == 0

    run(main)


def test_a_commit_is_waited_for(run: Run) -> None:
    """A task that is cancelled during its COMMIT has committed when it ends."""

    async def main(db: AsyncDatabase) -> None:
        task: asyncio.Future[None] = asyncio.ensure_future(in_begin(db))
        event.listen(db.engine.sync_engine, "commit", lambda _conn: task.cancel())
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await count(db) == 1

    run(main)


@pytest.mark.deep
@pytest.mark.engines("sqlite")
def test_the_loop_is_not_stalled(run: Run) -> None:
    """While twenty tasks write to one file, no step of the loop takes 50 milliseconds of its thread's time.

    A busy machine may stop the thread at any moment, so its CPU time is measured.  The next test proves that the thread
    does not wait.
    """

    async def main(db: AsyncDatabase) -> None:
        longest = 0.0
        loop = asyncio.get_running_loop()
        selector: Any = loop._selector  # type: ignore[attr-defined]
        select = selector.select
        begun = [time.thread_time()]

        def measured(timeout: float | None = None) -> Any:
            nonlocal longest
            longest = max(longest, time.thread_time() - begun[0])
            events = select(timeout)
            begun[0] = time.thread_time()
            return events

        selector.select = measured
        await asyncio.gather(*(in_begin(db) for _ in range(TASKS) for _ in range(10)))
        selector.select = select
        assert longest < 0.05
        assert await count(db) == TASKS * 10

    run(main)


@pytest.mark.engines("sqlite")
def test_nothing_of_the_loop_waits(run: Run) -> None:
    """While another connection locks the file, and tasks wait to write, the loop's thread runs other tasks."""

    async def main(db: AsyncDatabase) -> None:
        async with db.begin() as conn:
            await add(conn)
            waiting = [asyncio.ensure_future(in_begin(db)) for _ in range(TASKS)]
            # A task that waited in the loop's thread would wait for this task, and raise Busy in the end.
            for _ in range(200):
                await asyncio.sleep(0)
            assert not any(task.done() for task in waiting)
        await asyncio.gather(*waiting)
        assert await count(db) == TASKS + 1

    run(main)
