"""psycopg's connections, synchronous or behind SQLAlchemy's adapter: their modes, and SQL sent by libpq."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import IsolationLevel
from sqlalchemy import NullPool, create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util.concurrency import greenlet_spawn

from pydb.engines.postgresql.driver import modes, psycopg_connection, send, set_isolation, set_modes
from tests.harness.loops import run_in_loop

pytestmark = pytest.mark.engines("postgresql")


def look_at(driver: object) -> None:
    """Setting and reading modes, and sending SQL, work in the same way on both kinds of connections."""
    usual = modes(driver)
    wanted = (IsolationLevel.SERIALIZABLE, True, False, False)
    set_modes(driver, wanted)
    assert modes(driver) == wanted
    set_modes(driver, usual)
    set_isolation(driver, IsolationLevel.REPEATABLE_READ)
    assert modes(driver) == (IsolationLevel.REPEATABLE_READ, *usual[1:])
    first, second = send(driver, b"SELECT 1; SELECT 2")
    assert (first.get_value(0, 0), second.get_value(0, 0)) == (b"1", b"2")
    with pytest.raises(psycopg.errors.DivisionByZero):
        send(driver, b"SELECT 1/0")


def test_a_synchronous_connection(empty_url: str) -> None:
    """The connection is psycopg's connection."""
    with create_engine(empty_url, poolclass=NullPool).connect() as conn:
        driver = conn.connection.dbapi_connection
        assert psycopg_connection(driver) is driver
        look_at(driver)


def test_an_asynchronous_connection(empty_url: str) -> None:
    """The connection is behind SQLAlchemy's adapter, and everything is awaited."""

    async def main() -> None:
        engine = create_async_engine(empty_url)
        async with engine.connect() as conn:
            adapter = (await conn.get_raw_connection()).dbapi_connection
            assert isinstance(psycopg_connection(adapter), psycopg.AsyncConnection)
            await greenlet_spawn(look_at, adapter)
        await engine.dispose()

    run_in_loop(main())
