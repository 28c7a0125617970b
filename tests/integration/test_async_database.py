"""``AsyncDatabase`` does for tasks of an event loop what ``Database`` does for threads, on every engine."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

import pydb
from pydb.errors import AlreadyDone, DatabaseError, OptionError, ParameterError, TransactionDoomed

Work = Callable[[pydb.AsyncDatabase], Awaitable[Any]]
Run = Callable[..., Any]


@pytest.fixture
def run(empty_url: str, engine_name: str) -> Run:
    """Run ``work(db)`` in a new event loop, on a database with the table ``counters``: ``run(work, **options)``."""
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
    """A block commits at its end, and an error in it rolls it back."""

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
    """A ``read()`` block cannot write, and the next block on the same connection can."""

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
    """Twenty tasks that read and then write one row lose no update."""

    async def work(db: pydb.AsyncDatabase) -> None:
        async def add(conn: AsyncConnection) -> None:
            await set_count(conn, await count(conn) + 1)

        await asyncio.gather(*(db.run(add, isolation="SERIALIZABLE") for _ in range(20)))
        assert await db.run_read(count) == 20

    run(work)


def test_once(run: Run, engine_name: str) -> None:
    """Of several calls with one key one commits and the others raise AlreadyDone; a call inside a block is refused."""

    async def work(db: pydb.AsyncDatabase) -> None:
        async with db.begin() as conn:
            await conn.execute(text(db.rules.once_table.rstrip(";")))

        async def add(conn: AsyncConnection) -> str:
            await set_count(conn, await count(conn) + 1)
            return "added"

        ends = await asyncio.gather(*(db.run(add, once="key") for _ in range(5)), return_exceptions=True)
        assert ends.count("added") == 1
        assert [type(end) for end in ends].count(AlreadyDone) == 4
        assert await db.run_read(count) == 1
        async with db.begin():
            with pytest.raises(ParameterError, match="inside of another"):
                await db.run(add, once="other")
        assert await db.run(add, once="other") == "added"

    run(work)


@pytest.mark.engines("postgresql")
def test_replicas(run: Run, empty_url: str, engine_name: str) -> None:
    """``read()`` uses the replica and waits there for a position; if no replica answers, it uses the primary."""
    url = make_url(empty_url).set(drivername=engine_name)

    async def work(db: pydb.AsyncDatabase) -> None:
        position = await db.position()
        async with db.read(after=position) as conn:
            assert conn.engine is db.read_engine
            assert conn.sync_connection is not None
            assert conn.sync_connection.engine is db.read_engine.sync_engine
            assert await count(conn) == 0
        assert await db.run_read(count, after=position) == 0
        async with (
            pydb.AsyncDatabase(url, read_url=url.set(port=9), connect_timeout=1.0) as alone,
            alone.read() as conn,
        ):
            assert conn.sync_connection is not None
            assert conn.sync_connection.engine is alone.engine.sync_engine

    run(work, read_url=url)


@pytest.mark.engines("postgresql")
def test_behind_a_pooler(run: Run) -> None:
    """Each transaction begins with the settings of its session, and blocks are the same as without a pooler."""

    async def work(db: pydb.AsyncDatabase) -> None:
        async with db.begin("SERIALIZABLE") as conn:
            shown = text("SELECT current_setting('lock_timeout'), current_setting('transaction_isolation')")
            assert tuple((await conn.execute(shown)).one()) == ("2500ms", "serializable")
            await set_count(conn, 1)
        with pytest.raises(Exception, match="read-only"):
            async with db.read() as conn:
                await set_count(conn, 2)
        with pytest.raises(OptionError, match="AUTOCOMMIT is refused"):
            async with db.connect() as conn:
                await conn.execution_options(isolation_level="AUTOCOMMIT")
        assert await db.run_read(count) == 1

    run(work, pooler="transaction", lock_timeout=2.5)


def test_wrong_places(engine_name: str) -> None:
    """An unreachable server or an impossible file raises an error of pydb without the password."""
    url = f"{engine_name}://me:secret@127.0.0.1:9/nowhere" if engine_name != "sqlite" else "sqlite:////nowhere/a.db"

    async def work() -> None:
        async with pydb.AsyncDatabase(url, connect_timeout=2.0) as db:
            for block in (db.begin, db.read, db.connect):
                with pytest.raises(DatabaseError) as failed:
                    async with block():
                        pass
                assert "secret" not in str(failed.value)

    asyncio.run(work())


def test_own_listeners_and_streams(run: Run) -> None:
    """The application's listeners on the sync engine, and Core's own streams, work as SQLAlchemy documents."""

    async def work(db: pydb.AsyncDatabase) -> None:
        seen: list[str] = []
        event.listen(db.engine.sync_engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
        async with db.begin() as conn:
            result = await conn.stream(text("SELECT n FROM counters"))
            assert [row async for row in result] == [(0,)]
        assert "SELECT n FROM counters" in seen

    run(work)
