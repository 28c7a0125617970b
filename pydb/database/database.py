"""A database URL in, Core connections in the right kind of transaction out."""

from __future__ import annotations

import logging
import os
import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from os import PathLike
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from sqlalchemy import Connection, Engine, Transaction, event, exc
from sqlalchemy.engine import URL

from pydb.database.apply import Script
from pydb.database.core_engine import make_engine
from pydb.database.error_translation import translated
from pydb.database.once import Once, check_key
from pydb.database.retry import Tries, repeat, repeats
from pydb.database.transaction import block_entered, in_block, note_failures, track_transaction
from pydb.database.url import displayed_url, parse_url
from pydb.engines.base import Rules, Settings, check_isolation, rules_for
from pydb.engines.forks import ChildStep, in_child
from pydb.engines.patience import keep_lock_timeout
from pydb.errors import OptionError, ParameterError, PydbError
from pydb.support.blocks import guarded_block
from pydb.support.escapes import escaped, shortened

__all__ = ["Database"]

Result = TypeVar("Result")

WITHIN = 30.0
"""Seconds in which ``run`` and ``run_read`` repeat a transaction."""

_FORMATTER = logging.Formatter()

_databases: weakref.WeakSet[Database] = weakref.WeakSet()


def _replace_pools() -> None:
    for database in _databases:
        database.rules.after_fork_in_child(database.engine)


in_child(ChildStep.REPLACE_POOLS, _replace_pools)


