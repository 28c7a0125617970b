"""SQLite's blocks as savepoints."""

from __future__ import annotations

import sqlite3

import pytest

from pydb.testing.engine_blocks import blocks_of


def test_what_is_deferred_is_checked() -> None:
    """The error is that of COMMIT, with its code; a PRAGMA defers constraints for one block only."""
    driver = sqlite3.connect(":memory:", isolation_level=None)
    driver.executescript(
        "PRAGMA foreign_keys = ON; CREATE TABLE a (id integer PRIMARY KEY);"
        "CREATE TABLE b (a integer REFERENCES a (id)); BEGIN; PRAGMA defer_foreign_keys = ON;"
    )
    blocks_of("sqlite").check_deferred(driver)
    assert driver.execute("PRAGMA defer_foreign_keys").fetchone() == (0,)
    driver.execute("PRAGMA defer_foreign_keys = ON")
    driver.execute("INSERT INTO b VALUES (1)")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY constraint failed") as ours:
        blocks_of("sqlite").check_deferred(driver)
    with pytest.raises(sqlite3.IntegrityError) as its_own:
        driver.execute("COMMIT")
    assert ours.value.sqlite_errorcode == its_own.value.sqlite_errorcode
    driver.close()
