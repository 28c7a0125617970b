"""PyMySQL's connections that track the state of their session."""

from __future__ import annotations

import pytest

from pydb import Database

pytestmark = pytest.mark.engines("mariadb")


def test_a_change_behind_rows(empty_url: str) -> None:
    """A change by a routine that then returns rows is noticed like a change without rows."""
    with Database(empty_url) as database, database.connect() as conn:
        driver = conn.connection.driver_connection
        assert driver is not None
        conn.exec_driver_sql("SELECT 1").all()
        assert not driver.changed
        conn.exec_driver_sql("CREATE PROCEDURE change_it() BEGIN SET sql_mode = ''; SELECT 1; END")
        driver.changed = False
        conn.exec_driver_sql("CALL change_it()").all()
        assert driver.changed
