"""Make an ``AsyncDatabase`` for tests: a URL in; a database that rolls back the transaction of each test out.

Fixtures are synchronous, so that they work with every plugin for asynchronous tests, and without one.  The connection
is made in the test's event loop when it is first needed, and closed after the test, even if that loop has ended.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, ExitStack, contextmanager, suppress
from os import PathLike
from typing import Any, ClassVar, Self, TypeVar

from sqlalchemy import Connection, exc
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from pydb.database import Database
from pydb.database.async_database import AsyncDatabase, TaskDatabase
from pydb.errors import NotIsolated
from pydb.testing.databases import DatabaseMaker
from pydb.testing.engine_blocks import blocks_of
from pydb.testing.rollback import PATIENCE, RollbackDatabase
from pydb.testing.turns import Turns

__all__ = ["AsyncIsolatedTests", "AsyncRollbackDatabase", "end_fresh", "fresh"]

Result = TypeVar("Result")


class AsyncRollbackDatabase(AsyncDatabase):
    """An ``AsyncDatabase`` whose blocks are savepoints of one transaction, which ``end()`` rolls back.

    It has one connection: blocks of several tasks take turns, and a block waits at most ``patience`` seconds.
    """

    _database: _TaskRollback

    def __init__(self, url: str | URL, *, patience: float = PATIENCE) -> None:
        self._patience = patience
        super().__init__(url)

    def _made(self, url: str | URL | None, **_options: Any) -> TaskDatabase:
        return _TaskRollback(url or "", patience=self._patience)

    def begin(self, isolation: str | None = None) -> AbstractAsyncContextManager[AsyncConnection]:
        """Like ``AsyncDatabase.begin()``, but the block is a savepoint."""
        self._database.turns.announce()
        return super().begin(isolation)

    def read(self, after: str | None = None, wait: float = 1.0) -> AbstractAsyncContextManager[AsyncConnection]:
        """Like ``AsyncDatabase.read()``, but the block is a savepoint that is rolled back."""
        self._database.turns.announce()
        return super().read(after, wait)

    def connect(self) -> AsyncConnection:
        """Like ``AsyncDatabase.connect()``, but its transactions are savepoints."""
        self._database.turns.announce()
        return super().connect()

    async def run(self, work: Callable[[AsyncConnection], Awaitable[Result]], **options: Any) -> Result:
        """Like ``AsyncDatabase.run()``, but raises NotIsolated for ``once``."""
        self._database.turns.announce()
        return await super().run(work, **options)

    async def run_read(self, work: Callable[[AsyncConnection], Awaitable[Result]], **options: Any) -> Result:
        """Like ``AsyncDatabase.run_read()``."""
        self._database.turns.announce()
        return await super().run_read(work, **options)

    async def apply(self, script: str | PathLike[str]) -> None:
        """Like ``AsyncDatabase.apply()``, but raises NotIsolated if DDL commits on the engine."""
        self._database.turns.announce()
        await super().apply(script)

    async def close(self) -> None:
        """Do nothing, because the fixture ends the test's transaction."""

    @property
    def lost(self) -> NotIsolated | None:
        """The error of a transaction that ended too soon, or of a block that was left open; None if there is none."""
        return self._database.savepoints.lost

    def end(self) -> None:
        """Roll back everything that the test did.  Raises NotIsolated if that is not possible."""
        self._database.end()
        if self.lost is not None:
            raise self.lost


class _TaskRollback(TaskDatabase, RollbackDatabase):
    """``RollbackDatabase`` over an asynchronous driver, for one test."""

    _below_kind: ClassVar[type[Database]] = TaskDatabase

    @property
    def turns(self) -> Turns:
        """The turns of the blocks that share the connection."""
        return self._turns

    def _mark(self, conn: Connection, *, writes: bool) -> AbstractContextManager[None]:
        stack = ExitStack()
        stack.enter_context(self._turns.around())
        stack.enter_context(super()._mark(conn, writes=writes))
        return stack  # type: ignore[return-value]

    def _driver(self) -> Any:
        if self._outer is None:
            outer = self._below.engine.connect()
            try:
                outer.detach()  # the connection is closed separately, in any loop
                outer.begin()
                self._savepoints.begin_test(outer.info)
            except BaseException:  # also the cancellation of the task
                _close(outer)
                raise
            self._outer = outer
        return super()._driver()

    def _drop_connection(self) -> None:
        # A cancellation may have closed it, and no block has used it yet: the next one begins the test's transaction.
        outer, self._outer = self._outer, None
        if outer is not None:
            _close(outer)

    def end(self) -> None:
        """End the test's transaction, with its connection."""
        self.note_open_block()
        outer, self._outer = self._outer, None
        entry: Any = self.engine.pool.__dict__.get("connection")
        if entry is not None:
            entry.fairy_ref = None  # the garbage collection of an open block must not clean up anything
        if outer is not None:
            driver = outer.connection.dbapi_connection
            blocks_of(self.rules.name).end_connection(driver, outer.dialect)


def _close(conn: Connection) -> None:
    # The driver may have closed it already, and the caller has another error.
    with suppress(exc.DBAPIError):
        conn.close()


class AsyncIsolatedTests:
    """The isolated asynchronous tests of one process, on one database; a context manager with ``close()``."""

    def __init__(self, maker: DatabaseMaker) -> None:
        self._maker = maker
        self._stack = ExitStack()
        self._url: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def one(self) -> Iterator[AsyncRollbackDatabase]:
        """The database for one test.  Raises NotIsolated if the test cannot be rolled back."""
        if self._url is None:
            self._url = self._stack.enter_context(self._maker.filled())
        database = AsyncRollbackDatabase(asynchronous(self._url))
        try:
            yield database
        finally:
            try:
                database.end()
            finally:
                if database.lost is not None:
                    self.close()  # the next test gets another database

    def close(self) -> None:
        """Drop the database."""
        self._url = None
        self._stack.close()


def asynchronous(url: str) -> URL:
    """The URL for the engine's asynchronous driver."""
    parsed = make_url(url)
    return parsed.set(drivername=parsed.get_backend_name())


def fresh(url: str) -> AsyncDatabase:
    """A database that only this test uses, with real commits."""
    return AsyncDatabase(asynchronous(url))


def end_fresh(database: AsyncDatabase) -> None:
    """End the pooled connections of a database, whose event loop may have ended."""
    engine = database.engine.sync_engine
    entries: Any = engine.pool._pool.entries  # type: ignore[attr-defined]
    while entries:
        entry = entries.popleft()
        driver, entry.dbapi_connection = entry.dbapi_connection, None
        if driver is not None:
            blocks_of(database.rules.name).end_connection(driver, engine.dialect)
