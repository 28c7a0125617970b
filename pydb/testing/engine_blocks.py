"""What differs between engines where a test's blocks are savepoints: each has an ``EngineBlocks``."""

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
    """How one engine does in a savepoint what it otherwise does in a transaction.

    ``driver`` is the driver's connection, ``info`` what the pool keeps beside it.
    """

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self.ending_word = lru_cache(1_000)(self._ending_word)

    @abstractmethod
    def begin_reading(self, driver: Any, info: dict[str, Any]) -> None:
        """Let the engine refuse writes from now on, as far as it has the means."""

    @abstractmethod
    def end_reading(self, driver: Any, info: dict[str, Any]) -> None:
        """Let it take them again, after the savepoint was rolled back."""

    @abstractmethod
    def check_deferred(self, driver: Any) -> None:
        """Check the deferred constraints, and let each be as it is at a transaction's beginning.

        Raises what the driver raises where COMMIT fails.
        """

    def refuse_write(self, sql: str, dialect: Dialect) -> None:
        """Raise the driver's error for a statement that a reading block does not take, where the engine cannot."""
        return

    def end_connection(self, driver: Any, dialect: Dialect) -> None:
        """End an asynchronous driver's connection whose event loop may be over: nothing is awaited."""
        dialect.do_terminate(driver)

    def _ending_word(self, sql: str) -> str | None:
        """The word of the text that would end the transaction; None where nothing does."""
        statements = [sql] if ";" not in sql else [statement for _, statement in rules_of(self.engine).statements(sql)]
        try:
            found = (self.ends(token_list(statement, self.engine), statement) for statement in statements)
            return next(filter(None, found), None)
        except Unterminated:
            return None  # the engine says it best

    def ends(self, code: TokenList, sql: str) -> str | None:
        """The word by which one statement would end the transaction, if it does."""
        word = control_word(code)
        return None if word == "ROLLBACK" and "TO" in code.words else word


def run_sql(driver: Any, sql: str) -> list[Any]:
    """Run one statement of the plugin's own; its rows."""
    cursor = driver.cursor()
    try:
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []
    finally:
        cursor.close()


def blocks_of(engine: str) -> EngineBlocks:
    """The one of the engine of that name.  Raises PydbError."""
    found: EngineBlocks = part(engine, "blocks")
    return found
