"""asyncmy's cursor for one call; what it shares with others is tested in tests/unit/engines/test_async_cursor.py."""

from __future__ import annotations

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from pydb.engines.base import rules_for
from pydb.engines.mariadb.asyncmy_cursor import asyncmy_cursors_of


def test_which_connections_have_it() -> None:
    """Only asyncmy's connections have such cursors."""
    rules = rules_for("mariadb")
    engine = create_async_engine("mariadb+asyncmy://u@localhost/d").sync_engine
    assert rules.cursor_cache(engine.dialect) is asyncmy_cursors_of
    assert rules.cursor_cache(create_engine("mariadb+pymysql://u@localhost/d").dialect) is None
