"""Convert transactions to savepoints of a test's one transaction: Core's begin, commit, rollback in, savepoints out.

Core's dialect has a method for each, so every connection of the engine is included: ``Database.begin()``,
``engine.connect()``, an ORM's session.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Engine, event

from pydb.errors import NotIsolated
from pydb.testing.engine_blocks import EngineBlocks, run_sql

__all__ = ["Savepoints"]

_NAME = "pydb_block"
_TEST = "pydb_test"
_HINT = "use pydb_fresh_db, whose transactions are real"


class Savepoints:
    """The blocks of the one transaction on a driver's connection, one after the other.

    ``reads`` says that the next block only reads.  ``lost`` is the error of a transaction that ended too early.
    """

    def __init__(self, engine_blocks: EngineBlocks) -> None:
        self.reads = False
        self.lost: NotIsolated | None = None
        self._blocks = engine_blocks
        self._test = object()
        self._info: Mapping[str, Any] = {}
        self._open = self._reading = False

    def begin_test(self, info: Mapping[str, Any]) -> None:
        """Forget the previous test; ``info`` is the dict that the pool keeps for the connection."""
        self.lost, self._open, self._reading, self._test = None, False, False, object()
        self._info = info

    def attach(self, engine: Engine) -> None:
        """Convert the transactions of this engine to savepoints."""
        dialect: Any = engine.dialect
        dialect.do_begin, dialect.do_commit, dialect.do_rollback = self._begin, self._commit, self._roll_back
        dialect.do_begin_twophase = dialect.set_isolation_level = _refused("another isolation level, or two phases")
        # The connection belongs to the database that is wrapped.
        dialect.do_close = dialect.do_terminate = lambda _driver: None
        # This must be before the first queries that Core sends to a server.
        event.listen(engine, "connect", self._mark, insert=True)
        event.listen(engine, "do_execute", self._check)
        event.listen(engine, "do_executemany", self._check)
        event.listen(engine, "do_execute_no_params", self._check_without)

    def _mark(self, _driver: Any, record: Any) -> None:
        record.info.update(self._info)
        record.record_info[_TEST] = self._test

    def _begin(self, connection: Any) -> None:
        self._refuse_old(connection)
        driver = connection.dbapi_connection
        self._send(driver, f"SAVEPOINT {_NAME}")
        self._open, self._reading = True, self.reads
        if self._reading:
            self._blocks.begin_reading(driver, connection.info)

    def _commit(self, connection: Any) -> None:
        self._refuse_old(connection)
        if not self._open:
            return
        driver = connection.dbapi_connection
        try:
            self._blocks.check_deferred(driver)
        except BaseException:
            self._roll_back(connection)
            raise
        self._send(driver, f"RELEASE SAVEPOINT {_NAME}")
        self._ended(connection)

    def _roll_back(self, connection: Any) -> None:
        if not self._open or not self._is_of_test(connection):
            return
        driver = connection.dbapi_connection
        self._send(driver, f"ROLLBACK TO SAVEPOINT {_NAME}")
        self._send(driver, f"RELEASE SAVEPOINT {_NAME}")
        self._ended(connection)

    def _ended(self, connection: Any) -> None:
        self._open = False
        if self._reading:
            self._reading = False
            self._blocks.end_reading(connection.dbapi_connection, connection.info)

    def _send(self, driver: Any, sql: str) -> None:
        if self.lost is None:
            try:
                run_sql(driver, sql)
                return
            except Exception as error:
                self.lost = NotIsolated(f"the test's transaction has ended ({type(error).__name__})", hint=_HINT)
        self._open = False
        raise self.lost

    def _is_of_test(self, connection: Any) -> bool:
        kept = connection.record_info  # None for a detached connection
        return kept is not None and kept.get(_TEST) is self._test

    def _refuse_old(self, connection: Any) -> None:
        if not self._is_of_test(connection):
            raise NotIsolated("this block began in a test that has ended", hint="end the block in its test")

    def _check(self, _cursor: Any, statement: str, _parameters: Any, context: Any) -> None:
        self._check_without(_cursor, statement, context)

    def _check_without(self, _cursor: Any, statement: str, context: Any) -> None:
        self._refuse_old(context.root_connection.connection)
        word = self._blocks.ending_word(statement)
        if word is not None:
            raise NotIsolated(f"{word} would end the test's transaction", hint=_HINT)
        if self._reading:
            self._blocks.refuse_write(statement, context.dialect)


def _refused(what: str) -> Callable[..., None]:
    def refuse(*_: Any) -> None:
        raise NotIsolated(f"{what}: the test's transaction has already begun", hint=_HINT)

    return refuse
