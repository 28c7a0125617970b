"""What differs between engines at run time, as one interface: each engine's folder has a ``Rules`` subclass."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from sqlalchemy import Connection, Engine, Pool
from sqlalchemy.engine import URL, Dialect

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
    from pydb.engines.script_bounds import Ask, Bounds
    from pydb.sqlfile.definition import Form

ISOLATION_LEVELS = ("READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")
_TIMEOUTS = "timeouts are positive numbers of seconds; lock_timeout may be 0, not to wait at all"
NO_TABLE = "does this database have its schema? `pydb schema apply` or Database.apply creates it"
NO_SERVER = "is the server running, and are host and port right?"
NO_ENTRY = "check the user, the password and the name of the database"
NO_OPTION = "check the options of the URL; the driver's message is in .orig (it may contain them)"
POOLED = "pydb_pooled"
"""The execution option of an engine whose sessions are a pooler's."""

ANSWER = 1.5
"""Seconds for the answer of a server that works."""

_inherited: list[Pool] = []


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of ``Database`` that each engine carries out its own way; times in seconds, None is no limit.

    ``pooler`` says by what a pooler between here and the server shares its sessions: by ``transaction``.
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
        """How long a server may say nothing in the middle of a statement before it is given up as hung.

        The server stops the statement itself at ``statement_timeout``, and needs a moment to say so.
        """
        return None if self.statement_timeout is None else self.statement_timeout + ANSWER


@dataclass(frozen=True, slots=True)
class Failure:
    """What a driver's exception means: the class of ours, and a message that holds no value."""

    error: type[errors.DatabaseError]
    message: str
    constraint: str | None = None
    table: str | None = None
    columns: tuple[str, ...] = ()
    hint: str | None = None


class CursorCache(Protocol):
    """Cursors of one driver's connection that are used again, each for one text of SQL."""

    def acquire(self, sql: str, /) -> Any: ...
    def release(self, sql: str, cursor: Any, /) -> None: ...


