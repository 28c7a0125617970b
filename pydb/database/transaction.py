"""What has happened to a ``Database.begin()`` block's transaction: failed statements in, the refusal to commit out.

Engines disagree about a transaction in which a statement failed and the error was swallowed: PostgreSQL's COMMIT
rolls back in silence, SQLite and MariaDB commit the rest.  Here such a block cannot commit, on any engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Engine, NestedTransaction, event, exc
from sqlalchemy.engine import ExceptionContext

from pydb.database.error_translation import translate
from pydb.engines.base import Rules, rules_for
from pydb.errors import CommitOutcomeUnknown, Disconnected, TransactionDoomed
from pydb.sqlfile.rendering import named_in

_OPTION = "pydb_transaction"
_HINT = "let the error leave the block, or put the statement in a savepoint: with conn.begin_nested(): …"


class Status(Enum):
    """What has become of a transaction so far."""

    OPEN = "it can commit, unless a savepoint has failed"
    DOOMED = "a statement failed in the transaction itself: it cannot commit"
    ROLLED_BACK = "it was rolled back before the block's end"
    COMMITTING = "COMMIT was sent"


@dataclass(slots=True)
class TransactionState:
    """The status of one transaction, and the savepoints in which statements have ``failed``.

    ``statement_name`` is the statement that failed first, where it has a name.
    """

    rules: Rules
    status: Status = Status.OPEN
    statement_name: str | None = None
    failed: set[NestedTransaction] = field(default_factory=set)

    @property
    def can_commit(self) -> bool:
        """Whether no statement has failed, or only in savepoints that were rolled back."""
        return self.status is Status.OPEN and not self.failed

    def note_failure(self, conn: Connection, statement_name: str | None) -> None:
        """Remember that a statement of this name, if it has one, failed just now."""
        self.statement_name = self.statement_name or statement_name
        savepoint = conn.get_nested_transaction()
        if savepoint is not None:
            self.failed.add(savepoint)
        elif self.status is Status.OPEN:
            self.status = Status.DOOMED

    def refusal(self, where: str) -> TransactionDoomed:
        """The error of a block or savepoint that ends without the error that doomed it."""
        message = f"a statement failed in this {where}, so it was rolled back"
        return TransactionDoomed(message, statement_name=self.statement_name, hint=_HINT)

    def end(self, conn: Connection) -> None:
        """Tell Core that the engine has rolled the transaction back, and with it every savepoint.

        Otherwise later statements would run in a transaction of their own, and commit.
        """
        transaction = conn.get_transaction()
        if transaction is not None and transaction.is_active:
            if self.status is not Status.COMMITTING:
                self.status = Status.ROLLED_BACK
            with suppress(exc.DBAPIError):
                transaction.rollback()

    @contextmanager
    def outcome(self) -> Iterator[None]:
        """Say what became of the transaction.  Raises TransactionDoomed, CommitOutcomeUnknown."""
        try:
            yield
        except exc.DBAPIError as error:
            failure = translate(error, self.rules)
            if not (self.status is Status.COMMITTING and isinstance(failure, Disconnected)):
                raise
        else:
            if self.status is Status.ROLLED_BACK:
                raise self.refusal("block")
            return
        raise CommitOutcomeUnknown(
            "the connection was lost during COMMIT: the transaction may have happened",
            orig=failure.orig,
            connection_invalidated=True,
            hint="look for the transaction's rows before you repeat it",
        ) from None


def track_transaction(conn: Connection, rules: Rules) -> TransactionState:
    """Begin to record what happens to the connection's next transaction."""
    state = TransactionState(rules)
    conn.execution_options(**{_OPTION: state})
    return state


def state_of(conn: Connection) -> TransactionState | None:
    """The state of the connection's transaction, or None outside of ``Database.begin()``."""
    state: TransactionState | None = conn.get_execution_options().get(_OPTION)
    return state


def note_failures(engine: Engine) -> None:
    """Make every failing statement of this engine's connections, pydb's or not, known to its transaction's state."""
    event.listen(engine, "handle_error", note_failure)
    event.listen(engine, "commit", _commit)
    event.listen(engine, "release_savepoint", _release)
    event.listen(engine, "rollback_savepoint", _rolled_back)


def note_failure(context: ExceptionContext) -> BaseException | None:
    """The engine's ``handle_error`` listener; what it returns is raised instead of the error."""
    conn = context.connection
    if conn is None:
        return None
    state = state_of(conn)
    if state is not None:
        state.note_failure(conn, named_in(context.statement))
        if not context.is_disconnect and state.rules.rolls_back_transaction(conn, context.original_exception):
            state.end(conn)
    return rules_for(conn.dialect.name).raised_meanwhile(conn, context.original_exception)


def _commit(conn: Connection) -> None:
    state = state_of(conn)
    if state is None:
        return
    if not state.can_commit:
        state.status = Status.ROLLED_BACK
        # Core takes the transaction for ended once COMMIT was tried, and would not roll it back.
        if not conn.invalidated:
            with suppress(conn.dialect.loaded_dbapi.Error):
                conn.dialect.do_rollback(conn.connection)
        raise state.refusal("block")
    state.status = Status.COMMITTING


def _release(conn: Connection, name: str, _context: Any) -> None:
    state = state_of(conn)
    savepoint = conn.get_nested_transaction()
    if state is not None and savepoint in state.failed:
        state.failed.discard(savepoint)
        conn.dialect.do_rollback_to_savepoint(conn, name)
        raise state.refusal("savepoint")


def _rolled_back(conn: Connection, _name: str, _context: Any) -> None:
    state = state_of(conn)
    savepoint = conn.get_nested_transaction()
    if state is not None and savepoint is not None:
        state.failed.discard(savepoint)
