"""All asynchronous cursors for one call: they wait for their turn, and their exceptions are those of Core's adapter."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pydb.engines.async_cursor import AVAILABLE
from tests.harness.async_databases import async_database

pytestmark = pytest.mark.engines("sqlite", "mariadb")


def with_cursors(engine_name: str, url: str, work: Callable[[Any, Any], Awaitable[None]]) -> None:
    """Run ``work`` with the function that makes cursors of a connection, and with Core's adapter."""

    async def main() -> None:
        async with async_database(engine_name, url) as db, db.connect() as conn:
            make: Any = db.rules.cursor_cache(db.engine.dialect)
            sync: Any = conn.sync_connection
            adapter = sync.connection.dbapi_connection
            await work(lambda: make(sync, adapter).acquire(""), adapter)

    asyncio.run(main())


def test_sqlalchemy_is_as_relied_upon() -> None:
    """The installed SQLAlchemy has the parts of its adapter that the cursors use."""
    assert AVAILABLE


def test_rows(engine_name: str, empty_url: str) -> None:
    """The rows are read one by one, or all at once."""

    async def work(make: Any, _adapter: Any) -> None:
        sql = "SELECT 1 AS n UNION ALL SELECT 2"
        cursor = make()
        await cursor.execute(sql, ())
        assert [await cursor.fetchone() for _ in range(3)] == [(1,), (2,), None]
        pieces = make()
        await pieces.execute(sql, ())
        assert [list(await pieces.fetchmany(1)) for _ in range(3)] == [[(1,)], [(2,)], []]
        again = make()
        await again.execute(sql, ())
        assert list(await again.fetchall()) == [(1,), (2,)]

    with_cursors(engine_name, empty_url, work)


def test_rows_changed(engine_name: str, empty_url: str) -> None:
    """The cursor counts the rows that a statement has changed."""

    async def work(make: Any, _adapter: Any) -> None:
        for sql, count in (
            ("CREATE TABLE t (n integer)", None),
            ("INSERT INTO t VALUES (1), (2)", 2),
            ("UPDATE t SET n = 3 WHERE n = 1", 1),
            ("DELETE FROM t WHERE n = 7", 0),
        ):
            cursor = make()
            await cursor.execute(sql, ())
            assert count is None or cursor.rowcount == count

    with_cursors(engine_name, empty_url, work)


def test_it_waits_for_its_turn(engine_name: str, empty_url: str) -> None:
    """A statement is not sent while the lock of Core's adapter is held."""

    async def work(make: Any, adapter: Any) -> None:
        cursor = make()
        async with adapter._execute_mutex:
            task = asyncio.create_task(cursor.execute("SELECT 1 AS n", ()))
            for _ in range(100):
                await asyncio.sleep(0)
            assert not task.done()
        await task
        assert await cursor.fetchone() == (1,)

    with_cursors(engine_name, empty_url, work)


def test_what_the_driver_raises(engine_name: str, empty_url: str) -> None:
    """A lost connection raises an error of the driver's classes, as SQLAlchemy knows them, and the lock is released."""

    async def work(make: Any, adapter: Any) -> None:
        cursor = make()
        with pytest.raises(adapter.dbapi.Error):
            await cursor.execute("SELECT nothing FROM nowhere", ())
        assert not adapter._execute_mutex.locked()
        if engine_name == "sqlite":
            await adapter.driver_connection.close()
        else:
            adapter.driver_connection.close()
        with pytest.raises(adapter.dbapi.Error):
            await make().execute("SELECT 1", ())

    with_cursors(engine_name, empty_url, work)