class Rules(ABC):
    """Everything that is true of one engine only.

    ``name`` is the engine's name and overlay folder, ``product`` what messages call it.  ``adapters`` turn parameters
    into what its driver takes, ``converters`` turn what its driver gives into the record's types, and
    ``max_parameters`` is how many parameters one statement can carry.
    ``driver_counts_rows`` says that the driver knows at once how many rows a query has returned.
    ``driver_checks_integers`` says that the driver raises OverflowError for an integer beyond 64 bits.
    ``empty_lists`` is what to write for ``IN`` and ``NOT IN`` an empty list, where Core's own way does not fit
    columns of every type.
    ``altered_types`` are the driver's codes of the types of which it may give an ``Altered`` value.
    ``native_words`` are the type words whose values the driver gives as they are, where no record converts them.
    ``names_files`` says that a URL has the path of a file, not a host.
    ``ddl_commits`` says that CREATE, DROP and their like commit the transaction that is under way.
    ``names_hold_values`` says that the driver writes values into the SQL, and so a column without a name is named
    after one.
    ``json_values`` is how the engine writes values into JSON.
    ``once_table`` is the DDL of the table that ``Database.run(work, once=key)`` writes to.
    ``driver`` is how URLs name the dialect and driver that pydb's extra installs, ``asynchronous_driver`` the one that
    AsyncDatabase takes.
    ``several_hosts`` says that the driver takes several hosts in one URL.
    ``savepoint_first`` says that a statement which fails is undone by a savepoint from before it, not by itself.
    ``poolers`` are the kinds of poolers between here and its server that ``Database`` takes.
    ``array`` makes the driver's array of a list of a driver's values; where there is none, a list is stored as JSON.
    """

    adapters: ClassVar[Mapping[type, Adapter]]
    converters: ClassVar[Mapping[Any, Converter | None]]
    max_parameters: ClassVar[int]
    once_table: ClassVar[str]
    driver_counts_rows: ClassVar[bool] = True
    driver_checks_integers: ClassVar[bool] = False
    empty_lists: ClassVar[tuple[str, str] | None] = None
    names_hold_values: ClassVar[bool] = False
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
        """How values of a result column become ``kind``; ``type_code`` is the description's, where it has one.

        ``json_loads`` is the engine's ``json_deserializer``, where the application gave one.
        """
        converters = self.converters
        if json_loads is not None:
            converters = {**converters, Json: self.json_converter(json_loads)}
        return conversion_for(kind, converters)

    def json_converter(self, loads: Converter) -> Converter:
        """What reads a stored document by the application's ``json_deserializer``."""
        return loads

    def adapters_for(self, dialect: Dialect) -> Mapping[type, Adapter]:
        """The adapters of an engine's connections: documents are written by its ``json_serializer``, if it has one."""
        dumps, _ = json_functions(dialect)
        if dumps is None:
            return self.adapters
        write = partial(serialized, dumps)
        return {**self.adapters, dict: write, list: write}

    @abstractmethod
    def classify(self, orig: BaseException, sql: str | None) -> Failure:
        """What a driver's exception means.  ``sql`` is what was sent: a word that stands in it is no secret."""

    def prepare_connection(self, conn: Connection) -> None:  # noqa: B027
        """Prepare any connection, also of an engine that is not ``Database``'s, to read values rightly."""

    def altered(self, value: Any) -> str | None:
        """What the database holds, where a value of one of the ``altered_types`` is not equal to it; else None."""
        found = altered_class(value)
        return None if found is None else found.what

    def answer_of(self, cursor: Any) -> Any:
        """What ``unreadable`` needs of a driver's cursor, which is closed by then."""
        return None

    def unreadable(self, orig: BaseException, answer: Any) -> Unreadable | None:
        """The column whose value the driver could not read; None where the exception is about something else."""
        return None

    def add_constraint_details(self, failure: Failure, connection: Any, sql: str | None, parameters: Any) -> Failure:
        """The failure with what its message left out about a broken constraint.

        ``connection`` is the driver's, on which the statement failed; it may be asked, as long as nothing it answers
        can raise.
        """
        return failure

    @abstractmethod
    def create_engine_options(self, url: URL, settings: Settings) -> dict[str, Any]:
        """Keyword arguments for ``create_engine``: the driver's connection settings."""

    def merge_connect_args(self, own: Mapping[str, Any], given: Mapping[str, Any], url: URL) -> dict[str, Any]:
        """The driver's options: pydb's own, and what the caller has given, also in the URL, which goes before."""
        return {**{name: value for name, value in own.items() if name not in url.query}, **given}

    @abstractmethod
    def prepare(self, engine: Engine, settings: Settings) -> None:
        """Attach what each new connection of ``Database``'s engine needs."""

    @abstractmethod
    def begin(
        self, engine: Engine, isolation: str | None, *, repeats: bool = False
    ) -> AbstractContextManager[Connection]:
        """A connection whose next transaction is a writing one; the context spans the transaction.

        ``repeats`` says that the caller repeats it when the engine asks for that.
        """

    @abstractmethod
    def read(self, engine: Engine, isolation: str | None = None) -> AbstractContextManager[Connection]:
        """A connection whose next transaction is a reading one: a snapshot that never waits for a writer.

        It serves all of the standard's levels but SERIALIZABLE, which is asked for by ``isolation``.
        """

    def file_of(self, url: URL) -> str | None:
        """The path of the database file that a URL names; None for a server, and for a database without a path."""
        return None

    def session_ender(self, engine: Engine) -> Callable[[Callable[[], AbstractContextManager[Connection]]], None]:
        """What ends the sessions that ``engine`` opens from now on, after their client was interrupted.

        It is given what opens a connection that works.  By default a session ends by itself.
        """
        return lambda _connect: None

    def keep_apart(self, conn: Connection) -> None:
        """Let nobody else use this connection after it is closed."""
        conn.detach()

    def session_of(self, conn: Connection) -> Any:
        """What ``end_session`` needs of a connection; None where there is no server."""
        return None

    def end_session(self, conn: Connection, session: Any, age: float) -> None:  # noqa: B027
        """End another session of this program's, known ``age`` seconds ago, if it is still there."""

    @abstractmethod
    def rolls_back_transaction(self, conn: Connection, orig: BaseException) -> bool:
        """Whether the engine has rolled the whole transaction back by itself when it raised this exception."""

    def drop_cursor(self, cursor: Any) -> None:
        """Let go of a cursor whose connection is lost, or is somebody else's by now, and send nothing."""
        return

    def raised_meanwhile(self, conn: Connection, orig: BaseException) -> BaseException | None:
        """What was raised in this thread while the driver was at work, where ``orig`` is all that is left of it.

        A signal's exception, say; None where ``orig`` is an error of the statement.
        """
        return None

    def transaction_failed(self, conn: Connection) -> bool:
        """Whether the engine has ended the transaction or will refuse to commit it, whoever has sent the statement."""
        return False

    def asks_to_repeat(self, orig: BaseException) -> bool:
        """Whether a transaction that failed with this exception succeeds when it is repeated, beside ``Retryable``."""
        return False

    def is_refusal(self, orig: BaseException) -> bool:
        """Whether a server that is not the primary has said so: it has not done the statement."""
        return False

    def cannot_connect(self, orig: BaseException) -> bool:
        """Whether no connection can be made however often it is tried: an unknown host, TLS that does not match."""
        return False

    def commits_by_itself(self, form: Form) -> bool:
        """Whether the engine commits, before such a statement, the transaction that is under way."""
        return False

    def in_transaction(self, conn: Connection) -> bool:
        """Whether a transaction with statements in it is under way, as far as ``commits_by_itself`` matters."""
        return False

    def can_set_savepoint(self, conn: Connection) -> bool:
        """Whether the connection is in a transaction of which a savepoint can undo a part."""
        return False

    def undoes_all(self, conn: Connection) -> bool:
        """Whether that is so for every table of the database."""
        return True

    def mode_conflict(self, conn: Connection, form: Form) -> str | None:
        """What a form means on this connection other than it says, because of the connection's settings; or None."""
        return None

    def after_fork_in_child(self, engine: Engine) -> None:
        """Give this process, a forked child, connections of its own.

        One that it shares with the parent would mix up both processes' answers, and even closing it can end the
        parent's session: the old pool is kept, unused.
        """
        _inherited.append(engine.pool)
        engine.dispose(close=False)

    def may_give_results(self, form: Form) -> bool:
        """Whether the statement may give more than one set of rows, as the CALL of a procedure does."""
        return False

    def gives_more(self, cursor: Any) -> bool:
        """Whether the driver's cursor, whose rows were read, has another set of them."""
        return False

    def rows_changed(self, conn: Connection, rowcount: int) -> int:
        """The number of rows that the statement just run has changed, given the cursor's ``rowcount``."""
        return rowcount

    def counts_many(self, sql: str) -> bool:
        """Whether the driver's ``executemany`` of this statement tells how many rows it has changed."""
        return True

    def json_as_text(self, conn: Connection) -> AbstractContextManager[None]:
        """While it lasts, the cursors that the connection makes give JSON as the text that it is."""
        return nullcontext()

    def begin_stream(self, cursor: Any) -> None:  # noqa: B027
        """Prepare the driver's cursor, which a stream is about to read; by default there is nothing to do."""

    def cursor_cache(self, dialect: Dialect) -> Callable[[Connection, Any], CursorCache] | None:
        """What gives a connection's cache of cursors, where the driver makes new ones slowly or asynchronous ones."""
        return None

    def numbered_cursor(self, dbapi_connection: Any) -> Any:
        """A driver's cursor that takes ``$1, $2, …`` and so need not read the statement; None where it has none."""
        return None

    def rows(self, cursor: Any) -> Iterable[Sequence[Any]]:
        """The rows of a driver's cursor, read in the way that this driver is fastest at."""
        return cursor  # type: ignore[no-any-return]

    @abstractmethod
    def script_bounds(self, ask: Ask) -> Bounds:
        """What a script may contain on the connection that ``ask`` asks."""

    def confined(self, dbapi_connection: Any) -> AbstractContextManager[None]:
        """While it lasts, the engine itself keeps the connection within its database, as far as it has the means."""
        return nullcontext()

    def statements(self, script: str) -> Iterator[tuple[int, str]]:
        """Cut a script into statements, each from its first word on, with the number of its first line."""
        from pydb.sqlfile.script import statements

        return statements(script, self.name)


