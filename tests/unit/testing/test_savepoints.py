"""Savepoints instead of transactions; tests/integration/test_rollback_isolation.py runs them on each engine."""

from __future__ import annotations

import sqlite3
from types import SimpleNamespace

import pytest

from pydb.errors import NotIsolated
from pydb.testing.engine_blocks import blocks_of
from pydb.testing.savepoints import Savepoints


def test_what_is_lost_stays_lost() -> None:
    """Without its transaction no savepoint begins, because SQLite would begin a transaction with it, and commit."""
    driver = sqlite3.connect(":memory:", isolation_level=None)
    driver.execute("BEGIN")
    savepoints = Savepoints(blocks_of("sqlite"))
    savepoints.begin_test({})
    connection = SimpleNamespace(dbapi_connection=driver, info={}, record_info={})
    savepoints._mark(driver, connection)
    savepoints._begin(connection)
    driver.execute("ROLLBACK")
    for step in (savepoints._commit, savepoints._begin):
        with pytest.raises(NotIsolated, match="has ended"):
            step(connection)
    assert not driver.in_transaction
    savepoints._roll_back(connection)
    driver.close()
