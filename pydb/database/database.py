"""Connect and run transactions: a database URL in, Core connections in writing or reading transactions out."""

from __future__ import annotations

import logging
import os
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from os import PathLike
from types import TracebackType
from typing import Any, ClassVar, Literal, Self, TypeVar

from sqlalchemy import Connection, Engine, Transaction, event, exc
from sqlalchemy.engine import URL

from pydb.database.apply import Script
from pydb.database.core_engine import make_engine
from pydb.database.error_translation import translated
from pydb.database.once import Once, check_key
from pydb.database.replicas import Behind, Replicas, check_wait
from pydb.database.retry import Tries, repeat, repeats
from pydb.database.transaction import block_entered, in_block, note_failures, track_transaction
from pydb.database.url import displayed_url, parse_url
from pydb.engines.base import Rules, Settings, check_isolation, rules_for
from pydb.engines.connections import pooled_connection
from pydb.engines.forks import ChildStep, in_child
from pydb.engines.patience import keep_lock_timeout
from pydb.engines.positions import positions_of
from pydb.errors import Disconnected, OptionError, ParameterError, PydbError
from pydb.support.blocks import guarded_block
from pydb.support.escapes import escaped, shortened

__all__ = ["Database"]

Result = TypeVar("Result")

WITHIN = 30.0
"""Seconds during which ``run`` and ``run_read`` repeat a transaction."""

_FORMATTER = logging.Formatter()

_databases: weakref.WeakSet[Database] = weakref.WeakSet()


def _replace_pools() -> None:
    for database in _databases:
        for engine in database._engines():
            database.rules.after_fork_in_child(engine)


in_child(ChildStep.REPLACE_POOLS, _replace_pools)


