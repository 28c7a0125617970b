"""Connections of PostgreSQL: options in the start-up message, and the reading of rows."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import make_url

from pydb import Database
from pydb.engines.base import Settings, rules_of

RULES = rules_of("postgresql")
URL = make_url("postgresql+psycopg://me@host/app")


def test_start_up_options() -> None:
    """Timeouts are set when the connection is made, without a round trip."""
    options = RULES.create_engine_options(URL, Settings(1.5, 0.25, 0.1))
    assert options["pool_pre_ping"] is True
    assert options["connect_args"]["connect_timeout"] >= 1
    assert "statement_timeout=1500" in options["connect_args"]["options"]
    assert "lock_timeout=250" in options["connect_args"]["options"]


def test_rows_are_read_in_parts() -> None:
    """Rows are read in as many fetches as they need, in their order."""

    class Cursor:
        def __init__(self) -> None:
            self.rows = list(range(1_001))
            self.fetches = 0

        def fetchmany(self, size: int) -> list[int]:
            self.fetches += 1
            found, self.rows = self.rows[:size], self.rows[size:]
            return found

    cursor: Any = Cursor()
    rows: list[Any] = list(RULES.rows(cursor))
    assert rows == list(range(1_001))
    assert cursor.fetches > 2


@pytest.mark.engines("postgresql")
def test_isolation_and_reading(empty_db: Database) -> None:
    """``begin`` has the requested level, and ``read`` is a read-only snapshot."""
    asked = "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"
    with empty_db.begin() as conn:
        assert tuple(conn.exec_driver_sql(asked).one()) == ("read committed", "off")
    with empty_db.begin("serializable") as conn:
        assert tuple(conn.exec_driver_sql(asked).one()) == ("serializable", "off")
    with empty_db.read() as conn:
        assert tuple(conn.exec_driver_sql(asked).one()) == ("repeatable read", "on")


def test_a_failed_statement_leaves_the_transaction() -> None:
    """The transaction stays and accepts only ROLLBACK, so pydb need not end it."""
    assert not RULES.rolls_back_transaction(None, ValueError())  # type: ignore[arg-type]
    assert not RULES.ddl_commits
