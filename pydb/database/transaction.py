"""The state of a ``Database.begin()`` block's transaction: failed statements and lost answers to COMMIT in, errors out.

If a statement failed and the application ignored the error, engines differ: PostgreSQL's COMMIT silently rolls back,
SQLite and MariaDB commit the other statements.  pydb does not let such a block commit, on any engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from weakref import ReferenceType, WeakSet, ref

from sqlalchemy import Connection, Engine, NestedTransaction, Transaction, event, exc
from sqlalchemy.engine import ExceptionContext

from pydb.engines.base import Rules, rules_for
from pydb.errors import CommitOutcomeUnknown, Disconnected, PydbError, TransactionDoomed
from pydb.sqlfile.rendering import named_in

_OPTION = "pydb_transaction"
_HINT = "let the error leave the block, or put the statement in a savepoint: with conn.begin_nested(): …"

_committing: WeakSet[Transaction] = WeakSet()
"""The transactions outside of ``Database.begin()`` for which COMMIT was sent, until the engine refuses it."""


_blocks: ContextVar[tuple[ReferenceType[Transaction], ...]] = ContextVar("pydb_blocks", default=())
"""The transactions of the ``Database.begin()`` blocks around the running code."""


class Status(Enum):
    """The status of a transaction."""

    OPEN = "it can commit, unless a savepoint has failed"
    DOOMED = "a statement failed in the transaction itself: it cannot commit"
    ROLLED_BACK = "it was rolled back before the block's end"
    COMMITTING = "COMMIT was sent"
    UNKNOWN = "COMMIT was sent, and its answer was lost"


@dataclass(slots=True)
class TransactionState:
    """The status of one transaction, and the savepoints in which statements have ``failed``.

    ``statement_name`` is the name of the statement that failed first, if it has one.  ``lost`` is true if the
    connection was lost before COMMIT.
    """

    rules: Rules
    status: Status = Status.OPEN
    statement_name: str | None = None
    failed: set[NestedTransaction] = field(default_factory=set)
    lost: bool = False

    @property
    def can_commit(self) -> bool:
        """Whether the connection is alive, and statements failed only in savepoints that were rolled back."""
        return self.status is Status.OPEN and not self.failed and not self.lost

    def note_failure(self, conn: Connection, statement_name: str | None) -> None:
        """Record that a statement, of this name if it has one, has failed."""
        self.statement_name = self.statement_name or statement_name
        savepoint = conn.get_nested_transaction()
        if savepoint is not None:
            self.failed.add(savepoint)
        elif self.status is Status.OPEN:
            self.status = Status.DOOMED

    def refusal(self, where: str) -> TransactionDoomed:
        """The error of a block or savepoint in which the application ignored the error of a failed statement."""
        message = f"a statement failed in this {where}, so it was rolled back"
        return TransactionDoomed(message, statement_name=self.statement_name, hint=_HINT)

    def end(self, conn: Connection) -> None:
        """Mark the transaction and its savepoints in Core as rolled back, because the engine has rolled them back.

        Without that, later statements would run in a new transaction, and commit.
        """
        transaction = conn.get_transaction()
        if transaction is not None and transaction.is_active:
            if self.status is not Status.COMMITTING:
                self.status = Status.ROLLED_BACK
            with suppress(exc.DBAPIError):
                transaction.rollback()

    def loss(self) -> PydbError:
        """The error of a block that continues although its connection is lost, or its transaction has ended."""
        if not self.lost:
            return self.refusal("block")
        return Disconnected(
            "the connection was lost in this block, so it was rolled back",
            connection_invalidated=True,
            statement_name=self.statement_name,
            hint="Database.run() repeats the transaction",
        )

    def refuse_commit(self) -> PydbError:
        """The error of a block that cannot commit, because the application ignored an error in it."""
        outside_savepoints = self.status is not Status.OPEN
        self.status = Status.ROLLED_BACK
        return self.refusal("block") if outside_savepoints else self.loss()

    def note_commit_failure(self, *, answered: bool) -> None:
        """Record that COMMIT has failed, and whether the engine answered."""
        self.status = Status.ROLLED_BACK if answered else Status.UNKNOWN

    @contextmanager
    def outcome(self) -> Iterator[None]:
        """Report the outcome of the transaction.  Raises TransactionDoomed, Disconnected, CommitOutcomeUnknown."""
        failure: PydbError
        try:
            yield
        except exc.PendingRollbackError:
            failure = self.loss()
        except CommitOutcomeUnknown as error:
            failure = error
        else:
            if self.status is Status.ROLLED_BACK:
                failure = self.refusal("block")
            elif self.status is Status.UNKNOWN:
                failure = unknown_outcome(self.rules, None)
            else:
                return
        raise failure from None


def unknown_outcome(
    rules: Rules, orig: BaseException | None, statement_name: str | None = None
) -> CommitOutcomeUnknown:
    """The error of a COMMIT whose answer was lost; with a ``statement_name``, of that statement under AUTOCOMMIT."""
    return CommitOutcomeUnknown(
        "the connection was lost during COMMIT: the transaction may have happened",
        orig=orig,
        connection_invalidated=True,
        statement_name=statement_name,
        hint=rules.unknown_outcome_hint,
    )


@contextmanager
def block_entered(transaction: Transaction) -> Iterator[None]:
    """Make ``in_block`` true while the transaction of a ``begin()`` block is active."""
    before = _blocks.get()
    _blocks.set((*before, ref(transaction)))
    try:
        yield
    finally:
        _blocks.set(before)


def in_block() -> bool:
    """Whether the running code is in a ``begin()`` block."""
    transactions = [found() for found in _blocks.get()]
    # If an interrupt prevented a block's end, its transaction no longer exists: it was garbage-collected.
    return any(transaction is not None and transaction.is_active for transaction in transactions)


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
    """Record each failed statement of this engine's connections, also other code's, in its transaction's state."""
    event.listen(engine, "handle_error", note_failure)
    event.listen(engine, "commit", _commit)
    event.listen(engine, "release_savepoint", _release)
    event.listen(engine, "rollback_savepoint", _rolled_back)


