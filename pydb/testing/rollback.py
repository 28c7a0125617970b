"""Make a ``Database`` for tests: a URL in; a database that rolls back the transaction of each test out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from os import PathLike
from typing import Any, ClassVar, Self, TypeVar

from sqlalchemy import Connection, Engine, exc
from sqlalchemy.engine import URL

from pydb.database import Database
from pydb.engines.base import Rules, Settings
from pydb.engines.connections import pooled_connection
from pydb.errors import NotIsolated
from pydb.support.blocks import guarded_block
from pydb.testing.databases import DatabaseMaker
from pydb.testing.engine_blocks import blocks_of
from pydb.testing.savepoints import Savepoints
from pydb.testing.turns import OneConnectionPool, Turns

__all__ = ["IsolatedTests", "RollbackDatabase"]

Result = TypeVar("Result")

PATIENCE = 10.0
"""The time that a block waits for the block of another thread, in seconds."""

_HINT = "use pydb_fresh_db, whose transactions are real"


class RollbackDatabase(Database):
    """A database whose blocks are savepoints of one transaction, which ``isolated()`` rolls back.

    It has one connection: blocks of several threads take turns, and a block waits at most ``patience`` seconds.
    """

    _below_kind: ClassVar[type[Database]] = Database

    def __init__(self, url: str | URL, *, patience: float = PATIENCE) -> None:
        self._below = self._below_kind(url, pool_size=1)
        self._savepoints = Savepoints(blocks_of(self._below.rules.name))
        self._outer: Connection | None = None
        self._turns = Turns(patience)
        super().__init__(
            url,
            poolclass=OneConnectionPool,
            turns=self._turns,
            failed=self._drop_connection,
            creator=self._driver,
            pool_reset_on_return=None,
            pool_pre_ping=False,
        )

    @contextmanager
    def isolated(self) -> Iterator[None]:
        """Run one test in a transaction that is rolled back at the end.  Raises NotIsolated if that is not possible."""
        with self._below.rules.begin(self._below.engine, None) as outer:
            transaction = outer.begin()
            self._outer = outer
            self._savepoints.begin_test(outer.info)
            try:
                # The dialect's queries on its first connection belong to no test.
                self.engine.connect().close()
                yield
                self.note_open_block()
            finally:
                self._outer = None
                self.engine.dispose()
                self._turns.give()
                # On a lost connection there is nothing to roll back.
                with suppress(exc.DBAPIError):
                    transaction.rollback()
        if self._savepoints.lost is not None:
            raise self._savepoints.lost

    def note_open_block(self) -> None:
        """Record an error if a block is still open at the end of the test."""
        if self._turns.holder is not None:
            message = f"the block of {self._turns.holder} is still open at the test's end"
            self._savepoints.lost = NotIsolated(message, hint="end the block, and its thread, in the test")

    def _driver(self) -> Any:
        if self._outer is None:
            raise NotIsolated("pydb_db is used outside of a test", hint="request the fixture in the test itself")
        return self._outer.connection.dbapi_connection

    def _drop_connection(self) -> None:
        """Give up a connection that no block could use; the fixture's own lasts until the end of the test."""

    def _rules_of(self, rules: Rules) -> Rules:
        kind = type(f"Test{type(rules).__name__}", (_RulesOfTest, type(rules)), {"below": self})
        return kind(rules.name)  # type: ignore[no-any-return]

    @property
    def savepoints(self) -> Savepoints:
        """The blocks of the current test."""
        return self._savepoints

    def keep_outer_apart(self) -> None:
        """Make sure that no other test uses the connection of this test."""
        if self._outer is not None:
            self._below.rules.keep_apart(self._outer)

    def run(
        self,
        work: Callable[[Connection], Result],
        *,
        within: float | None = 30.0,
        attempts: int | None = None,
        isolation: str | None = None,
        once: str | None = None,
    ) -> Result:
        """Like ``Database.run``, but raises NotIsolated for ``once``, because the key is visible only after COMMIT."""
        if once is not None:
            raise NotIsolated("run(once=…): a test never commits the key", hint=_HINT)
        return super().run(work, within=within, attempts=attempts, isolation=isolation)

    def apply(self, script: str | PathLike[str]) -> None:
        """Like ``Database.apply``, but raises NotIsolated if DDL commits on the engine."""
        if self.rules.ddl_commits:
            raise NotIsolated(f"apply(): DDL would commit the test's transaction on {self.rules.product}", hint=_HINT)
        super().apply(script)

    def close(self) -> None:
        """Do nothing, because the next test uses the database again."""

    def dispose(self) -> None:
        """Close the connections, after the last test."""
        self.engine.dispose()
        self._below.close()


class _RulesOfTest(Rules):
    """The rules that replace those of the engine in a test."""

    below: RollbackDatabase

    def prepare(self, engine: Engine, settings: Settings) -> None:
        self.below.savepoints.attach(engine)

    def keep_apart(self, conn: Connection) -> None:
        self.below.keep_outer_apart()

    @guarded_block
    def begin(self, engine: Engine, isolation: str | None, *, repeats: bool = False) -> Iterator[Connection]:
        with self._block(engine, isolation) as conn:
            yield conn

    @guarded_block
    def read(self, engine: Engine, isolation: str | None = None) -> Iterator[Connection]:
        with self._block(engine, isolation) as conn:
            self.below.savepoints.reads = True
            try:
                yield conn
            finally:
                self.below.savepoints.reads = False

    @guarded_block
    def _block(self, engine: Engine, isolation: str | None) -> Iterator[Connection]:
        usual = getattr(engine.dialect, "default_isolation_level", None)
        if isolation is not None and isolation != usual:
            raise NotIsolated(f"isolation={isolation!r}: the test's transaction is {usual}", hint=_HINT)
        with pooled_connection(engine.connect) as conn:
            yield conn


class IsolatedTests:
    """The isolated tests of one process, on one database; a context manager with ``close()``."""

    def __init__(self, maker: DatabaseMaker) -> None:
        self._maker = maker
        self._stack = ExitStack()
        self._database: RollbackDatabase | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def one(self) -> Iterator[RollbackDatabase]:
        """The database for one test.  Raises NotIsolated if the test cannot be rolled back."""
        if self._database is None:
            self._database = RollbackDatabase(self._stack.enter_context(self._maker.filled()))
            self._stack.callback(self._database.dispose)
        try:
            with self._database.isolated():
                yield self._database
        finally:
            if self._database.savepoints.lost is not None:
                self.close()  # the next test gets another database

    def close(self) -> None:
        """Drop the database."""
        self._database = None
        self._stack.close()