class Database:
    """A database: its pool of connections, its transactions, its scripts.

    ``url`` is any SQLAlchemy URL of SQLite, PostgreSQL or MariaDB, by default ``$DATABASE_URL``.  Times are in
    seconds: ``pool_timeout`` to wait for a free connection, ``statement_timeout`` for one statement (None: no
    limit; StatementTimeout), ``lock_timeout`` for a lock that another transaction holds (Busy),
    ``connect_timeout`` to reach a server.  Other options go to ``sqlalchemy.create_engine``; a ``poolclass``
    given there brings its own size and timeout.

    Use it as a context manager, or ``close()`` it.  A forked child gets connections of its own.
    """

    def __init__(
        self,
        url: str | URL | None = None,
        *,
        pooler: Literal["transaction"] | None = None,
        echo: bool = False,
        pool_size: int = 5,
        pool_timeout: float = 30.0,
        statement_timeout: float | None = None,
        lock_timeout: float = 10.0,
        connect_timeout: float = 10.0,
        **options: Any,
    ) -> None:
        given = url if url is not None else os.environ.get("DATABASE_URL")
        if not given:
            raise OptionError("no database is named", hint='Database("sqlite:///app.db"), or set $DATABASE_URL')
        self._was_connected = False
        parsed = parse_url(given)
        self.rules = self._rules_of(rules_for(parsed.get_backend_name()))
        if pooler is not None and pooler not in self.rules.poolers:
            known = " or ".join(map(repr, self.rules.poolers))
            hint = f"{known}, or leave it out" if known else "leave it out"
            raise OptionError(f"{self.rules.product} has no pooler={shortened(pooler)!r}", hint=hint)
        settings = Settings(statement_timeout, lock_timeout, connect_timeout, pooler)
        self.engine: Engine = make_engine(
            self.rules, parsed, settings, options, echo=echo, pool_size=pool_size, pool_timeout=pool_timeout
        )
        """The plain Core engine; its ``url`` is without the options that may be secret."""
        self.engine.url = displayed_url(self.engine.url)
        for logger in (self.engine.logger, self.engine.pool.logger):
            _guard_log(logger, hide=self.engine.hide_parameters)
        keep_lock_timeout(self.engine, lock_timeout)
        event.listen(self.engine, "connect", self._note_connection)
        self.rules.prepare(self.engine, settings)
        note_failures(self.engine)
        _databases.add(self)

    def _rules_of(self, rules: Rules) -> Rules:
        """The rules that this database keeps; the engine's ``rules``, but in a test."""
        return rules

    def __repr__(self) -> str:
        return f"Database({self.engine.url.render_as_string(hide_password=True)!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def begin(self, isolation: str | None = None) -> AbstractContextManager[Connection]:
        """A connection in a writing transaction, committed at the block's end, rolled back on an error.

        ``isolation`` is one of the standard's four levels, by default the engine's own.  Raises
        TransactionDoomed instead of committing when a statement failed in the block and the error was
        swallowed; CommitOutcomeUnknown when the connection was lost during COMMIT.
        """
        return self._begin(check_isolation(isolation), repeats=False)

    @guarded_block
    def _begin(self, level: str | None, *, repeats: bool) -> Iterator[Connection]:
        with translated(self.rules), self.rules.begin(self.engine, level, repeats=repeats) as conn:
            state = track_transaction(conn, self.rules)
            with state.outcome(), conn.begin() as transaction, block_entered(transaction):
                try:
                    yield conn
                except BaseException:
                    _roll_back(transaction)
                    raise

    def read(self) -> AbstractContextManager[Connection]:
        """A connection in a read-only transaction: one snapshot, which never waits for a writer."""
        return self._read(None)

    @guarded_block
    def _read(self, isolation: str | None) -> Iterator[Connection]:
        with translated(self.rules), self.rules.read(self.engine, isolation) as conn:
            transaction = conn.begin()
            try:
                yield conn
            finally:
                _roll_back(transaction)

    def connect(self) -> Connection:
        """Core's ordinary connection: a transaction begins by itself, and ends with ``conn.commit()``.

        Use it as a context manager, or ``close()`` it.  On SQLite its transactions are deferred ones.
        """
        with translated(self.rules):
            return self.engine.connect()

    def run(
        self,
        work: Callable[[Connection], Result],
        *,
        within: float | None = WITHIN,
        attempts: int | None = None,
        isolation: str | None = None,
        once: str | None = None,
    ) -> Result:
        """Call ``work(conn)`` in a ``begin()`` block, and the whole block again when the engine asks for it.

        That is after a Retryable error, and after a connection lost before COMMIT was sent; never after
        CommitOutcomeUnknown.  ``work`` may run several times, so it must change nothing but the database.  No try
        begins later than ``within`` seconds (0: one try; None: no limit) or after ``attempts`` tries; then the last
        error is raised.  Waits for the pool, a connection and locks are cut to what is left; ``work`` is not
        interrupted.

        ``once`` is a key of the application's, 1 to 190 characters, in the table ``pydb_once``: of all the calls with
        this key one commits, and a COMMIT whose answer was lost is resolved within the time.  Raises AlreadyDone where
        another call has committed.  Not inside of another block.
        """
        tries = Tries(within, attempts)
        level = check_isolation(isolation)
        if once is None:
            return repeat(lambda: self._work_in(self._begin(level, repeats=True), work), tries, self._repeats)
        check_key(once)
        if in_block():
            raise ParameterError("run(once=…) inside of another run() or begin()", hint="give the key to the outer one")
        return Once(
            once, work, lambda: self._begin(level, repeats=True), self.rules, lambda: self._was_connected, tries
        ).run()

    def run_read(
        self, work: Callable[[Connection], Result], *, within: float | None = WITHIN, isolation: str | None = None
    ) -> Result:
        """Call ``work(conn)`` in a ``read()`` block, and the whole block again, as ``run()`` does.

        ``isolation`` is one of the standard's four levels; the snapshot of ``read()`` serves all but SERIALIZABLE.
        """
        level = check_isolation(isolation)
        return repeat(lambda: self._work_in(self._read(level), work), Tries(within, None), self._repeats)

    def _work_in(self, block: AbstractContextManager[Connection], work: Callable[[Connection], Result]) -> Result:
        with block as conn:
            return work(conn)

    def _repeats(self, error: PydbError) -> bool:
        return repeats(error, self.rules, was_connected=self._was_connected)

    def _note_connection(self, _dbapi_connection: Any, _record: Any) -> None:
        self._was_connected = True

    def apply(self, script: str | PathLike[str]) -> None:
        """Run the statements of a script file in one transaction, as far as the engine's DDL allows one.

        Raises SqlFileError, before the first statement runs, when the file cannot be read or holds a statement that
        controls the transaction or reaches beyond the database; DatabaseError when the engine refuses a statement.
        """
        with self.begin() as conn:
            Script(script, self.rules, conn).run()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _roll_back(transaction: Transaction) -> None:
    # That a lost connection cannot roll back is not what the caller must hear.
    if transaction.is_active:
        with suppress(exc.DBAPIError):
            transaction.rollback()


def _guard_log(logger: Any, *, hide: bool) -> None:
    """Keep control characters out of SQLAlchemy's log, and values where parameters are hidden."""
    logger = getattr(logger, "logger", logger)  # with echo, Core wraps it
    if hide:
        logger.addFilter(_without_values)
    logger.addFilter(_escaped_record)


def _escaped_record(record: logging.LogRecord) -> bool:
    record.msg = escaped(str(record.msg), keep="\n\t")
    if isinstance(record.args, tuple):
        record.args = tuple(escaped(f"{item}") if isinstance(item, (str, Exception)) else item for item in record.args)
    if record.exc_info:
        record.exc_text = escaped(_FORMATTER.formatException(record.exc_info), keep="\n\t")
    return True


def _without_values(record: logging.LogRecord) -> bool:
    # SQLAlchemy hides parameters on request, but at DEBUG it logs the rows that come back, and drivers' messages.
    if isinstance(record.args, tuple):
        record.args = tuple(type(item).__name__ if isinstance(item, Exception) else item for item in record.args)
    return not str(record.msg).startswith(("Row ", "Col "))
