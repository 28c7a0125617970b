"""The interface to what differs between engines at run time: an engine's name in, its ``Rules`` out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from pydb import errors
from pydb.engines import engine_of_dialect, part, registration
from pydb.sqlfile.type_words import Json
from pydb.support.escapes import shortened
from pydb.values.adapters import Adapter, serialized
from pydb.values.converters import Conversion, Converter, conversion_for
from pydb.values.json_level import JsonValues
from pydb.values.kinds import Kind
from pydb.values.unfit import Unreadable, altered_class

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Pool
    from sqlalchemy.engine import URL, Dialect

    from pydb.engines.script_bounds import Ask, Bounds
    from pydb.sqlfile.definition import Form

ISOLATION_LEVELS = ("READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")
_TIMEOUTS = "timeouts are positive numbers of seconds; lock_timeout=0 means not to wait"
NO_TABLE = "does this database have its schema? `pydb schema apply` or Database.apply creates it"
NO_SERVER = "is the server running, and are host and port right?"
NO_ENTRY = "check the user, the password and the name of the database"
NO_OPTION = "check the options of the URL; the driver's message is in .orig (it may contain them)"
POOLED = "pydb_pooled"
"""The execution option of an engine that connects through a pooler."""

ANSWER = 1.5
"""Seconds within which a working server answers, in addition to ``statement_timeout``."""

_inherited: list[Pool] = []


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of ``Database`` that each engine implements in its own way; times in seconds, None is no limit.

    ``pooler`` is how a pooler in front of the server shares its sessions: by ``transaction``.
    """

    statement_timeout: float | None
    lock_timeout: float
    connect_timeout: float
    pooler: str | None = None

    def __post_init__(self) -> None:
        limit = self.statement_timeout
        numbers = (self.lock_timeout, self.connect_timeout, 1 if limit is None else limit)
        if not all(isinstance(seconds, (int, float)) for seconds in numbers):
            raise errors.OptionError(_TIMEOUTS)
        if self.lock_timeout < 0 or self.connect_timeout <= 0 or (limit is not None and limit <= 0):
            raise errors.OptionError(_TIMEOUTS)

    @property
    def answer_timeout(self) -> float | None:
        """Seconds of silence during a statement after which pydb gives up the connection; None is no limit.

        The server stops the statement itself at ``statement_timeout``, and needs a moment to report that.
        """
        return None if self.statement_timeout is None else self.statement_timeout + ANSWER


@dataclass(frozen=True, slots=True)
class Failure:
    """The meaning of a driver's exception: the class of pydb's error, and a message without values."""

    error: type[errors.DatabaseError]
    message: str
    constraint: str | None = None
    table: str | None = None
    columns: tuple[str, ...] = ()
    hint: str | None = None


class CursorCache(Protocol):
    """Reusable cursors of one connection of a driver, each for one text of SQL."""

    def acquire(self, sql: str, /) -> Any: ...
    def release(self, sql: str, cursor: Any, /) -> None: ...


