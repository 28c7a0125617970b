"""Blocks as savepoints on MariaDB: a driver's connection in, checks out.  DDL would commit the test's transaction.

Source: https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Dialect

from pydb.engines.mariadb.rules import commits_implicitly
from pydb.sqlfile.lexer import first_code
from pydb.sqlfile.tokens import TokenList
from pydb.sqlfile.verbs import CHANGES_ROWS, DEFINES
from pydb.testing.engine_blocks import EngineBlocks

_READ_ONLY = 1792  # ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
_WRITES = CHANGES_ROWS | DEFINES | {"LOAD"}
_ALSO_COMMITTING = frozenset({"LOCK", "UNLOCK", "XA"})


class MariadbBlocks(EngineBlocks):
    """The ``EngineBlocks`` of MariaDB."""

    def begin_reading(self, driver: Any, info: dict[str, Any]) -> None:
        return  # MariaDB has no read-only savepoint; refuse_write refuses writes

    def end_reading(self, driver: Any, info: dict[str, Any]) -> None:
        return

    def check_deferred(self, driver: Any) -> None:
        return  # MariaDB has no deferred constraints

    def refuse_write(self, sql: str, dialect: Dialect) -> None:
        first = first_code(sql, self.engine)
        if first is not None and first.text.upper() in _WRITES:
            raise dialect.loaded_dbapi.OperationalError(
                _READ_ONLY, "Cannot execute statement in a READ ONLY transaction"
            )

    def end_connection(self, driver: Any, dialect: Dialect) -> None:
        connection = driver.driver_connection
        transport: Any = connection._transport
        try:
            connection.close()
        except RuntimeError:  # the loop has ended, so it cannot close the transport's socket
            transport._call_connection_lost(None)

    def ends(self, code: TokenList, sql: str) -> str | None:
        first = code.word(0)
        if commits_implicitly(first, sql) or first in _ALSO_COMMITTING:
            return first
        if first == "SET" and "AUTOCOMMIT" in code.words:
            return "SET autocommit"
        return super().ends(code, sql)