def json_functions(dialect: Dialect) -> tuple[Callable[[Any], Any] | None, Callable[[Any], Any] | None]:
    """The ``json_serializer`` and ``json_deserializer`` that ``create_engine`` was given."""
    return getattr(dialect, "_json_serializer", None), getattr(dialect, "_json_deserializer", None)


def class_of(orig: BaseException) -> type[errors.DatabaseError]:
    """Our class for a driver's exception, by the name that PEP 249 gives its class."""
    for base in type(orig).__mro__:
        ours = _BY_PEP_249.get(base.__name__)
        if ours is not None:
            return ours
    return errors.DatabaseError


_BY_PEP_249: Mapping[str, type[errors.DatabaseError]] = {
    "IntegrityError": errors.ConstraintViolation,
    "DataError": errors.DataError,
    "NotSupportedError": errors.NotSupportedError,
    "InternalError": errors.InternalError,
    "ProgrammingError": errors.ProgrammingError,
    "OperationalError": errors.OperationalError,
    "InterfaceError": errors.InterfaceError,
}


def check_isolation(isolation: str | None) -> str | None:
    """The isolation level in upper case.  Raises OptionError for a word that is none of the standard's four."""
    if isolation is None:
        return None
    level = isolation.upper().replace("_", " ") if isinstance(isolation, str) else ""
    if level not in ISOLATION_LEVELS:
        levels = ", ".join(ISOLATION_LEVELS)
        raise errors.OptionError(f"no isolation level is named '{shortened(isolation)}'", hint=f"one of {levels}")
    return level


def rules_of(engine: str) -> Rules:
    """The rules of the engine of that name.  Raises PydbError."""
    rules: Rules = part(engine, "rules")
    return rules


def rules_for(dialect: str) -> Rules:
    """The rules of the engine that a SQLAlchemy dialect speaks to.  Raises PydbError."""
    return rules_of(engine_of_dialect(dialect))
