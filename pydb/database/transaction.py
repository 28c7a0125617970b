"""A ``Database.begin()`` block's memory of failure: failed statements in, the refusal to commit out.

Engines disagree about a transaction in which a statement failed and the error was swallowed: PostgreSQL's COMMIT
rolls back in silence, SQLite and MariaDB commit the rest.  Here such a block cannot commit, on any engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, NestedTransaction, event, exc
from sqlalchemy.engine import ExceptionContext

from pydb.database.error_translation import translate
from pydb.engines.base import Rules
from pydb.errors import CommitOutcomeUnknown, Disconnected, TransactionDoomed

_OPTION = "pydb_block"
_NAMED = re.compile(r"/\* (\S+) \*/")
_HINT = "let the error leave the block, or put the statement in a savepoint: with conn.begin_nested(): …"


@dataclass(slots=True)
class TransactionState:
    """Where statements of one transaction have failed: in the transaction itself, or in which savepoints.

    ``over`` says that the transaction was rolled back before the block's end, ``committing`` that COMMIT was sent,
    ``statement_name`` which statement failed first.
    """

    rules: Rules
    doomed: bool = False
    over: bool = False
    committing: bool = False
    statement_name: str | None = None
    failed: set[NestedTransaction] = field(default_factory=set)

    def note(self, conn: Connection, statement_name: str | None) -> None:
        """Remember that a statement of this name, if it has one, failed just now."""
        self.statement_name = self.statement_name or statement_name
        savepoint = conn.get_nested_transaction()
        if savepoint is None:
            self.doomed = True
        else:
            self.failed.add(savepoint)

    def doom(self, where: str) -> TransactionDoomed:
        """The error of a block or savepoint that ends without the error that doomed it."""
        message = f"a statement failed in this {where}, so it was rolled back"
        return TransactionDoomed(message, statement_name=self.statement_name, hint=_HINT)

    def end(self, conn: Connection) -> None:
        """Tell Core what the engine has done: the transaction is over, and with it every savepoint.

        Else later statements would run in a transaction of their own, and commit.
        """
        transaction = conn.get_transaction()
        if transaction is not None and transaction.is_active:
            self.over = True
            with suppress(exc.DBAPIError):
                transaction.rollback()

    @contextmanager
    def outcome(self) -> Iterator[None]:
        """Say what became of the transaction.  Raises TransactionDoomed, CommitOutcomeUnknown."""
        try:
            yield
        except exc.DBAPIError as error:
            failure = translate(error, self.rules)
            if not (self.committing and isinstance(failure, Disconnected)):
                raise
        else:
            if self.over:
                raise self.doom("block")
            return
        raise CommitOutcomeUnknown(
            "the connection was lost during COMMIT: the transaction may have happened",
            orig=failure.orig,
            connection_invalidated=True,
            hint="look for the transaction's rows before you repeat it",
        ) from None


def track_transaction(conn: Connection, rules: Rules) -> TransactionState:
    """Begin to remember for this connection."""
    block = TransactionState(rules)
    conn.execution_options(**{_OPTION: block})
    return block


def state_of(conn: Connection) -> TransactionState | None:
    """The block that the connection is in, or None outside of ``Database.begin()``."""
    block: TransactionState | None = conn.get_execution_options().get(_OPTION)
    return block


def note_failures(engine: Engine) -> None:
    """Make every failing statement of this engine's connections, pydb's or not, known to its block."""
    event.listen(engine, "handle_error", note_failure)
    event.listen(engine, "commit", _commit)
    event.listen(engine, "release_savepoint", _release)
    event.listen(engine, "rollback_savepoint", _rolled_back)


def note_failure(context: ExceptionContext) -> None:
    """The engine's ``handle_error`` listener."""
    conn = context.connection
    block = state_of(conn) if conn is not None else None
    if conn is None or block is None:
        return
    named = _NAMED.match(context.statement or "")
    block.note(conn, named.group(1) if named else None)
    if not context.is_disconnect and block.rules.rolls_back_transaction(conn, context.original_exception):
        block.end(conn)


def _commit(conn: Connection) -> None:
    block = state_of(conn)
    if block is None:
        return
    if block.doomed or block.failed:
        block.over = True
        # Core takes the transaction for ended once COMMIT was tried, and would not roll it back.
        if not conn.invalidated:
            with suppress(conn.dialect.loaded_dbapi.Error):
                conn.dialect.do_rollback(conn.connection)
        raise block.doom("block")
    block.committing = True


def _release(conn: Connection, name: str, _context: Any) -> None:
    block = state_of(conn)
    savepoint = conn.get_nested_transaction()
    if block is not None and savepoint in block.failed:
        block.failed.discard(savepoint)
        conn.dialect.do_rollback_to_savepoint(conn, name)
        raise block.doom("savepoint")


def _rolled_back(conn: Connection, _name: str, _context: Any) -> None:
    block = state_of(conn)
    savepoint = conn.get_nested_transaction()
    if block is not None and savepoint is not None:
        block.failed.discard(savepoint)
