"""PostgreSQL through psycopg 3: an engine's name in; the Rules for connections, transactions, errors and values out.

Sources: https://www.postgresql.org/docs/current/errcodes-appendix.html,
https://www.postgresql.org/docs/current/transaction-iso.html.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import URL, Dialect

from pydb.engines import patience, read_connections
from pydb.engines.base import POOLED, CursorCache, Failure, Rules, Settings, json_functions
from pydb.engines.connections import pooled_connection
from pydb.engines.lost_connections import drop_lost_connections
from pydb.engines.postgresql.arrays import array_literal, array_of_literal
from pydb.engines.postgresql.cursor_cache import async_cursors_of, cursors_of
from pydb.engines.postgresql.error_codes import READ_ONLY, classify, is_lost
from pydb.engines.postgresql.ranges import range_adapters
from pydb.engines.postgresql.unreadable import INTERVALS, load_intervals, unreadable
from pydb.engines.postgresql.values import ADAPTERS, CONVERTERS, JSON_VALUES
from pydb.errors import OptionError
from pydb.sqlfile.type_words import Json
from pydb.support.blocks import guarded_block
from pydb.values import converters
from pydb.values.adapters import Adapter
from pydb.values.converters import Conversion, Converter, conversion_for
from pydb.values.kinds import Kind, ListOf
from pydb.values.unfit import Unreadable, altered_class

if TYPE_CHECKING:
    from pydb.engines.script_bounds import Ask, Bounds

# The numbers of json and jsonb in pg_type.
_JSON = (114, 3802)

_END_SESSION = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE pid = :pid AND usename = current_user AND backend_start < clock_timestamp() - :age * interval '1 second'"
)
_IN_ERROR = 3  # PQTRANS_INERROR: https://www.postgresql.org/docs/current/libpq-status.html
# libpq's messages about failed connections that will fail again: host, TLS, authentication.
_HOPELESS = re.compile(
    r"failed to resolve host|could not translate host name|does not support SSL|SSL error|certificate|GSSAPI|sslmode"
    r"|no pg_hba\.conf entry|authentication failed|does not exist|no password supplied|authentication method"
)

_ROWS = 200
"""The number of rows to take from a cursor at a time."""


def _load_json(loads: Converter, dbapi_connection: Any, _record: Any) -> None:
    from psycopg.types.json import set_json_loads

    set_json_loads(_json_of_bytes(loads), getattr(dbapi_connection, "driver_connection", dbapi_connection))


@lru_cache(maxsize=16)
def _json_of_bytes(loads: Converter) -> Converter:
    """A function that decodes JSON; cached, because psycopg keeps a class for each function, and warns of closures."""
    return partial(_decoded, loads)


def _decoded(loads: Converter, data: Any) -> Any:
    return loads(str(data, "utf-8"))


def _unaltered(kind: type, value: Any) -> Any:
    if altered_class(value) is not None or not isinstance(value, kind):
        raise TypeError("not what is stored")
    return value


class Postgresql(Rules):
    """The rules of PostgreSQL 13 and newer."""

    adapters = ADAPTERS
    converters = CONVERTERS
    json_values = JSON_VALUES
    max_parameters = 65_535
    driver = asynchronous_driver = "postgresql+psycopg"
    several_hosts = True
    savepoint_first = True
    poolers = ("transaction",)
    # Measured with psycopg; docs/values.md says how the other types are stored.
    native_words = Rules.native_words | {
        *("bool", "Decimal", "date", "time", "datetime", "AwareDatetime", "timedelta", "UUID", "list"),
    }
    altered_types = INTERVALS
    # An array literal gets the type of the value that it is compared with; Core's empty set contains integers.
    array = staticmethod(array_literal)
    empty_lists = ("= ANY ('{}')", "<> ALL ('{}')")
    once_table = """\
