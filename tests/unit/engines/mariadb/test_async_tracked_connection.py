"""asyncmy's connections that track the state of their session."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from pydb import AsyncDatabase
from pydb.engines.mariadb.async_tracked_connection import AsyncTrackedConnection

pytestmark = pytest.mark.engines("mariadb")

Work = Callable[[AsyncDatabase], Awaitable[None]]


def run(url: str, work: Work) -> None:
    async def main() -> None:
        async with AsyncDatabase(make_url(url).set(drivername="mariadb")) as db:
            await work(db)

    asyncio.run(main())


async def driver_of(conn: AsyncConnection) -> AsyncTrackedConnection:
    driver = (await conn.get_raw_connection()).driver_connection
    assert isinstance(driver, AsyncTrackedConnection)
    return driver


@pytest.mark.parametrize("statement", ["SET @a = 1", "SET tx_isolation = 'SERIALIZABLE'", "USE mysql"])
def test_a_changed_session_is_closed(empty_url: str, statement: str) -> None:
    """If a statement changes its session, the pool closes the connection; after other statements it does not."""

    async def work(db: AsyncDatabase) -> None:
        numbers = []
        for sql in ("SELECT 1", statement, "SELECT 1"):
            async with db.connect() as conn:
                numbers.append((await driver_of(conn)).thread_id())
                await conn.exec_driver_sql(sql)
        assert numbers[0] == numbers[1] != numbers[2]

    run(empty_url, work)


def test_a_change_in_a_stream(empty_url: str) -> None:
    """A change in a stream is noticed too."""

    async def work(db: AsyncDatabase) -> None:
        async with db.connect() as conn:
            await conn.exec_driver_sql("CREATE PROCEDURE change_it() BEGIN SET sql_mode = ''; SELECT 1; END")
        async with db.connect() as conn:
            driver = await driver_of(conn)
            result = await conn.stream(text("CALL change_it()"))
            assert (await result.all()) == [(1,)]
        async with db.connect() as conn:
            assert (await driver_of(conn)) is not driver

    run(empty_url, work)


def test_a_stream_is_whole(empty_url: str) -> None:
    """Another statement on the connection takes no row of a stream that is being read."""

    async def work(db: AsyncDatabase) -> None:
        async with db.read() as conn:
            result = await conn.stream(text("SELECT seq FROM seq_1_to_5000"))
            first = await result.fetchmany(10)
            assert (await conn.execute(text("SELECT 42"))).scalar_one() == 42
            rest = await result.all()
            assert [number for (number,) in [*first, *rest]] == list(range(1, 5001))

    run(empty_url, work)


def test_a_cancelled_statement_ends_its_session(empty_url: str) -> None:
    """If the task of a statement is cancelled, its session is ended, and nothing waits for its locks."""

    async def work(db: AsyncDatabase) -> None:
        async with db.connect() as conn, db.connect() as other:
            session = (await driver_of(conn)).thread_id()
            statement = asyncio.ensure_future(conn.execute(text("SELECT sleep(600)")))
            listed = text("SELECT info FROM information_schema.processlist WHERE id = :session")
            while (await other.execute(listed, {"session": session})).scalar_one() != "SELECT sleep(600)":
                await asyncio.sleep(0.01)
            statement.cancel()
            with pytest.raises(asyncio.CancelledError):
                await statement
            assert (await other.execute(listed, {"session": session})).one_or_none() is None

    run(empty_url, work)


def test_a_packet_that_is_too_large(empty_url: str) -> None:
    """A statement for which the server would close the connection is refused by its error number."""

    async def work(db: AsyncDatabase) -> None:
        async with db.connect() as conn:
            longest = (await conn.execute(text("SELECT @@max_allowed_packet"))).scalar_one()
            with pytest.raises(Exception, match="1153"):
                await conn.execute(text("SELECT length(:a)"), {"a": "x" * longest})
            assert (await conn.execute(text("SELECT 1"))).scalar_one() == 1

    run(empty_url, work)
