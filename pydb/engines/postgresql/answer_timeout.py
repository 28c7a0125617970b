"""Give up on a server that hangs: timeouts in seconds in, psycopg connection classes with these timeouts out.

The server's own timeouts need a server that runs, TCP's need a machine that does not answer; a stopped process
answers on TCP and nothing else.  psycopg's wait loop wakes up ten times a second, and there the clock is looked at.
"""

from __future__ import annotations

from collections.abc import Generator
from time import monotonic
from typing import Any

from psycopg import AsyncConnection, Connection, OperationalError
from psycopg.errors import ConnectionTimeout
from psycopg.pq import TransactionStatus

from pydb.engines.patience import connect_timeout

__all__ = ["asynchronous_with_timeouts", "with_timeouts"]


class _Watching:
    """What both classes do.  An instance's ``answer_timeout`` is its own limit."""

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
        """The same generator of psycopg's, with a look at the clock whenever nothing was ready."""
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
        if self.answer_timeout is None:
            return super().wait(gen, *args, **options)
        return super().wait(self._watched(gen, self.answer_timeout), *args, **options)


class _AsyncWatchingConnection(_Watching, AsyncConnection[Any]):
    async def wait(self, gen: Any, *args: Any, **options: Any) -> Any:
        if self.answer_timeout is None:
            return await super().wait(gen, *args, **options)
        return await super().wait(self._watched(gen, self.answer_timeout), *args, **options)


def with_timeouts(answer: float | None, connect: float) -> type[Connection[Any]]:
    """The class of connections that are closed when the server says nothing for so long in a statement.

    ``answer`` is None for no limit.  ``connect`` is how long making a connection may take; libpq knows whole seconds.
    """

    class AnswerTimeoutConnection(_WatchingConnection):
        answer_timeout = answer
        connect_seconds = connect

    return AnswerTimeoutConnection


def asynchronous_with_timeouts(answer: float | None, connect: float) -> type[AsyncConnection[Any]]:
    """The same, of psycopg's asynchronous connections."""

    class AsyncAnswerTimeoutConnection(_AsyncWatchingConnection):
        answer_timeout = answer
        connect_seconds = connect

    return AsyncAnswerTimeoutConnection
