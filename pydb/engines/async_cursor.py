"""A cursor of an asynchronous driver for one native call: Core's adapter in, the driver's rows out by ``await``.

``adapter`` is SQLAlchemy's wrapper around the driver's connection; see ``sqlalchemy/connectors/asyncio.py``.  This
module uses two private attributes of it.  If a release of SQLAlchemy lacks them, every call uses Core.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable
from typing import Any

from sqlalchemy.connectors.asyncio import AsyncAdapt_dbapi_connection

__all__ = ["AVAILABLE", "AsyncCursor"]

AVAILABLE = all(hasattr(AsyncAdapt_dbapi_connection, name) for name in ("_execute_mutex", "_handle_exception"))


class AsyncCursor(ABC):
    """A cursor that sends a statement when no other statement of the connection is running."""

    __slots__ = ("_adapter",)

    def __init__(self, adapter: Any) -> None:
        self._adapter = adapter

    async def execute(self, sql: str, values: Any) -> None:
        """Send the statement and read its answer, with the adapter's lock; the adapter translates exceptions."""
        adapter = self._adapter
        lock = adapter._execute_mutex
        await lock.acquire()
        try:
            await self._send(sql, values)
        except Exception as error:
            adapter._handle_exception(error)
        finally:
            lock.release()

    @abstractmethod
    def _send(self, sql: str, values: Any) -> Awaitable[Any]: ...
