"""A cursor of an asynchronous driver for one native call: Core's adapter in, the driver's rows out by ``await``.

``adapter`` is SQLAlchemy's wrapper around the driver's connection; see ``sqlalchemy/connectors/asyncio.py``.  This
module uses two private attributes of it.  If a release of SQLAlchemy lacks them, every call uses Core.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Sequence
from typing import Any, Self

from sqlalchemy import Connection
from sqlalchemy.connectors.asyncio import AsyncAdapt_dbapi_connection

__all__ = ["AVAILABLE", "AsyncCursor"]

AVAILABLE = all(hasattr(AsyncAdapt_dbapi_connection, name) for name in ("_execute_mutex", "_handle_exception"))


class AsyncCursor(ABC):
    """A cursor that has read all rows when ``execute`` has ended."""

    __slots__ = ("_adapter", "_next", "_rows", "rowcount")

    def __init__(self, _conn: Connection, adapter: Any) -> None:
        self._adapter = adapter
        self._rows: Sequence[Any] = ()
        self._next = 0
        self.rowcount = -1

    def acquire(self, _sql: str) -> Self:
        """This cursor itself: it is used once, so it is also its own ``CursorCache``."""
        return self

    def release(self, _sql: str, _cursor: Any) -> None:  # noqa: B027
        """Keep nothing."""

    async def execute(self, sql: str, values: Any) -> None:
        """Send the statement and read its answer, with the adapter's lock; the adapter translates exceptions."""
        adapter = self._adapter
        lock = adapter._execute_mutex
        await lock.acquire()
        try:
            self._rows, self.rowcount = await self._answer(sql, values)
        except Exception as error:
            adapter._handle_exception(error)
        finally:
            lock.release()

    async def fetchone(self) -> Any:
        """The next row, or None."""
        number = self._next
        if number >= len(self._rows):
            return None
        self._next = number + 1
        return self._rows[number]

    async def fetchmany(self, size: int) -> Sequence[Any]:
        """The next rows, at most ``size``."""
        number = self._next
        self._next = number + size
        return self._rows[number : number + size]

    async def fetchall(self) -> Sequence[Any]:
        """All rows."""
        return self._rows

    @abstractmethod
    def _answer(self, sql: str, values: Any) -> Awaitable[tuple[Sequence[Any], int]]:
        """The rows of the statement, and the number of rows that it has returned or changed."""