class Database:
    """A database: its pool of connections, its transactions, its scripts.

    ``url`` is any SQLAlchemy URL of SQLite, PostgreSQL or MariaDB, by default ``$DATABASE_URL``.

    Times are in seconds.  ``pool_timeout`` limits the wait for a free connection (PoolTimeout), ``statement_timeout``
    one statement (StatementTimeout; None is no limit), ``lock_timeout`` the wait for a lock of another transaction
    (Busy), ``connect_timeout`` the connection to a server.  Other options are passed to ``sqlalchemy.create_engine``; a
    ``poolclass`` among them has its own size and timeout.

    ``read_url`` is the URL of one or more replicas, for ``read()`` and ``run_read()``; they have their own pool.
    ``pooler="transaction"`` is for a connection pooler before the server, such as PgBouncer (PostgreSQL).

    Use it as a context manager, or ``close()`` it.  A forked child gets its own connections.
    """

    _asynchronous: ClassVar[bool] = False
    """Whether the driver is asynchronous, so that tasks call the methods in greenlets."""

    def __init__(
        self,
        url: str | URL | None = None,
        *,
        read_url: str | URL | None = None,
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
        parsed = parse_url(given, asynchronous=self._asynchronous)
        self.rules = self._rules_of(rules_for(parsed.get_backend_name()))
        to_read = None if read_url is None else self._parsed_read_url(read_url)
        if pooler is not None and pooler not in self.rules.poolers:
            known = " or ".join(map(repr, self.rules.poolers))
            hint = f"{known}, or leave it out" if known else "leave it out"
            raise OptionError(f"{self.rules.product} has no pooler={shortened(pooler)!r}", hint=hint)
        self.pooler = pooler
        """How the pooler shares its sessions; None without a pooler."""
        settings = Settings(statement_timeout, lock_timeout, connect_timeout, pooler)

        def engine_at(address: URL) -> Engine:
            engine = make_engine(
                self.rules,
                address,
                settings,
                options,
                echo=echo,
                pool_size=pool_size,
                pool_timeout=pool_timeout,
                asynchronous=self._asynchronous,
            )
            return self._prepared(engine, settings)

        self.engine: Engine = engine_at(parsed)
        """The plain Core engine; its ``url`` lacks the options that may be secret."""
        self._positions = positions_of(self.rules.name)
        self._replicas = None if to_read is None else Replicas(engine_at(to_read), self._positions)
        _databases.add(self)

    def _rules_of(self, rules: Rules) -> Rules:
        """The rules of this database: the engine's ``rules``, except in a test."""
        return rules

    def _parsed_read_url(self, read_url: str | URL) -> URL:
        if self.rules.names_files:
            raise OptionError(f"{self.rules.product} has no replicas", hint="leave read_url out")
        parsed = parse_url(read_url, asynchronous=self._asynchronous)
        if rules_for(parsed.get_backend_name()).name != self.rules.name:
            raise OptionError("read_url and url are of different engines", hint="name a replica of the same database")
        return parsed

    def _prepared(self, engine: Engine, settings: Settings) -> Engine:
        engine.url = displayed_url(engine.url)
        for logger in (engine.logger, engine.pool.logger):
            _guard_log(logger, hide=engine.hide_parameters)
        keep_lock_timeout(engine, settings.lock_timeout)
        event.listen(engine, "connect", self._note_connection)
        self.rules.prepare(engine, settings)
        note_failures(engine)
        return engine

    def _engines(self) -> tuple[Engine, ...]:
        return (self.engine,) if self._replicas is None else (self.engine, self._replicas.engine)

    @property
    def read_engine(self) -> Engine:
        """The Core engine of ``read_url``, or ``engine`` without one."""
        return self._engines()[-1]

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

        ``isolation`` is one of the SQL standard's four levels; the default is the engine's.  Raises TransactionDoomed
        instead of committing if a statement failed in the block and the error did not leave the block;
        CommitOutcomeUnknown if the connection was lost during COMMIT.
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

    def read(self, after: str | None = None, wait: float = 1.0) -> AbstractContextManager[Connection]:
        """A connection in a read-only transaction: one snapshot, which never waits for a writer.

        With ``read_url`` it runs on a replica, or on the primary if no replica answers.  ``after`` is a result of
        ``position()``: the snapshot contains everything that was committed before.  A replica has ``wait`` seconds to
        reach that position; if it does not, or if the text is not a position, the transaction runs on the primary.
        Raises Disconnected.
        """
        check_wait(wait)
        return self._read(None, after, wait)

    def _read(self, isolation: str | None, after: str | None, wait: float) -> AbstractContextManager[Connection]:
        if self._replicas is None or not self._replicas.serves(isolation, after, time.monotonic()):
            return self._read_on(self.engine, isolation)
        return self._read_replica(self._replicas, isolation, after, wait)

    @guarded_block
    def _read_replica(
        self, replicas: Replicas, isolation: str | None, after: str | None, wait: float
    ) -> Iterator[Connection]:
        entered = False
        try:
            with self._read_on(replicas.engine, isolation, after, wait) as conn:
                entered = True
                replicas.note_answer()
                yield conn
            return
        except Behind:
            replicas.note_answer()
        except Disconnected:
            if entered:
                raise
            replicas.note_silence(time.monotonic())
        with self._read_on(self.engine, isolation) as conn:
            yield conn

    @guarded_block
    def _read_on(
        self, engine: Engine, isolation: str | None, after: str | None = None, wait: float = 0.0
    ) -> Iterator[Connection]:
        with translated(self.rules), self.rules.read(engine, isolation) as conn:
            if after and self._replicas is not None:
                self._replicas.wait_for(conn, after, wait)
            transaction = conn.begin()
            try:
                yield conn
            finally:
                _roll_back(transaction)

    def position(self) -> str:
        """The primary's position; ``read(after=…)`` then shows everything that is committed now, also on a replica.

        Pass it to the next reader, for example in a cookie; only the engine understands it.  On SQLite, which has no
        replicas, it is ''.  Raises PydbError if the server keeps no position; Disconnected.
        """
        if not self._positions.kept:
            return ""
        with translated(self.rules), pooled_connection(self.engine.connect) as conn:
            return self._positions.current(conn, needed=self._replicas is not None)

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
        """Call ``work(conn)`` in a ``begin()`` block; repeat the whole block after an error that may be temporary.

        Such an error is Retryable, or a connection that was lost before COMMIT was sent; never CommitOutcomeUnknown.
        ``work`` may run several times, so it must change nothing but the database.  No try begins after ``within``
        seconds (0: one try; None: no limit), or after ``attempts`` tries; then the last error is raised.  Waits for the
        pool, a connection and locks end at that time too; ``work`` is not interrupted.

        ``once`` is a key that the application chooses, of 1 to 190 characters.  It is stored in the table
        ``pydb_once``.  Only one of the calls with this key commits.  If the answer to a COMMIT was lost, ``run`` finds
        out within the time whether it has committed.  Raises AlreadyDone if another call has committed.  ``once``
        cannot be used inside another block.
        """
        tries = Tries(within, attempts)
        level = check_isolation(isolation)
        if once is None:
            return repeat(lambda: self._work_in(self._begin(level, repeats=True), work), tries, self._repeats)
        check_key(once)
        if in_block():
            raise ParameterError("run(once=…) inside of another run() or begin()", hint="pass once= to the outer run()")
        return Once(
            once, work, lambda: self._begin(level, repeats=True), self.rules, lambda: self._was_connected, tries
        ).run()

    def run_read(
        self,
        work: Callable[[Connection], Result],
        *,
        within: float | None = WITHIN,
        isolation: str | None = None,
        after: str | None = None,
        wait: float = 1.0,
    ) -> Result:
        """Call ``work(conn)`` in a ``read()`` block; repeat the whole block as ``run()`` does.

        ``isolation`` is one of the SQL standard's four levels.  The snapshot of ``read()`` satisfies all of them but
        SERIALIZABLE, which always runs on the primary.  ``after`` and ``wait`` mean the same as for ``read()``.
        """
        level = check_isolation(isolation)
        check_wait(wait)
        return repeat(lambda: self._work_in(self._read(level, after, wait), work), Tries(within, None), self._repeats)

    def _work_in(self, block: AbstractContextManager[Connection], work: Callable[[Connection], Result]) -> Result:
        with block as conn:
            return work(conn)

    def _repeats(self, error: PydbError) -> bool:
        return repeats(error, self.rules, was_connected=self._was_connected)

    def _note_connection(self, _dbapi_connection: Any, _record: Any) -> None:
        self._was_connected = True

    def apply(self, script: str | PathLike[str]) -> None:
        """Run the statements of a script file in one transaction, if the engine's DDL allows that.

        Raises SqlFileError, before the first statement runs, if the file cannot be read or contains a statement that
        controls the transaction or reaches beyond the database; DatabaseError if the engine refuses a statement.
        Raises OptionError behind a pooler: there, the script's session settings would reach other clients.
        """
        if self.pooler is not None:
            raise OptionError("a script cannot run behind a pooler", hint="connect to the server's own address")
        with self.begin() as conn:
            Script(script, self.rules, conn).run()

    def close(self) -> None:
        """Close every pooled connection."""
        for engine in self._engines():
            engine.dispose()


def _roll_back(transaction: Transaction) -> None:
    # The caller needs the first error, not a second one because a lost connection cannot roll back.
    if transaction.is_active:
        with suppress(exc.DBAPIError):
            transaction.rollback()


def _guard_log(logger: Any, *, hide: bool) -> None:
    """Escape control characters in SQLAlchemy's log; if parameters are hidden, also remove values."""
    logger = getattr(logger, "logger", logger)  # with echo, Core wraps the logger
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
    # SQLAlchemy can hide parameters, but at level DEBUG it still logs result rows and drivers' messages.
    if isinstance(record.args, tuple):
        record.args = tuple(type(item).__name__ if isinstance(item, Exception) else item for item in record.args)
    return not str(record.msg).startswith(("Row ", "Col "))