CREATE TABLE pydb_once (
    key text COLLATE "C" NOT NULL,
    attempt uuid NOT NULL,
    done_at timestamp with time zone NOT NULL,
    CONSTRAINT pydb_once_pkey PRIMARY KEY (key)
);"""
    unknown_outcome_hint = Rules.unknown_outcome_hint + "; pg_xact_status() reports whether it was committed"

    def adapters_for(self, dialect: Dialect) -> Mapping[type, Adapter]:
        # Not at the top of the module: psycopg need not be installed before there is a connection.
        return {**super().adapters_for(dialect), **range_adapters()}

    def classify(self, orig: BaseException, sql: str | None) -> Failure:
        return classify(orig, sql)

    def prepare_connection(self, conn: Connection) -> None:
        # If the connection has another problem, the statement itself raises the best error.
        if conn.dialect.driver == "psycopg" and not conn.closed and not conn.invalidated:
            load_intervals(conn.connection.driver_connection)

    def drop_cursor(self, cursor: Any) -> None:
        # psycopg warns of a server-side cursor that was not closed; only the part of close() that sends nothing runs
        # here.
        with suppress(Exception):
            getattr(cursor, "_cursor", cursor)._close()

    def answer_of(self, cursor: Any) -> Any:
        return getattr(cursor, "pgresult", None)

    def unreadable(self, orig: BaseException, answer: Any) -> Unreadable | None:
        return unreadable(orig, answer) if "psycopg" in sys.modules else None

    def conversion(self, kind: Kind, type_code: Any, json_loads: Converter | None = None) -> Conversion | None:
        if kind.type in (object, list) and type_code in INTERVALS:
            return Conversion(None, partial(_unaltered, kind.type), kind.nullable or kind.type is object)
        # psycopg itself reads columns of these types; it returns JSON in a column of text as text.
        converters = self.converters if type_code in _JSON else {**self.converters, Json: json_loads or json.loads}
        if isinstance(kind.type, ListOf) and type_code not in _JSON:
            return _conversion_of_array(kind, conversion_for(kind, {**converters, Json: None}))
        return conversion_for(kind, converters)

    def create_engine_options(self, url: URL, settings: Settings) -> dict[str, Any]:
        arguments: dict[str, Any] = {"connect_timeout": max(1, math.ceil(settings.connect_timeout))}
        if settings.pooler is None:
            arguments["options"] = " ".join(f"-c {name}={value}" for name, value in _session(settings).items())
        else:
            # Behind a pooler, the next transaction may get another session, which lacks the prepared statements.
            arguments["prepare_threshold"] = None
        return {"connect_args": arguments, "pool_pre_ping": True}

    def merge_connect_args(self, own: Mapping[str, Any], given: Mapping[str, Any], url: URL) -> dict[str, Any]:
        if "options" not in own:
            if "options" in url.query or "options" in given:
                hint = "use ALTER ROLE … SET … for settings of the application"
                raise OptionError("options= cannot pass through a connection pooler", hint=hint)
            return super().merge_connect_args(own, given, url)
        # One option of libpq contains all settings of the session; if it sets one twice, the later value counts.
        in_url = url.query.get("options", ())
        session = [own["options"], *([in_url] if isinstance(in_url, str) else in_url), given.get("options") or ""]
        return {**super().merge_connect_args(own, given, url), "options": " ".join(session).strip()}

    def prepare(self, engine: Engine, settings: Settings) -> None:
        drop_lost_connections(engine, is_lost)
        event.listen(engine, "begin", _begin)
        if engine.dialect.driver == "psycopg":
            dialect: Any = engine.dialect  # not a listener to do_connect, because it would prevent the application's
            # own listeners
            _watch_answers(dialect, settings)
            _, loads = json_functions(engine.dialect)
            event.listen(engine, "connect", partial(_load_json, loads or converters.json_of_text))
            event.listen(
                engine, "connect", lambda driver, _record: load_intervals(getattr(driver, "driver_connection", driver))
            )
            if settings.pooler is not None:
                from pydb.engines.postgresql.pooler import share_sessions

                share_sessions(engine, _session(settings), settings.connect_timeout)
            else:
                from pydb.engines.postgresql.sessions import reset_sessions

                reset_sessions(engine, settings.connect_timeout)
        elif settings.pooler is not None:
            raise OptionError("pooler= needs the driver psycopg", hint="write postgresql+psycopg://…")

    @contextmanager
    def json_as_text(self, conn: Connection) -> Iterator[None]:
        # psycopg would return the numbers as floats.
        if conn.dialect.driver != "psycopg":
            yield
            return
        from psycopg.types.string import TextLoader

        adapters = conn.connection.driver_connection.adapters  # type: ignore[union-attr]
        usual = [(number, adapters.get_loader(number, 0)) for number in _JSON]
        try:
            for number in _JSON:
                adapters.register_loader(number, TextLoader)
            yield
        finally:
            for number, loader in usual:
                adapters.register_loader(number, loader)

    def cursor_cache(self, dialect: Dialect) -> Callable[[Connection, Any], CursorCache] | None:
        if dialect.driver != "psycopg":
            return None
        return async_cursors_of if dialect.is_async else cursors_of

    def numbered_cursor(self, dbapi_connection: Any) -> Any:
        # psycopg's other cursors search a long statement for %s each time, which is most of the cost of a batch.
        psycopg = sys.modules.get("psycopg")
        is_its = psycopg is not None and isinstance(dbapi_connection, psycopg.Connection)
        return psycopg.RawCursor(dbapi_connection) if psycopg is not None and is_its else None

    def rows(self, cursor: Any) -> Iterable[Sequence[Any]]:
        # In pieces: psycopg makes each list of rows in C, and only one list exists at a time.
        return chain.from_iterable(iter(partial(cursor.fetchmany, _ROWS), []))

    @guarded_block
    def begin(self, engine: Engine, isolation: str | None, *, repeats: bool = False) -> Iterator[Connection]:
        with pooled_connection(engine.connect) as conn:
            if isolation is not None and engine.dialect.driver == "psycopg":
                from pydb.engines.postgresql.sessions import begin_at

                begin_at(conn, isolation)
            elif isolation is not None:
                conn.execution_options(isolation_level=isolation)
            seconds = patience.shorter_lock_timeout(engine)
            if seconds is not None and conn.get_execution_options().get(POOLED):
                from pydb.engines.postgresql.pooler import limit_locks

                limit_locks(conn, _milliseconds(seconds))
            elif seconds is not None:
                conn.execution_options(pydb_begin=f"SET LOCAL lock_timeout = {_milliseconds(seconds)}")
            yield conn

    @guarded_block
    def read(self, engine: Engine, isolation: str | None = None) -> Iterator[Connection]:
        with pooled_connection(partial(read_connections.connect_to_read, engine)) as conn:
            if engine.dialect.driver != "psycopg":
                conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            elif isolation == "SERIALIZABLE":
                from pydb.engines.postgresql.sessions import read_serializably

                read_serializably(conn)
            yield conn

    def session_of(self, conn: Connection) -> Any:
        if conn.get_execution_options().get(POOLED):
            return None  # The session may have another client now; the pooler ends the session of a lost client.
        return conn.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]

    def end_session(self, conn: Connection, session: Any, age: float) -> None:
        # A session that has begun since may have the same process id.
        if session is not None:
            conn.execute(_END_SESSION, {"pid": session, "age": age})

    def script_bounds(self, ask: Ask) -> Bounds:
        from pydb.engines.postgresql.script_bounds import PostgresqlBounds

        return PostgresqlBounds(ask)

    def rolls_back_transaction(self, conn: Connection, orig: BaseException) -> bool:
        return False  # the transaction stays open, and refuses every statement but ROLLBACK

    def transaction_failed(self, conn: Connection) -> bool:
        pgconn = getattr(conn.connection.driver_connection, "pgconn", None)
        return pgconn is not None and pgconn.transaction_status == _IN_ERROR

    def can_set_savepoint(self, conn: Connection) -> bool:
        # psycopg sends BEGIN before the first statement.
        return not getattr(conn.connection.driver_connection, "autocommit", True)

    def asks_to_repeat(self, orig: BaseException) -> bool:
        # "cached plan must not change result type", in any language: after ROLLBACK, psycopg prepares statements again.
        diag = getattr(orig, "diag", None)
        return diag is not None and diag.source_function == "RevalidateCachedQuery"

    def is_refusal(self, orig: BaseException) -> bool:
        return getattr(orig, "sqlstate", None) == READ_ONLY

    def cannot_connect(self, orig: BaseException) -> bool:
        return getattr(orig, "sqlstate", None) is None and _HOPELESS.search(str(orig)) is not None


def _watch_answers(dialect: Any, settings: Settings) -> None:
    from pydb.engines.postgresql.answer_timeout import asynchronous_with_timeouts, with_timeouts

    limits = settings.answer_timeout, settings.connect_timeout
    if dialect.is_async:
        from pydb.engines.postgresql.driver import terminate

        connect = asynchronous_with_timeouts(*limits).connect
        dialect.connect = partial(dialect.connect, async_creator_fn=connect)
        # Without this, SQLAlchemy would not close a connection that was detached from its pool.
        dialect.has_terminate, dialect.do_terminate = True, terminate
    else:
        dialect.connect = with_timeouts(*limits).connect


def _conversion_of_array(kind: Kind, conversion: Conversion | None) -> Conversion:
    assert conversion is not None

    def convert(value: Any) -> Any:
        return conversion.convert(array_of_literal(value, kind.type.item.type) if type(value) is str else value)

    return Conversion(None, convert, kind.nullable)


def _begin(conn: Connection) -> None:
    sql = conn.get_execution_options().get("pydb_begin")
    if sql is not None:
        conn.exec_driver_sql(sql)


def _session(settings: Settings) -> dict[str, str | int]:
    """The settings that pydb makes in each session, by name."""
    limit = settings.statement_timeout
    limits = {"lock_timeout": settings.lock_timeout} | ({} if limit is None else {"statement_timeout": limit})
    return {"timezone": "UTC", **{name: _milliseconds(seconds) for name, seconds in limits.items()}}


def _milliseconds(seconds: float) -> int:
    # 0 would mean no limit.
    return max(1, math.ceil(seconds * 1000))