class Rules(ABC):
    """Everything at run time that is true of one engine only.

    ``name`` is the name of the engine and of its overlay folder, ``product`` the name in messages.
    ``adapters`` turn parameters into the driver's types, ``converters`` the driver's values into the record's types.
    ``max_parameters`` is the maximum number of parameters of one statement.
    ``driver_counts_rows``: the driver knows at once how many rows a query has returned.
    ``driver_checks_integers``: the driver raises OverflowError for an integer beyond 64 bits.
    ``empty_lists`` is the SQL for ``IN`` and ``NOT IN`` with an empty list, if Core's SQL does not fit columns of
    every type.
    ``altered_types`` are the driver's codes of the types that may have an ``Altered`` value.
    ``native_words`` are the type words whose values the driver returns unchanged, if no record converts them.
    ``names_files``: a URL contains the path of a file, not a host.
    ``ddl_commits``: DDL such as CREATE and DROP commits the open transaction.
    ``names_may_contain_values``: the driver writes values into the SQL, so the name of a column without an alias may
    contain a value.
    ``json_values`` describes how the engine writes values into JSON.
    ``once_table`` is the DDL of the table to which ``Database.run(work, once=key)`` writes.
    ``driver`` is the URL's name of the dialect and driver that pydb's extra installs, ``asynchronous_driver`` that of
    AsyncDatabase.
    ``several_hosts``: the driver accepts several hosts in one URL.
    ``savepoint_first``: only a rollback to an earlier savepoint undoes a failed statement; the engine itself does not.
    ``poolers`` are the values that ``Database(pooler=…)`` accepts.
    ``array`` makes the driver's array from a list of values; without it, a list is stored as JSON.
    """

    adapters: ClassVar[Mapping[type, Adapter]]
    converters: ClassVar[Mapping[Any, Converter | None]]
    max_parameters: ClassVar[int]
    once_table: ClassVar[str]
    driver_counts_rows: ClassVar[bool] = True
    driver_checks_integers: ClassVar[bool] = False
    empty_lists: ClassVar[tuple[str, str] | None] = None
    names_may_contain_values: ClassVar[bool] = False
    altered_types: ClassVar[frozenset[Any]] = frozenset()
    native_words: ClassVar[frozenset[str]] = frozenset({"int", "float", "str", "bytes"})
    ddl_commits: ClassVar[bool] = False
    names_files: ClassVar[bool] = False
    json_values: ClassVar[JsonValues] = JsonValues()
    driver: ClassVar[str]
    asynchronous_driver: ClassVar[str | None] = None
    several_hosts: ClassVar[bool] = False
    savepoint_first: ClassVar[bool] = False
    poolers: ClassVar[tuple[str, ...]] = ()
    array: Adapter | None = None
    unknown_outcome_hint: ClassVar[str] = (
        "repeat it with Database.run(work, once=key), or insert a row with the same unique key again: that waits for "
        "the old transaction"
    )

    def __init__(self, name: str) -> None:
        self.name = name
        self.product = registration(name).product

    def conversion(self, kind: Kind, type_code: Any, json_loads: Converter | None = None) -> Conversion | None:
        """How a result column's values become ``kind``; ``type_code`` is from the cursor's description, if any.

        ``json_loads`` is the engine's ``json_deserializer``, if the application passed one.
        """
        converters = self.converters
        if json_loads is not None:
            converters = {**converters, Json: self.json_converter(json_loads)}
        return conversion_for(kind, converters)

    def json_converter(self, loads: Converter) -> Converter:
        """The converter of a stored JSON document that calls ``loads``, the application's ``json_deserializer``."""
        return loads

    def adapters_for(self, dialect: Dialect) -> Mapping[type, Adapter]:
        """The adapters of an engine's connections; its ``json_serializer``, if it has one, writes JSON documents."""
        dumps, _ = json_functions(dialect)
        if dumps is None:
            return self.adapters
        write = partial(serialized, dumps)
        return {**self.adapters, dict: write, list: write}

    @abstractmethod
    def classify(self, orig: BaseException, sql: str | None) -> Failure:
        """The meaning of a driver's exception.  ``sql`` is the text that was sent: a message may contain its words."""

    def prepare_connection(self, conn: Connection) -> None:  # noqa: B027
        """Prepare any connection, also of an engine that is not ``Database``'s, to read values correctly."""

    def altered(self, value: Any) -> str | None:
        """A description of the stored value, if the driver's value of an altered type differs from it; else None."""
        found = altered_class(value)
        return None if found is None else found.what

    def answer_of(self, cursor: Any) -> Any:
        """The data that ``unreadable`` needs from a driver's cursor, which is closed by then."""
        return None

    def unreadable(self, orig: BaseException, answer: Any) -> Unreadable | None:
        """The column whose value the driver could not read; None if the exception means something else."""
        return None

    def add_constraint_details(self, failure: Failure, connection: Any, sql: str | None, parameters: Any) -> Failure:
        """The failure of a constraint, with the details that the driver's message lacks.

        ``connection`` is the driver's, on which the statement failed; queries on it are allowed, if their errors are
        caught.
        """
        return failure

    @abstractmethod
    def create_engine_options(self, url: URL, settings: Settings) -> dict[str, Any]:
        """Keyword arguments for ``create_engine``: the driver's connection settings."""

    def merge_connect_args(self, own: Mapping[str, Any], given: Mapping[str, Any], url: URL) -> dict[str, Any]:
        """The driver's options: pydb's, overridden by those of the caller and of the URL."""
        return {**{name: value for name, value in own.items() if name not in url.query}, **given}

    @abstractmethod
    def prepare(self, engine: Engine, settings: Settings) -> None:
        """Attach the listeners that set up each new connection of ``Database``'s engine."""

    @abstractmethod
    def begin(
        self, engine: Engine, isolation: str | None, *, repeats: bool = False
    ) -> AbstractContextManager[Connection]:
        """A connection whose next transaction is a writing one; the context spans the transaction.

        ``repeats`` is true if the caller repeats the transaction after a Retryable error.
        """

    @abstractmethod
    def read(self, engine: Engine, isolation: str | None = None) -> AbstractContextManager[Connection]:
        """A connection whose next transaction is a reading one: a snapshot that never waits for a writer.

        It satisfies every isolation level of the SQL standard but SERIALIZABLE, which needs ``isolation``.
        """

    def file_of(self, url: URL) -> str | None:
        """The path of the database file that a URL names; None for a server, and for a database without a path."""
        return None

    def session_ender(self, engine: Engine) -> Callable[[Callable[[], AbstractContextManager[Connection]]], None]:
        """A function that ends the sessions that ``engine`` opens from now on, after an interrupt of their client.

        Its argument opens a working connection.  By default it does nothing, because a session ends by itself.
        """
        return lambda _connect: None

    def keep_apart(self, conn: Connection) -> None:
        """Prevent the pool from using this connection again after it is closed."""
        conn.detach()

    def session_of(self, conn: Connection) -> Any:
        """The data about a connection that ``end_session`` needs; None for an engine without a server."""
        return None

    def end_session(self, conn: Connection, session: Any, age: float) -> None:  # noqa: B027
        """End another session of this program if it still exists; ``session`` is from ``age`` seconds ago."""

    @abstractmethod
    def rolls_back_transaction(self, conn: Connection, orig: BaseException) -> bool:
        """Whether the engine itself has rolled back the whole transaction because of this error."""

    def drop_cursor(self, cursor: Any) -> None:
        """Release a cursor without sending anything: its connection is lost, or another caller uses it."""
        return

    def raised_meanwhile(self, conn: Connection, orig: BaseException) -> BaseException | None:
        """The exception that was raised in this thread while the driver worked, and that became ``orig``.

        An example is the exception of a signal handler.  None if ``orig`` is an error of the statement.
        """
        return None

    def transaction_failed(self, conn: Connection) -> bool:
        """Whether the engine has ended the transaction or will refuse to commit it; SQL outside pydb counts too."""
        return False

    def asks_to_repeat(self, orig: BaseException) -> bool:
        """Whether to repeat a transaction that failed with this exception, although it is not ``Retryable``."""
        return False

    def is_refusal(self, orig: BaseException) -> bool:
        """Whether the error says that the server is not the primary, and so has not executed the statement."""
        return False

    def cannot_connect(self, orig: BaseException) -> bool:
        """Whether further tries cannot connect either: for example, the host is unknown."""
        return False

    def commits_by_itself(self, form: Form) -> bool:
        """Whether the engine commits the open transaction before such a statement."""
        return False

    def in_transaction(self, conn: Connection) -> bool:
        """Whether a transaction with statements is open; only the engines whose DDL commits implement it."""
        return False

    def can_set_savepoint(self, conn: Connection) -> bool:
        """Whether the connection is in a transaction in which savepoints work."""
        return False

    def undoes_all(self, conn: Connection) -> bool:
        """Whether a rollback to a savepoint undoes changes to every table of the database."""
        return True

    def mode_conflict(self, conn: Connection, form: Form) -> str | None:
        """A message about settings of the connection that change the meaning of a form; None if there are none."""
        return None

    def after_fork_in_child(self, engine: Engine) -> None:
        """Give this process, a forked child, its own connections.

        If parent and child shared a connection, each could read answers that are for the other.  To close it can end
        the parent's session, so the old pool is kept unused.
        """
        _inherited.append(engine.pool)
        engine.dispose(close=False)

    def may_give_results(self, form: Form) -> bool:
        """Whether the statement may return more than one result set, as the CALL of a procedure does."""
        return False

    def gives_more(self, cursor: Any) -> bool:
        """Whether the driver's cursor has another result set; its rows must have been read."""
        return False

    def rows_changed(self, conn: Connection, rowcount: int) -> int:
        """The number of rows that the last statement has changed, given the cursor's ``rowcount``."""
        return rowcount

    def counts_many(self, sql: str) -> bool:
        """Whether the driver's ``executemany`` of this statement reports how many rows it has changed."""
        return True

    def json_as_text(self, conn: Connection) -> AbstractContextManager[None]:
        """A context in which the connection's new cursors return JSON as text."""
        return nullcontext()

    def begin_stream(self, cursor: Any) -> None:  # noqa: B027
        """Prepare the driver's cursor for a stream; by default there is nothing to do."""

    def cursor_cache(self, dialect: Dialect) -> Callable[[Connection, Any], CursorCache] | None:
        """The function that returns a connection's cursor cache; None if new cursors are fast and synchronous."""
        return None

    def numbered_cursor(self, dbapi_connection: Any) -> Any:
        """A driver's cursor that accepts ``$1, $2, …`` and so need not parse the statement; None if it has none."""
        return None

    def rows(self, cursor: Any) -> Iterable[Sequence[Any]]:
        """The rows of a driver's cursor, read in the fastest way of this driver."""
        return cursor  # type: ignore[no-any-return]

    @abstractmethod
    def script_bounds(self, ask: Ask) -> Bounds:
        """The rules for a script on the connection that ``ask`` queries."""

    def confined(self, dbapi_connection: Any) -> AbstractContextManager[None]:
        """A context in which the engine keeps the connection within its database, as far as it can."""
        return nullcontext()

    def statements(self, script: str) -> Iterator[tuple[int, str]]:
        """Cut a script into statements; each begins at its first word, and has the number of its first line."""
        from pydb.sqlfile.script import statements

        return statements(script, self.name)


