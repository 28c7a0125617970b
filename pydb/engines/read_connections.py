"""Record who takes a connection from the pool: ``read()`` or another caller in, the answer for checkout listeners out.

A connection that was made read-only for ``read()`` stays read-only in the pool until another caller takes it.  Usually
the next caller is ``read()`` again.  To switch back after each ``read()`` would cost a fifth of a point read on SQLite,
and a round trip on MariaDB.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.pool import ManagesConnection, QueuePool

_OPTION = "pydb_borrower"
READS = "pydb_reads"
"""The key in a pool entry's ``info`` under which listeners note whether its connection is set for ``read()``."""


class Borrower:
    """The purpose for which the current thread or task takes a connection of one engine."""

    @property
    def reads(self) -> bool:
        """Whether ``read()`` is about to take a connection."""
        return _taking.get() == (self, "reads")

    @property
    def keeps_snapshot(self) -> bool:
        """Whether the transaction must fail if it writes to a row that was changed since its snapshot."""
        return _taking.get() == (self, "keeps_snapshot")


_taking: ContextVar[tuple[Borrower, str] | None] = ContextVar("pydb_taking", default=None)


def attach_borrower(engine: Engine) -> Borrower:
    """The ``Borrower`` that the checkout listeners of this engine read."""
    borrower = Borrower()
    engine.update_execution_options(**{_OPTION: borrower})
    return borrower


def connect_to_read(engine: Engine) -> Connection:
    """A connection that the checkout listeners have made read-only."""
    return _connect(engine, "reads")


def connect_to_keep_snapshot(engine: Engine) -> Connection:
    """A connection whose transactions fail if they write to a row that was changed since their snapshot."""
    return _connect(engine, "keeps_snapshot")


def _connect(engine: Engine, purpose: str) -> Connection:
    """A connection; while it is taken, the engine's borrower has this purpose."""
    borrower: Borrower = engine.get_execution_options()[_OPTION]
    try:
        try:
            _taking.set((borrower, purpose))
            return engine.connect()
        finally:
            _taking.set(None)
    except BaseException:
        _taking.set(None)  # an interrupt may have come before the purpose was set
        raise


def reads(conn: Connection | ManagesConnection) -> bool:
    """Whether the connection is set for ``read()``."""
    return bool(conn.info.get(READS, False))


def replace(engine: Engine, record: Any) -> None:
    """Let the next user of this pool entry get a new connection, unless several users share the connection."""
    if isinstance(engine.pool, QueuePool):
        record.close()
