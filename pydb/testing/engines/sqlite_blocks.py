"""Blocks as savepoints on SQLite: a driver's connection in, checks out.

Sources: https://sqlite.org/lang_savepoint.html, https://sqlite.org/foreignkeys.html."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy.engine import Dialect

from pydb.engines.sqlite.sessions import set_reading
from pydb.testing.engine_blocks import EngineBlocks, run_sql


class SqliteBlocks(EngineBlocks):
    """The ``EngineBlocks`` of SQLite."""

    def begin_reading(self, driver: Any, info: dict[str, Any]) -> None:
        set_reading(driver, info, True)

    def end_reading(self, driver: Any, info: dict[str, Any]) -> None:
        set_reading(driver, info, False)

    def end_connection(self, driver: Any, dialect: Dialect) -> None:
        super().end_connection(driver, dialect)
        driver.driver_connection._thread.join()

    def check_deferred(self, driver: Any) -> None:
        # SQLite counts deferred violations until the outermost transaction ends, but does not report the number.
        if run_sql(driver, "PRAGMA foreign_key_check"):
            error = sqlite3.IntegrityError("FOREIGN KEY constraint failed")
            error.sqlite_errorcode = sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
            error.sqlite_errorname = "SQLITE_CONSTRAINT_FOREIGNKEY"
            raise error
        if run_sql(driver, "PRAGMA defer_foreign_keys") != [(0,)]:
            run_sql(driver, "PRAGMA defer_foreign_keys = OFF")
