"""A ``Database.begin()`` block's memory of failure: failed statements in, the refusal to commit out.

Engines disagree about a transaction in which a statement failed and the error was swallowed: PostgreSQL's COMMIT
rolls back in silence, SQLite and MariaDB commit the rest.  Here such a block cannot commit, on any engine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, NestedTransaction, event
from sqlalchemy.engine import ExceptionContext

from pydb.errors import TransactionDoomed

_OPTION = "pydb_block"
_HINT = "let the error leave the block, or put the statement in a savepoint: with conn.begin_nested(): …"


@dataclass(slots=True)
class Block:
    """Where statements of one transaction have failed: in the transaction itself, or in which savepoints."""

    doomed: bool = False
    failed: set[NestedTransaction] = field(default_factory=set)

    def note(self, conn: Connection) -> None:
        """Remember that a statement failed just now."""
        savepoint = conn.get_nested_transaction()
        if savepoint is None:
            self.doomed = True
        else:
            self.failed.add(savepoint)


def open_block(conn: Connection) -> Block:
    """Begin to remember for this connection."""
    block = Block()
    conn.execution_options(**{_OPTION: block})
    return block


def block_of(conn: Connection) -> Block | None:
    """The block that the connection is in, or None outside of ``Database.begin()``."""
    block: Block | None = conn.get_execution_options().get(_OPTION)
    return block


def doomed() -> TransactionDoomed:
    """The error of a block that ends without the error that doomed it."""
    return TransactionDoomed("a statement failed in this block, so it was rolled back", hint=_HINT)


def watch(engine: Engine) -> None:
    """Make every failing statement of this engine's connections, pydb's or not, known to its block."""
    event.listen(engine, "handle_error", note_failure)
    event.listen(engine, "release_savepoint", _release)
    event.listen(engine, "rollback_savepoint", _rolled_back)


def note_failure(context: ExceptionContext) -> None:
    """The engine's ``handle_error`` listener."""
    block = block_of(context.connection) if context.connection is not None else None
    if block is not None and context.connection is not None:
        block.note(context.connection)


def _release(conn: Connection, name: str, _context: Any) -> None:
    block = block_of(conn)
    savepoint = conn.get_nested_transaction()
    if block is not None and savepoint in block.failed:
        block.failed.discard(savepoint)
        conn.dialect.do_rollback_to_savepoint(conn, name)
        raise TransactionDoomed("a statement failed in this savepoint, so it was rolled back", hint=_HINT)


def _rolled_back(conn: Connection, _name: str, _context: Any) -> None:
    block = block_of(conn)
    savepoint = conn.get_nested_transaction()
    if block is not None and savepoint is not None:
        block.failed.discard(savepoint)
