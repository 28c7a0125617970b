"""The sqlite3 connection of a driver, and statements of aiosqlite that end with their task."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util.concurrency import greenlet_spawn

from pydb.engines.sqlite.driver_thread import (
    connect_asynchronously,
    in_transaction,
    on_its_thread,
    sqlite3_connection,
)
from tests.harness.loops import run_in_loop

ENDLESS = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


def test_of_sqlite3() -> None:
    """The function runs in the caller's thread."""
    with create_engine("sqlite://", poolclass=NullPool).connect() as conn:
        driver: Any = conn.connection.dbapi_connection
        assert sqlite3_connection(driver) is driver
        assert on_its_thread(driver, lambda _connection: threading.current_thread()) is threading.current_thread()
        assert not in_transaction(driver)


def test_of_aiosqlite() -> None:
    """The function runs on the connection's thread, and a closed connection is in no transaction."""

    def look_at(driver: object) -> None:
        assert isinstance(sqlite3_connection(driver), sqlite3.Connection)
        assert on_its_thread(driver, lambda _connection: threading.current_thread()) is not threading.current_thread()
        on_its_thread(driver, lambda connection: connection.execute("BEGIN"))
        assert in_transaction(driver)

    async def main() -> None:
        engine = create_async_engine("sqlite+aiosqlite://")
        async with engine.connect() as conn:
            adapter = (await conn.get_raw_connection()).dbapi_connection
            await greenlet_spawn(look_at, adapter)
        await engine.dispose()
        assert not in_transaction(adapter)

    run_in_loop(main())


def test_a_cancelled_statement_stops() -> None:
    """An endless statement stops when its task is cancelled, and the connection can be used at once."""

    async def main() -> None:
        async with connect_asynchronously(":memory:") as connection:
            statement = asyncio.ensure_future(connection.execute_fetchall(ENDLESS))
            await asyncio.sleep(0.01)
            statement.cancel()
            with pytest.raises(asyncio.CancelledError):
                await statement
            assert list(await connection.execute_fetchall("SELECT 1")) == [(1,)]

    run_in_loop(main())


def test_statements_without_an_end_are_needed() -> None:
    """aiosqlite's own connection continues a statement whose task was cancelled."""

    async def main() -> None:
        import aiosqlite

        async with aiosqlite.connect(":memory:") as connection:
            statement = asyncio.ensure_future(connection.execute_fetchall(ENDLESS))
            await asyncio.sleep(0.01)
            statement.cancel()
            with pytest.raises(asyncio.CancelledError):
                await statement
            next_one = asyncio.ensure_future(connection.execute_fetchall("SELECT 1"))
            assert not (await asyncio.wait([next_one], timeout=0.2))[0]
            await connection.interrupt()
            assert list(await next_one) == [(1,)]

    run_in_loop(main())
