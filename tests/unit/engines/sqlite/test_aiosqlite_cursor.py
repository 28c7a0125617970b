"""aiosqlite's cursor for one call; tests/unit/engines/test_async_cursor.py has what is common to such cursors."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from pydb.engines.base import rules_for
from pydb.engines.sqlite.aiosqlite_cursor import AiosqliteCursor

ENDLESS = "SELECT (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n)"


def test_which_connections_have_it() -> None:
    """Only aiosqlite's connections have such cursors."""
    rules = rules_for("sqlite")
    engine = create_async_engine("sqlite+aiosqlite://").sync_engine
    assert rules.cursor_cache(engine.dialect) is AiosqliteCursor
    assert rules.cursor_cache(create_engine("sqlite://").dialect) is None


@pytest.mark.parametrize("turns", [0, 1, 1000])
def test_a_cancelled_statement_stops(turns: int) -> None:
    """Cancelling stops the statement, before it begins or while it runs, and the thread is free for the next one."""

    async def main() -> None:
        engine = create_async_engine("sqlite+aiosqlite://")
        async with engine.connect() as conn:
            sync: Any = conn.sync_connection
            adapter = sync.connection.dbapi_connection
            task = asyncio.create_task(AiosqliteCursor(sync, adapter).execute(ENDLESS, ()))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            again = AiosqliteCursor(sync, adapter)
            await asyncio.wait_for(again.execute("SELECT 1", ()), 20)
            assert await again.fetchone() == (1,)
        await engine.dispose()

    asyncio.run(main())
