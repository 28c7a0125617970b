"""Transactions for asyncio: a database URL in, Core's asynchronous connections in a transaction out.

``Database`` has the logic: its code runs in greenlets over the asynchronous driver, and this module awaits it.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from functools import partial
from os import PathLike
from types import TracebackType
from typing import Any, ClassVar, Literal, Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.util.concurrency import greenlet_spawn

from pydb.database.async_blocks import AsyncBlock, AwaitedBlock
from pydb.database.database import WITHIN, Database
from pydb.database.error_translation import translated
from pydb.database.replicas import check_wait
from pydb.database.transaction import block_entered
from pydb.engines.base import Rules, check_isolation, rules_for
from pydb.engines.waiting import await_here, finished
from pydb.errors import ParameterError, PydbError

__all__ = ["AsyncDatabase", "TaskDatabase"]

Result = TypeVar("Result")
Given = TypeVar("Given")


class AsyncDatabase:
    """``Database`` for tasks of an event loop: the same options, methods and errors, over Core's ``AsyncConnection``.

    ``url`` is a URL of SQLite, PostgreSQL or MariaDB, by default ``$DATABASE_URL``.  Its driver is aiosqlite, psycopg
    or asyncmy; it may be omitted.  The connections belong to the event loop that first uses them, until ``close()``.

    A cancelled task leaves no transaction open and keeps no connection: its transaction is rolled back first.  If a
    COMMIT has been sent, its answer is awaited, and the transaction may have committed.

    Use it as an asynchronous context manager, or ``await close()``.
    """

    def __init__(
        self,
        url: str | URL | None = None,
        *,
        read_url: str | URL | None = None,
        pooler: Literal["transaction"] | None = None,
        echo: bool = False,
        pool_size: int = 5,
        pool_timeout: float = 30.0,
        statement_timeout: float | None = None,
        lock_timeout: float = 10.0,
        connect_timeout: float = 10.0,
        **options: Any,
    ) -> None:
        self._database = self._made(
            url,
            read_url=read_url,
            pooler=pooler,
            echo=echo,
            pool_size=pool_size,
            pool_timeout=pool_timeout,
            statement_timeout=statement_timeout,
            lock_timeout=lock_timeout,
            connect_timeout=connect_timeout,
            **options,
        )
        self.rules: Rules = self._database.rules
        self.pooler = self._database.pooler
        """How the pooler shares its sessions; None without a pooler."""
        self.engine = AsyncEngine(self._database.engine)
        """Core's AsyncEngine; its ``url`` lacks the options that may be secret."""
        replicas = self._database.read_engine
        self.read_engine = self.engine if replicas is self._database.engine else AsyncEngine(replicas)
        """The AsyncEngine of ``read_url``, or ``engine`` without one."""
        self._loop: asyncio.AbstractEventLoop | None = None

    def _made(self, url: str | URL | None, **options: Any) -> TaskDatabase:
        """The synchronous database whose methods this object awaits; a test may replace it."""
        return TaskDatabase(url, **options)

    def __repr__(self) -> str:
        return f"Async{self._database!r}"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def begin(self, isolation: str | None = None) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection in a writing transaction, like that of ``Database.begin()``."""
        self._check_loop()
        return self._database.begin_block(check_isolation(isolation), self._awaiting, repeats=False)

    def read(self, after: str | None = None, wait: float = 1.0) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection in a read-only transaction, like that of ``Database.read()``."""
        check_wait(wait)
        self._check_loop()
        return self._database.read_block(None, after, wait, self._awaiting)

    def connect(self) -> AsyncConnection:
        """Core's ordinary asynchronous connection: a transaction begins by itself, and ends with ``conn.commit()``.

        Use it as an asynchronous context manager, or await it and ``await conn.close()``.
        """
        self._check_loop()
        return _TranslatedConnection(self.engine)

    async def run(
        self,
        work: Callable[[AsyncConnection], Awaitable[Result]],
        *,
        within: float | None = WITHIN,
        attempts: int | None = None,
        isolation: str | None = None,
        once: str | None = None,
    ) -> Result:
        """Await ``work(conn)`` in a ``begin()`` block; repeat the whole block after an error that may be temporary.

        The arguments and errors are those of ``Database.run()``.  After a cancellation nothing is repeated.
        """
        self._check_loop()
        call = self._synchronous(work)
        run = partial(self._database.run, call, within=within, attempts=attempts, isolation=isolation, once=once)
        return await greenlet_spawn(run)

    async def run_read(
        self,
        work: Callable[[AsyncConnection], Awaitable[Result]],
        *,
        within: float | None = WITHIN,
        isolation: str | None = None,
        after: str | None = None,
        wait: float = 1.0,
    ) -> Result:
        """Await ``work(conn)`` in a ``read()`` block; repeat the whole block as ``Database.run_read()`` does."""
        self._check_loop()
        call = self._synchronous(work)
        return await greenlet_spawn(
            partial(self._database.run_read, call, within=within, isolation=isolation, after=after, wait=wait)
        )

    async def position(self) -> str:
        """The primary's position; ``read(after=…)`` then shows everything that is committed now, also on a replica."""
        self._check_loop()
        return await finished(greenlet_spawn(self._database.position), stops=True)

    async def apply(self, script: str | PathLike[str]) -> None:
        """Run the statements of a script file in one transaction, as ``Database.apply()`` does."""
        self._check_loop()
        await greenlet_spawn(self._database.apply, script)

    async def close(self) -> None:
        """Close every pooled connection."""
        await finished(greenlet_spawn(self._database.close), stops=False)
        self._loop = None

    def _awaiting(self, conn: Connection) -> AsyncConnection:
        engine = self.engine if conn.engine is self._database.engine else self.read_engine
        return AsyncConnection(engine, conn)

    def _synchronous(self, work: Callable[[AsyncConnection], Awaitable[Result]]) -> Callable[[Connection], Result]:
        """Make ``work`` a function that ``Database`` can call in a greenlet."""

        def call(conn: Connection) -> Result:
            result = work(self._awaiting(conn))
            if not inspect.isawaitable(result):
                raise ParameterError("work is not asynchronous", hint="async def work(conn): …")
            return await_here(result)

        return call

    def _check_loop(self) -> None:
        """Raise PydbError in another event loop than that of the connections."""
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise PydbError(
                "the connections of this AsyncDatabase belong to another event loop",
                hint="close() it in the loop that has used it, or make one for each loop",
            )


