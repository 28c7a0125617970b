"""Work behind a pooler that shares sessions by transaction: an engine in; out, one that needs no session state.

Each transaction may run in another session.  So its settings are sent together with its BEGIN, in one round trip.
https://www.pgbouncer.org/features.html lists what else such a session does not keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from psycopg import IsolationLevel
from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import PoolProxiedConnection

from pydb.engines import patience, read_connections
from pydb.engines.base import POOLED
from pydb.engines.postgresql.driver import modes, psycopg_connection, send
from pydb.engines.postgresql.sessions import ask_new, keep_modes, reads_serializably
from pydb.errors import OptionError

__all__ = ["begin_statement", "limit_locks", "share_sessions"]

Value = str | int
_LOCK_TIMEOUT = "pydb_lock_timeout"


def share_sessions(engine: Engine, session: Mapping[str, Value], connect_timeout: float) -> None:
    """Begin each transaction of the engine's connections with these settings of the session.

    ``connect_timeout``, in seconds, also limits the time in which the pooler assigns a session to a transaction.
    """
    dialect: Any = engine.dialect
    local = "; ".join(f"SET LOCAL {name} = '{value}'" for name, value in session.items())

    def begin(connection: PoolProxiedConnection) -> None:
        driver: Any = connection.dbapi_connection
        wanted: tuple[Any, Any, Any] = modes(driver)[:3]
        reads = read_connections.reads(connection)
        if reads:
            serializably = reads_serializably(connection)
            wanted = IsolationLevel.SERIALIZABLE if serializably else IsolationLevel.REPEATABLE_READ, True, None
        parts = [begin_statement(*wanted), local]
        if (milliseconds := connection.info.pop(_LOCK_TIMEOUT, None)) is not None:
            parts.append(f"SET LOCAL lock_timeout = {milliseconds}")
        if reads:
            parts.append("SELECT")  # a query, so that the transaction takes its snapshot now
        send(driver, "; ".join(parts).encode(), within=patience.connect_timeout(connect_timeout))

    check = f"BEGIN; {local}; SELECT {_comparison(session)}; ROLLBACK".encode()
    event.listen(engine, "connect", partial(_check_settings, check, connect_timeout))
    event.listen(engine, "set_connection_execution_options", _refuse_autocommit)
    event.listen(engine, "set_engine_execution_options", _refuse_autocommit)
    engine.update_execution_options(**{POOLED: True})
    keep_modes(engine, lambda _driver: None)
    dialect.do_ping = _is_open
    dialect.do_begin = begin


def limit_locks(conn: Connection, milliseconds: int) -> None:
    """Limit the time that the connection's next transaction waits for a lock."""
    conn.info[_LOCK_TIMEOUT] = milliseconds


def begin_statement(isolation: IsolationLevel | None, read_only: bool | None, deferrable: bool | None) -> str:
    """The BEGIN of a psycopg connection in these modes; None is the server's default."""
    words = ["BEGIN"]
    if isolation is not None:
        words.append(f"ISOLATION LEVEL {isolation.name.replace('_', ' ')}")
    if read_only is not None:
        words.append("READ ONLY" if read_only else "READ WRITE")
    if deferrable is not None:
        words.append("DEFERRABLE" if deferrable else "NOT DEFERRABLE")
    return " ".join(words)


def _comparison(session: Mapping[str, Value]) -> str:
    """SQL that is true if the session has these settings; numbers are milliseconds."""
    tests = (
        f"pg_catalog.current_setting('{name}') = '{value}'"
        if isinstance(value, str)
        else f"CAST(pg_catalog.current_setting('{name}') AS interval) = CAST('{value} ms' AS interval)"
        for name, value in session.items()
    )
    return " AND ".join(tests)


def _check_settings(sql: bytes, connect_timeout: float, driver: Any, _record: Any) -> None:
    """The listener to new connections.  Raises OptionError if a transaction does not keep its settings."""
    comparison = ask_new(driver, sql, connect_timeout)[-2]
    if comparison.get_value(0, 0) != b"t":
        driver.close()
        hint = "configure it to pool transactions or sessions"
        raise OptionError("the pooler does not keep what SET LOCAL sets in a transaction", hint=hint)


def _is_open(driver: Any) -> bool:
    """The dialect's ``do_ping``: read what has arrived, to notice whether the pooler has closed the connection.

    It sends nothing: a session is assigned only to a transaction, so no ping could find out whether it is alive.
    """
    psycopg_connection(driver).pgconn.consume_input()
    return True


def _refuse_autocommit(_of: Connection | Engine, options: Mapping[str, Any]) -> None:
    if str(options.get("isolation_level", "")).upper() == "AUTOCOMMIT":
        hint = "connect to the server's own address for AUTOCOMMIT"
        raise OptionError("AUTOCOMMIT is refused behind a pooler: settings apply in a transaction only", hint=hint)
