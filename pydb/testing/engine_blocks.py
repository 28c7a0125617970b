"""The differences between engines when a test's transactions are savepoints: an engine in, its ``EngineBlocks`` out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache
from typing import Any

from sqlalchemy.engine import Dialect

from pydb.engines import part
from pydb.engines.base import rules_of
from pydb.engines.script_bounds import control_word
from pydb.sqlfile.lexer import Unterminated, token_list
from pydb.sqlfile.tokens import TokenList

__all__ = ["EngineBlocks", "blocks_of", "run_sql"]


class EngineBlocks(ABC):
    """The interface to an engine whose savepoints in tests replace transactions.

    ``driver`` is the driver's connection, ``info`` the dict that the pool keeps for it.
    """

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self.ending_word = lru_cache(1_000)(self._ending_word)

    @abstractmethod
    def begin_reading(self, driver: Any, info: dict[str, Any]) -> None:
        """Make the engine refuse writes from now on, if it can."""

    @abstractmethod
    def end_reading(self, driver: Any, info: dict[str, Any]) -> None:
        """Allow writes again, after the savepoint was rolled back."""

    @abstractmethod
    def check_deferred(self, driver: Any) -> None:
        """Check the deferred constraints, and set each of them back to its mode at the beginning of a transaction.

        Raises the exception that the driver raises if COMMIT fails.
        """

    def refuse_write(self, sql: str, dialect: Dialect) -> None:
        """Raise the driver's error for a statement that writes in a reading block, if the engine does not."""
        return

    def end_connection(self, driver: Any, dialect: Dialect) -> None:
        """End an asynchronous driver's connection, whose event loop may have ended, without awaiting anything."""
        dialect.do_terminate(driver)

    def _ending_word(self, sql: str) -> str | None:
        """The word in the text that would end the transaction; None if there is no such word."""
        statements = [sql] if ";" not in sql else [statement for _, statement in rules_of(self.engine).statements(sql)]
        try:
            found = (self.ends(token_list(statement, self.engine), statement) for statement in statements)
            return next(filter(None, found), None)
        except Unterminated:
            return None  # the engine reports the error

    def ends(self, code: TokenList, sql: str) -> str | None:
        """The word by which one statement would end the transaction, if it does."""
        word = control_word(code)
        return None if word == "ROLLBACK" and "TO" in code.words else word


def run_sql(driver: Any, sql: str) -> list[Any]:
    """Run one statement of the plugin, and return its rows."""
    cursor = driver.cursor()
    try:
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []
    finally:
        cursor.close()


def blocks_of(engine: str) -> EngineBlocks:
    """The ``EngineBlocks`` of the engine with this name.  Raises PydbError."""
    found: EngineBlocks = part(engine, "blocks")
    return found
