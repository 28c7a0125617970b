"""Give up on a server that hangs: timeouts in seconds in, psycopg connection classes with these timeouts out.

The timeouts of the server work only if the server runs.  The timeouts of TCP work only if the machine does not answer.
If the server's process is stopped, TCP still answers, and neither works.  psycopg's wait loop wakes up ten times a
second: these classes compare the time there.
"""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Generator
from contextlib import suppress
from time import monotonic
from traceback import clear_frames
from typing import Any

from psycopg import AsyncConnection, Connection, Error, OperationalError
from psycopg.errors import ConnectionTimeout
from psycopg.pq import TransactionStatus

from pydb.engines.patience import connect_timeout

__all__ = ["asynchronous_with_timeouts", "with_timeouts"]


CANCELLING = 5.0
"""Seconds that the request to cancel an interrupted statement may take."""


class _Watching:
    """What both classes share; ``answer_timeout`` of an instance is its limit in seconds."""

    answer_timeout: float | None
    connect_seconds: float
    pgconn: Any

    @classmethod
    def _connect_gen(cls, *args: Any, **options: Any) -> Any:
        deadline = monotonic() + connect_timeout(cls.connect_seconds)
        made: Any = super()
        generator = made._connect_gen(*args, **options)
        try:
            wants = next(generator)
            while True:
                ready = yield wants
                if not ready and monotonic() > deadline:
                    generator.close()
                    raise ConnectionTimeout("connection timeout expired")
                wants = generator.send(ready)
        except StopIteration as end:
            return end.value

    def _watched(self, gen: Generator[Any, Any, Any], seconds: float) -> Generator[Any, Any, Any]:
        """psycopg's generator, with a check of the time whenever nothing was ready."""
        try:
            wants = next(gen)
            deadline = monotonic() + seconds
            while True:
                ready = yield wants
                if ready:
                    deadline = monotonic() + seconds
                elif monotonic() > deadline and self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                    self.pgconn.finish()
                    raise OperationalError("the server did not answer in time")
                wants = gen.send(ready)
        except StopIteration as end:
            return end.value


class _WatchingConnection(_Watching, Connection[Any]):
    def wait(self, gen: Any, *args: Any, **options: Any) -> Any:
        if self.answer_timeout is not None:
            gen = self._watched(gen, self.answer_timeout)
        try:
            return super().wait(gen, *args, **options)
        except Error:
            raise
        except BaseException:
            # psycopg itself cancels the statement at Ctrl-C, but not at other exceptions of signal handlers or threads.
            # Closing the connection would not end the statement.
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                with suppress(Exception):
                    self.cancel_safe(timeout=CANCELLING)
            raise


class _AsyncWatchingConnection(_Watching, AsyncConnection[Any]):
    @classmethod
    async def connect(cls, *args: Any, **options: Any) -> Any:
        """Connect like psycopg; if the task is cancelled, close the unfinished connection at once.

        Without this, the traceback of the exception keeps it open, and PostgreSQL waits a minute for the login.  Until
        then PostgreSQL 15 and older do not finish CREATE DATABASE and DROP DATABASE.
        """
        try:
            return await super().connect(*args, **options)
        except CancelledError as error:
            clear_frames(error.__traceback__)
            raise

    async def wait(self, gen: Any, *args: Any, **options: Any) -> Any:
        if self.answer_timeout is None:
            return await super().wait(gen, *args, **options)
        return await super().wait(self._watched(gen, self.answer_timeout), *args, **options)


def with_timeouts(answer: float | None, connect: float) -> type[Connection[Any]]:
    """A connection class whose instances are closed if the server sends nothing for ``answer`` seconds in a statement.

    ``answer`` is None for no limit.  ``connect`` is the limit for a new connection in seconds, also in fractions;
    libpq's own limit has whole seconds.
    """

    class AnswerTimeoutConnection(_WatchingConnection):
        answer_timeout = answer
        connect_seconds = connect

    return AnswerTimeoutConnection


def asynchronous_with_timeouts(answer: float | None, connect: float) -> type[AsyncConnection[Any]]:
    """The same, for psycopg's asynchronous connections."""

    class AsyncAnswerTimeoutConnection(_AsyncWatchingConnection):
        answer_timeout = answer
        connect_seconds = connect

    return AsyncAnswerTimeoutConnection