def note_failure(context: ExceptionContext) -> BaseException | None:
    """The engine's ``handle_error`` listener; what it returns is raised instead of the error."""
    conn = context.connection
    if conn is None:
        return None
    orig, state = context.original_exception, state_of(conn)
    rules = state.rules if state is not None else rules_for(conn.dialect.name)
    lost = context.is_disconnect or issubclass(rules.classify(orig, context.statement).error, Disconnected)
    # An interrupt leaves the block as it is, whatever the outcome of COMMIT is.
    by_driver = isinstance(orig, conn.dialect.loaded_dbapi.Error)
    if _is_committing(conn, state):
        if state is not None:
            state.note_commit_failure(answered=by_driver and not lost)
        return unknown_outcome(rules, orig) if by_driver and lost else rules.raised_meanwhile(conn, orig)
    cursor = getattr(context.execution_context, "cursor", None)
    if context.is_disconnect and cursor is not None:
        rules.drop_cursor(cursor)
    if state is not None:
        state.note_failure(conn, named_in(context.statement))
        state.lost = state.lost or lost
        if not context.is_disconnect and rules.rolls_back_transaction(conn, orig):
            state.end(conn)
    elif by_driver and lost and not rules.is_refusal(orig) and _is_autocommit(conn):
        return unknown_outcome(rules, orig, named_in(context.statement))
    return rules.raised_meanwhile(conn, orig)


def _is_autocommit(conn: Connection) -> bool:
    return conn.get_execution_options().get("isolation_level") == "AUTOCOMMIT"


def _is_committing(conn: Connection, state: TransactionState | None) -> bool:
    if state is not None:
        return state.status is Status.COMMITTING
    transaction = conn.get_transaction()
    if transaction is None or transaction not in _committing:
        return False
    _committing.discard(transaction)  # COMMIT may have failed, and a ROLLBACK may follow
    return True


def _commit(conn: Connection) -> None:
    state = state_of(conn)
    if state is None:
        transaction = conn.get_transaction()
        if transaction is not None:
            _committing.add(transaction)
        return
    if state.can_commit and not conn.invalidated and state.rules.transaction_failed(conn):
        state.status = Status.DOOMED
    if not state.can_commit:
        failure = state.refuse_commit()
        # Core regards the transaction as ended after COMMIT was tried, and would not roll it back.
        if not conn.invalidated:
            with suppress(conn.dialect.loaded_dbapi.Error):
                conn.dialect.do_rollback(conn.connection)
        raise failure
    state.status = Status.COMMITTING


def _release(conn: Connection, name: str, _context: Any) -> None:
    state = state_of(conn)
    savepoint = conn.get_nested_transaction()
    if state is not None and savepoint in state.failed:
        state.failed.discard(savepoint)
        if conn.invalidated:
            raise state.loss()
        conn.dialect.do_rollback_to_savepoint(conn, name)
        raise state.refusal("savepoint")


def _rolled_back(conn: Connection, _name: str, _context: Any) -> None:
    state = state_of(conn)
    savepoint = conn.get_nested_transaction()
    if state is not None and savepoint is not None:
        state.failed.discard(savepoint)