class TaskDatabase(Database):
    """``Database`` over an asynchronous driver; tasks call its methods in greenlets."""

    _asynchronous: ClassVar[bool] = True

    def begin_block(
        self, level: str | None, given: Callable[[Connection], Given], *, repeats: bool
    ) -> AsyncBlock[Connection, Given]:
        return AsyncBlock(super()._begin(level, repeats=repeats), given, partial(self._mark, writes=True))

    def read_block(
        self, isolation: str | None, after: str | None, wait: float, given: Callable[[Connection], Given]
    ) -> AsyncBlock[Connection, Given]:
        return AsyncBlock(super()._read(isolation, after, wait), given, partial(self._mark, writes=False))

    def _mark(self, conn: Connection, *, writes: bool) -> AbstractContextManager[None]:
        """The context manager that the task enters together with a block."""
        transaction = conn.get_transaction()
        return block_entered(transaction) if writes and transaction is not None else nullcontext()

    def _begin(self, level: str | None, *, repeats: bool) -> AbstractContextManager[Connection]:
        return AwaitedBlock(self.begin_block(level, _unchanged, repeats=repeats))

    def _read(self, isolation: str | None, after: str | None, wait: float) -> AbstractContextManager[Connection]:
        return AwaitedBlock(self.read_block(isolation, after, wait, _unchanged))


def _unchanged(conn: Connection) -> Connection:
    return conn


class _TranslatedConnection(AsyncConnection):
    """Core's asynchronous connection, which raises pydb's errors if it cannot connect."""

    __slots__ = ()

    async def start(self, is_ctxmanager: bool = False) -> AsyncConnection:
        await finished(self._start(), stops=True, undo=lambda _cancelled: self.close())
        return self

    async def _start(self) -> None:
        with translated(rules_for(self.sync_engine.dialect.name)):
            await super().start()
