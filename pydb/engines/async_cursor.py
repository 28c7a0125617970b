"""A cursor of an asynchronous driver for one native call: Core's adapter in, the driver's rows out by ``await``.

``adapter`` is what SQLAlchemy puts around the driver's connection; see ``sqlalchemy/connectors/asyncio.py``.  Two
private parts of it are used here.  Where a SQLAlchemy release has moved them, every call goes by Core.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Self

from sqlalchemy import Connection
from sqlalchemy.connectors.asyncio import AsyncAdapt_dbapi_connection

__all__ = ["AVAILABLE", "AsyncCursor"]

AVAILABLE = all(hasattr(AsyncAdapt_dbapi_connection, name) for name in ("_execute_mutex", "_handle_exception"))


class AsyncCursor(ABC):
    """A cursor that is used once, and so a ``CursorCache`` of itself alone."""

    __slots__ = ("_adapter",)

    def __init__(self, _conn: Connection, adapter: Any) -> None:
        self._adapter = adapter

    def acquire(self, _sql: str) -> Self:
        """This cursor."""
        return self

    def release(self, _sql: str, _cursor: Any) -> None:
        """Keep nothing."""
        return

    async def execute(self, sql: str, values: Any) -> None:
        """Send the statement and read its answer, alone on the connection; Core's adapter translates exceptions."""
        adapter = self._adapter
        try:
            async with adapter._execute_mutex:
                await self._send(adapter.driver_connection, sql, values)
        except Exception as error:
            adapter._handle_exception(error)

    @abstractmethod
    async def _send(self, driver: Any, sql: str, values: Any) -> None: ...
