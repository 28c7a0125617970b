"""The interface to the differences between engines in migrations: ``engines/`` has a subclass for each engine."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Connection

from pydb.database import Database
from pydb.engines import part
from pydb.engines.connections import pooled_connection
from pydb.errors import MigrationError
from pydb.migrations.files import Migration
from pydb.migrations.journal import Journal
from pydb.sqlfile.lexer import first_code, tokenize
from pydb.sqlfile.tokens import QUOTED, WORD, unquoted
from pydb.support.blocks import guarded_block

__all__ = ["EngineMigrations", "LockFinding", "Patience", "lock_session", "migrations_of"]

LOOK = 0.1
"""The interval between two attempts to get the lock of another process, in seconds."""

# Statements that every engine can roll back together with the journal's row.
_ROWS = frozenset({"INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "SELECT", "WITH", "VALUES"})

StillLocked = Callable[[], bool]


class Patience:
    """The time to wait for another process that migrates; ``report`` is called when the wait begins."""

    def __init__(self, seconds: float, report: Callable[[], None]) -> None:
        self._end = time.monotonic() + seconds
        self._seconds = seconds
        self._report: Callable[[], None] | None = report

    @property
    def left(self) -> float:
        """The remaining seconds."""
        return max(0.0, self._end - time.monotonic())

    def pause(self) -> None:
        """Wait for a moment.  Raises MigrationError if no time is left."""
        if not self.left:
            raise MigrationError(
                f"timed out after {self._seconds:.3g} s waiting for another process that migrates this database",
                hint="wait until that process ends, or find out why it does not end; then migrate again",
            )
        if self._report is not None:
            self._report()
            self._report = None
        time.sleep(min(LOOK, self.left))


@dataclass(frozen=True, slots=True)
class LockFinding:
    """A linter's message about a statement, with its place, counted from 1; ``help`` says what to do."""

    line: int
    column: int
    rule: str
    message: str
    help: str | None


@guarded_block
def lock_session(db: Database) -> Iterator[Connection]:
    """A separate connection for a lock, which commits each statement and is closed at the end of the block."""
    with pooled_connection(db.connect) as conn:
        conn.execution_options(isolation_level="AUTOCOMMIT")
        db.rules.keep_apart(conn)  # the pool does not count it
        try:
            yield conn
        except BaseException:
            # The server may have ended it too; an orderly close would then hide the first error.
            driver: Any = conn.connection.dbapi_connection
            with suppress(Exception):
                driver.close()
            conn.invalidate()
            raise


class EngineMigrations(ABC):
    """How migrations run on one engine.

    ``table`` is the DDL of the journal, ``begin`` the statement that begins a writing transaction.
    """

    table: ClassVar[str]
    begin: ClassVar[str] = "BEGIN"

    def __init__(self, engine: str) -> None:
        self.engine = engine

    @abstractmethod
    def lock(self, db: Database, patience: Patience) -> AbstractContextManager[StillLocked]:
        """Prevent other processes from migrating this database during the block.

        The value of the block is a function that returns whether the lock is still held.  Raises MigrationError if the
        wait is too long.
        """

    def journal(self, conn: Connection) -> Journal:
        """The journal of a connection, which finds its table even if a migration changes settings of the session."""
        return Journal(conn)

    def prepare(self, conn: Connection, patience: Patience) -> None:  # noqa: B027
        """Set up a connection for a migration.

        On a server, wait for the statement that the session of a killed process may still run.
        """

    def before_commit(self, conn: Connection) -> None:  # noqa: B027
        """Check the result of a migration before it is committed.  Raises MigrationError."""

    def after_end(self, conn: Connection) -> None:  # noqa: B027
        """Reset a connection when its migration has ended."""

    def remains(self, conn: Connection, statement: str) -> tuple[str, str] | None:
        """What an interrupted statement has left in the database, and how to remove it; None if nothing is left."""
        return None

    def lock_findings(self, migration: Migration) -> Sequence[LockFinding] | None:
        """A linter's messages about the locks of a migration; None if the engine has no linter.

        Raises ModuleNotFoundError if the linter is not installed.
        """
        return None

    def only_changes_rows(self, statement: str) -> bool:
        """Whether a statement can be rolled back together with the journal's row."""
        return self.verb(statement) in _ROWS

    def sets_session(self, statement: str) -> bool:
        """Whether a statement only changes a setting of its session."""
        return self.verb(statement) == "SET"

    def verb(self, statement: str) -> str:
        """The first word of a statement, in capitals."""
        first = first_code(statement, self.engine)
        return "" if first is None else first.text.upper()

    def words(self, statement: str) -> Sequence[str]:
        """The words and names of a statement's code, without quotes."""
        return [unquoted(token) for token in tokenize(statement, self.engine) if token.kind in (WORD, QUOTED)]


def migrations_of(engine: str) -> EngineMigrations:
    """How migrations run on the engine of that name.  Raises PydbError."""
    found: EngineMigrations = part(engine, "migrations")
    return found
