"""``AsyncDatabase`` does for tasks of an event loop what ``Database`` does for threads, on every engine."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

import pydb
from pydb.errors import TransactionDoomed

Work = Callable[[pydb.AsyncDatabase], Awaitable[Any]]
Run = Callable[..., Any]


@pytest.fixture
def run(empty_url: str, engine_name: str) -> Run:
    """``run(work, **options)``: ``work(db)`` in an event loop of its own, on a database with the table ``counters``."""
    url = make_url(empty_url).set(drivername=engine_name)

    def run(work: Work, **options: Any) -> Any:
        async def main() -> Any:
            async with pydb.AsyncDatabase(url, **options) as db:
                async with db.begin() as conn:
                    await conn.execute(text("CREATE TABLE IF NOT EXISTS counters (id integer PRIMARY KEY, n integer)"))
                    await conn.execute(text("DELETE FROM counters"))
                    await conn.execute(text("INSERT INTO counters (id, n) VALUES (1, 0)"))
                return await work(db)

        return asyncio.run(main())

    return run


async def count(conn: AsyncConnection) -> int:
    return int((await conn.execute(text("SELECT n FROM counters WHERE id = 1"))).scalar_one())


async def set_count(conn: AsyncConnection, n: int) -> None:
    await conn.execute(text("UPDATE counters SET n = :n WHERE id = 1"), {"n": n})


def test_begin_commits_and_rolls_back(run: Run) -> None:
    """A block commits at its end, and an error that leaves it undoes it."""

    async def work(db: pydb.AsyncDatabase) -> None:
        async with db.begin() as conn:
            await set_count(conn, 1)
        with pytest.raises(ZeroDivisionError):
            async with db.begin() as conn:
                await set_count(conn, 2)
                raise ZeroDivisionError
        async with db.read() as conn:
            assert await count(conn) == 1

    run(work)


def test_read_refuses_writes(run: Run) -> None:
    """A ``read()`` block writes nothing, and the next block on the same connection does."""

    async def work(db: pydb.AsyncDatabase) -> None:
        for _ in range(3):
            with pytest.raises(Exception, match=r"(?i)read"):
                async with db.read() as conn:
                    await set_count(conn, 1)
            async with db.begin() as conn:
                await set_count(conn, await count(conn) + 1)
        async with db.connect() as conn:
            assert await count(conn) == 3

    run(work, pool_size=1, max_overflow=0)


def test_doomed(run: Run) -> None:
    """A block in which a statement failed cannot commit."""

    async def work(db: pydb.AsyncDatabase) -> None:
        with pytest.raises(TransactionDoomed):
            async with db.begin() as conn:
                await set_count(conn, 5)
                with pytest.raises(Exception, match="counters"):
                    await conn.execute(text("INSERT INTO counters (id, n) VALUES (1, 0)"))
        async with db.read() as conn:
            assert await count(conn) == 0

    run(work)


def test_run_repeats(run: Run) -> None:
    """Twenty tasks that read and then write one row add up."""

    async def work(db: pydb.AsyncDatabase) -> None:
        async def add(conn: AsyncConnection) -> None:
            await set_count(conn, await count(conn) + 1)

        await asyncio.gather(*(db.run(add, isolation="SERIALIZABLE") for _ in range(20)))
        assert await db.run_read(count) == 20

    run(work)
