"""What differs between engines when migrations run, as one interface: ``engines/`` has a subclass an engine."""

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
"""Seconds between two looks at the lock that another process has."""

# What can be undone together with the journal's row, on every engine.
_ROWS = frozenset({"INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "SELECT", "WITH", "VALUES"})

StillLocked = Callable[[], bool]


class Patience:
    """The seconds for which to wait for the process that migrates already; ``report`` is called when it begins."""

    def __init__(self, seconds: float, report: Callable[[], None]) -> None:
        self._end = time.monotonic() + seconds
        self._seconds = seconds
        self._report: Callable[[], None] | None = report

    @property
    def left(self) -> float:
        """The seconds that are left."""
        return max(0.0, self._end - time.monotonic())

    def pause(self) -> None:
        """Wait a moment.  Raises MigrationError when no time is left."""
        if not self.left:
            raise MigrationError(
                f"another process has been migrating this database for {self._seconds:.3g} seconds",
                hint="see what it does; then migrate again",
            )
        if self._report is not None:
            self._report()
            self._report = None
        time.sleep(min(LOOK, self.left))


@dataclass(frozen=True, slots=True)
class LockFinding:
    """What a linter says about a statement, its place counted from 1; ``help`` is what to do."""

    line: int
    column: int
    rule: str
    message: str
    help: str | None


@guarded_block
def lock_session(db: Database) -> Iterator[Connection]:
    """A connection of its own for a lock, which ends with the block; each statement is committed by itself."""
    with pooled_connection(db.connect) as conn:
        conn.execution_options(isolation_level="AUTOCOMMIT")
        db.rules.keep_apart(conn)  # it needs no place in the pool
        try:
            yield conn
        except BaseException:
            # The server may have ended it too: to close it in good order would hide the error.
            driver: Any = conn.connection.dbapi_connection
            with suppress(Exception):
                driver.close()
            conn.invalidate()
            raise


class EngineMigrations(ABC):
    """How migrations run on one engine.

    ``table`` is the DDL of the journal, ``begin`` what begins a writing transaction.
    """

    table: ClassVar[str]
    begin: ClassVar[str] = "BEGIN"

    def __init__(self, engine: str) -> None:
        self.engine = engine

    @abstractmethod
    def lock(self, db: Database, patience: Patience) -> AbstractContextManager[StillLocked]:
        """Let no other process migrate this database while the block lasts.

        It gives a function that says whether the lock is still there.  Raises MigrationError after the patience.
        """

    def journal(self, conn: Connection) -> Journal:
        """The journal of a connection, which finds its table whatever a migration sets in the session."""
        return Journal(conn)

    def prepare(self, conn: Connection, patience: Patience) -> None:  # noqa: B027
        """Set a connection up that a migration is to run on.

        On a server it waits for the statement that the session of a killed process may still run.
        """

    def before_commit(self, conn: Connection) -> None:  # noqa: B027
        """Check what a migration has left before it is committed.  Raises MigrationError."""

    def after_end(self, conn: Connection) -> None:  # noqa: B027
        """Set a connection back when its migration has ended."""

    def remains(self, conn: Connection, statement: str) -> tuple[str, str] | None:
        """What a statement that was cut off has left behind, and how to take it away; or None."""
        return None

    def lock_findings(self, migration: Migration) -> Sequence[LockFinding] | None:
        """What a linter says about the locks that a migration takes; None where the engine has no linter.

        Raises ModuleNotFoundError where the linter is not installed.
        """
        return None

    def only_changes_rows(self, statement: str) -> bool:
        """Whether a statement can be undone together with the journal's row."""
        return self.verb(statement) in _ROWS

    def sets_session(self, statement: str) -> bool:
        """Whether a statement sets something in its session alone."""
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
