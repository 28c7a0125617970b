"""A PostgreSQL server that hangs: a number of seconds in, a psycopg connection class that gives it up after them out.

The server's own timeouts need a server that runs, TCP's need a machine that does not answer; a stopped process
answers on TCP and nothing else.  psycopg's wait loop wakes up ten times a second, and there the clock is looked at.
"""

from __future__ import annotations

from collections.abc import Generator
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg


def with_answer_timeout(seconds: float) -> type[psycopg.Connection[Any]]:
    """The class of connections that are closed when the server says nothing for so long in a statement."""
    from psycopg import Connection, OperationalError
    from psycopg.pq import TransactionStatus

    class AnswerTimeoutConnection(Connection[Any]):
        def wait(self, gen: Any, *args: Any, **options: Any) -> Any:
            return super().wait(self._watched(gen), *args, **options)

        def _watched(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
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

    return AnswerTimeoutConnection
