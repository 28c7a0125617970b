"""Call functions on the sqlite3 connection inside a driver's: a connection of sqlite3 or aiosqlite in, results out.

aiosqlite gives each connection a thread, in which all its statements run.  ``on_its_thread`` runs a whole function in
that thread.  This costs one change of threads, instead of one for each statement.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from pydb.engines.waiting import await_here

if TYPE_CHECKING:
    import aiosqlite

__all__ = ["connect_asynchronously", "in_transaction", "on_its_thread", "sqlite3_connection"]

Result = TypeVar("Result")

AGAIN = 0.01
"""Seconds after which a statement is interrupted again: the first interrupt may have come before it began."""


def sqlite3_connection(driver: Any) -> sqlite3.Connection | None:
    """The connection of sqlite3; None if it is closed."""
    # In a checkout, Core may pass a proxy of the driver's connection.
    connection = getattr(driver, "driver_connection", driver)
    if isinstance(connection, sqlite3.Connection):
        return connection
    return connection._connection  # type: ignore[no-any-return]


def in_transaction(driver: Any) -> bool:
    """Whether the connection is in a transaction; a closed one is not."""
    connection = sqlite3_connection(driver)
    return connection is not None and connection.in_transaction


def on_its_thread(driver: Any, function: Callable[[sqlite3.Connection], Result]) -> Result:
    """Call the function with the connection of sqlite3, on that connection's thread, and return the result."""
    if isinstance(driver, sqlite3.Connection):
        return function(driver)
    connection = driver.driver_connection
    result: Result = await_here(connection._execute(function, connection._conn))
    return result


def connect_asynchronously(*arguments: Any, **options: Any) -> aiosqlite.Connection:
    """Connect like aiosqlite; a cancelled task also stops the statement that it waits for."""
    import aiosqlite

    class InterruptedConnection(aiosqlite.Connection):
        """Stops the statement of a cancelled task, which aiosqlite would let run before the next statement."""

        _ended: asyncio.Future[Any] | None = None

        async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
            if not self._running or not self._connection:
                raise ValueError("Connection closed")
            answer = asyncio.get_running_loop().create_future()
            self._tx.put_nowait((answer, partial(fn, *args, **kwargs)))
            try:
                return await asyncio.shield(answer)
            except asyncio.CancelledError:
                await _stopped(answer, self._conn)
                raise

        async def _connect(self) -> aiosqlite.Connection:
            try:
                return await super()._connect()
            except BaseException:
                # Wait for the thread's end: it hands its last answer to the event loop, which must still be open.
                if self._ended is not None:
                    await asyncio.wait([self._ended])
                raise

        def stop(self) -> asyncio.Future[Any] | None:
            self._ended = super().stop()
            return self._ended

        async def close(self) -> None:
            # An interrupted statement's cursor keeps the locks of its connection even after the connection is closed.
            with suppress(sqlite3.Error, ValueError):
                await self._execute(self._conn.rollback)
            await super().close()

    made = InterruptedConnection(partial(sqlite3.connect, *arguments, **options), iter_chunk_size=64)
    made._thread.daemon = True
    return made


async def _stopped(answer: asyncio.Future[Any], connection: sqlite3.Connection) -> None:
    """Interrupt the function that runs on the thread, until it has ended, even if the task is cancelled again."""
    while not answer.done():
        connection.interrupt()
        try:
            await asyncio.wait([answer], timeout=AGAIN)
        except asyncio.CancelledError:
            continue
    if not answer.cancelled():
        answer.exception()
