"""Translate the exceptions of native asynchronous calls: the driver's exception in, pydb's error out.

Core handles the exception first, and may have to wait, for example to close a connection.  So it runs in a greenlet, by
``AsyncConnection.run_sync``.  It runs to its end, even if the task is cancelled meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from pydb.engines.waiting import finished
from pydb.execution.plan import Plan

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["native_failure"]


async def native_failure(
    plan: Plan, conn: AsyncConnection, error: BaseException, sql: str, cursor: Any, values: Any
) -> BaseException:
    """``Plan.driver_failure`` for an exception that was raised while the driver's connection was awaited."""
    answer = plan.rules.answer_of(cursor)
    return await finished(conn.run_sync(_failure, plan, error, sql, answer, values), stops=False)


def _failure(conn: Connection, plan: Plan, error: BaseException, sql: str, answer: Any, values: Any) -> BaseException:
    try:
        # Core reads the exception that is being handled; a greenlet does not see its caller's, so raise it again.
        raise error
    except BaseException:
        return plan.driver_failure(conn, error, sql, None, values, answer=answer)
