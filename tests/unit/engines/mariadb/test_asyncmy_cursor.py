"""asyncmy's cursor for one call; tests/unit/engines/test_async_cursor.py has what is common to such cursors."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from pydb import AsyncDatabase
from pydb.engines.base import rules_for
from pydb.engines.mariadb.asyncmy_cursor import AsyncmyCursor


def test_which_connections_have_it() -> None:
    """Only asyncmy's connections have such cursors."""
    rules = rules_for("mariadb")
    engine = create_async_engine("mariadb+asyncmy://u@localhost/d").sync_engine
    assert rules.cursor_cache(engine.dialect) is AsyncmyCursor
    assert rules.cursor_cache(create_engine("mariadb+pymysql://u@localhost/d").dialect) is None


@pytest.mark.engines("mariadb")
def test_options_of_the_driver(empty_url: str) -> None:
    """A driver that reports statements reports those of this cursor, and one that prepares them prepares these."""
    reported: list[str] = []

    async def main() -> None:
        options = {"query_callback": lambda _cursor, query, _elapsed: reported.append(query), "stmt_cache_size": 10}
        url = make_url(empty_url).set(drivername="mariadb")
        async with AsyncDatabase(url, connect_args=options) as db, db.connect() as conn:
            sync: Any = conn.sync_connection
            adapter = sync.connection.dbapi_connection
            cursor = AsyncmyCursor(sync, adapter)
            await cursor.execute("SELECT %s + 1", (2,))
            assert (await cursor.fetchall(), cursor.rowcount) == (((3,),), 1)
            assert "SELECT %s + 1" in adapter.driver_connection._stmt_cache

    asyncio.run(main())
    assert "SELECT %s + 1" in reported


@pytest.mark.engines("mariadb")
def test_values_are_escaped(empty_url: str) -> None:
    """A value is stored unchanged, whatever characters it has."""

    async def main() -> None:
        async with AsyncDatabase(make_url(empty_url).set(drivername="mariadb")) as db, db.connect() as conn:
            sync: Any = conn.sync_connection
            cursor = AsyncmyCursor(sync, sync.connection.dbapi_connection)
            values = ("%s \\' \" ; -- \u2028 é", None, 1.5)
            await cursor.execute("SELECT %s, %s, %s", values)
            assert await cursor.fetchone() == values

    asyncio.run(main())