def json_functions(dialect: Dialect) -> tuple[Callable[[Any], Any] | None, Callable[[Any], Any] | None]:
    """The ``json_serializer`` and ``json_deserializer`` that were passed to ``create_engine``, or None."""
    return getattr(dialect, "_json_serializer", None), getattr(dialect, "_json_deserializer", None)


def class_of(orig: BaseException) -> type[errors.DatabaseError]:
    """pydb's class for a driver's exception, by the PEP 249 name of its class."""
    for base in type(orig).__mro__:
        name = _BY_PEP_249.get(base.__name__)
        if name is not None:
            kind: type[errors.DatabaseError] = getattr(errors, name)
            return kind
    return errors.DatabaseError


_NAMES = ("DataError", "NotSupportedError", "InternalError", "ProgrammingError", "OperationalError", "InterfaceError")
_BY_PEP_249 = {"IntegrityError": "ConstraintViolation", **{name: name for name in _NAMES}}
"""Names of pydb's classes, and not the classes: to import these would import SQLAlchemy."""


def check_isolation(isolation: str | None) -> str | None:
    """The isolation level in upper case.  Raises OptionError unless it is one of the SQL standard's four levels."""
    if isolation is None:
        return None
    level = isolation.upper().replace("_", " ") if isinstance(isolation, str) else ""
    if level not in ISOLATION_LEVELS:
        levels = ", ".join(ISOLATION_LEVELS)
        raise errors.OptionError(f"no isolation level is named '{shortened(isolation)}'", hint=f"one of {levels}")
    return level


def rules_of(engine: str) -> Rules:
    """The rules of the engine of that name.  Raises PydbError for an unknown engine."""
    rules: Rules = part(engine, "rules")
    return rules


def rules_for(dialect: str) -> Rules:
    """The rules of the engine to which a SQLAlchemy dialect connects.  Raises PydbError for an unsupported dialect."""
    return rules_of(engine_of_dialect(dialect))
