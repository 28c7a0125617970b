"""Reset PostgreSQL's sessions: an engine in; out, connections that leave the pool in their initial state.

Before each use, the pool pings a connection.  Here the ping is the SQL that undoes what the last user has set.  So the
reset costs no additional round trip.  https://www.postgresql.org/docs/current/sql-discard.html lists what a session
keeps.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from psycopg import Error, IsolationLevel
from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import PoolProxiedConnection

from pydb.engines import patience, read_connections
from pydb.engines.postgresql.driver import modes, psycopg_connection, send, set_isolation, set_modes
from pydb.engines.postgresql.error_codes import POOLER
from pydb.errors import OptionError

if TYPE_CHECKING:
    from psycopg.pq.abc import PGresult

# Not DISCARD ALL, which would also drop psycopg's prepared statements and cached values of sequences.
_RESET = b"RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; CLOSE ALL; UNLISTEN *; DISCARD TEMP"
# SQL that repeats the settings that the application's own listeners to the connect event have made.
_ADOPTED = b"""\
SELECT pg_catalog.concat_ws('; ',
    (
        SELECT pg_catalog.string_agg(
            pg_catalog.format('SELECT pg_catalog.set_config(%L, %L, false)', name, setting), '; '
        )
        FROM pg_catalog.pg_settings
        WHERE source = 'session'
    ),
    pg_catalog.format('SET SESSION AUTHORIZATION %I', session_user),
    CASE
        WHEN pg_catalog.current_setting('role') <> 'none'
        THEN pg_catalog.format('SET ROLE %I', pg_catalog.current_setting('role'))
    END
)"""
# The query takes the snapshot.  After that PostgreSQL refuses SET TRANSACTION READ WRITE.
_READ = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT"
_SERIALIZABLE = b"BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY; SELECT"
_TAKEN, _SERIALIZABLY = "pydb_taken", "pydb_serializably"
# Startup options override a setting of the role, so the source must be the client.  A pooler may drop the options.
_SOURCE = b"SELECT source FROM pg_catalog.pg_settings WHERE name = 'lock_timeout'"

_resets: WeakKeyDictionary[Any, bytes] = WeakKeyDictionary()


def reset_sessions(engine: Engine, connect_timeout: float) -> None:
    """Give each user of the engine's pool a connection in its initial state.

    A pooled connection must show within a part of ``connect_timeout`` seconds that it is alive.
    """
    dialect: Any = engine.dialect
    event.listen(engine, "connect", partial(_check_settings, connect_timeout))
    own_listeners = len(_listeners(engine))

    def adopt(driver: Any) -> None:
        if len(_listeners(engine)) > own_listeners:
            (result,) = send(driver, _ADOPTED)
            _resets[psycopg_connection(driver)] = b"; ".join((_RESET, result.get_value(0, 0) or b""))

    keep_modes(engine, adopt)
    dialect.do_ping = partial(_is_alive, connect_timeout)
    dialect.do_begin = _begin


def keep_modes(engine: Engine, adopt: Callable[[Any], None]) -> None:
    """Give each user of the pool psycopg's initial modes, or read-only ones; call ``adopt`` at the first use."""
    borrower = read_connections.attach_borrower(engine)

    def checkout(driver: Any, record: Any, _proxy: Any) -> None:
        info, reads = record.info, borrower.reads
        wanted = info.get(_TAKEN)
        if wanted is None:
            wanted = info[_TAKEN] = modes(driver)
            adopt(driver)
        if reads:
            wanted = (wanted[0], True, *wanted[2:])  # also for a transaction that begins after a COMMIT in the block
        if modes(driver) != wanted:
            # Core may have changed the modes and not restored them.
            set_modes(driver, wanted)
        info[read_connections.READS] = reads

    event.listen(engine, "checkout", checkout)


def _listeners(engine: Engine) -> Any:
    return engine.pool.dispatch.connect


def begin_at(conn: Connection, isolation: str) -> None:
    """Set the isolation level of the connection's next transaction."""
    set_isolation(conn.connection.dbapi_connection, IsolationLevel[isolation.replace(" ", "_")])


def read_serializably(conn: Connection) -> None:
    """Make the connection's next transaction, which is one of ``read()``, SERIALIZABLE."""
    conn.info[_SERIALIZABLY] = True


def reads_serializably(connection: PoolProxiedConnection) -> bool:
    """Whether the transaction of ``read()`` that begins now must be SERIALIZABLE."""
    return bool(connection.info.pop(_SERIALIZABLY, False))


def _check_settings(connect_timeout: float, driver: Any, _record: Any) -> None:
    """The listener to new connections.  Raises OptionError if a pooler has dropped pydb's settings."""
    if not hasattr(psycopg_connection(driver), "answer_timeout"):
        return  # the application's own function has made the connection
    (result,) = ask_new(driver, _SOURCE, connect_timeout)
    if result.get_value(0, 0) != b"client":
        driver.close()
        raise OptionError(
            "a connection pooler is in front of the server, and drops the session's settings", hint=POOLER
        )


def _is_alive(connect_timeout: float, driver: Any) -> bool:
    """The dialect's ``do_ping``: reset the connection, which shows that it is alive."""
    with patience.pinging():
        send(driver, _resets.get(psycopg_connection(driver), _RESET), within=patience.ping_timeout(connect_timeout))
    return True


def _begin(connection: PoolProxiedConnection) -> None:
    """The dialect's ``do_begin`` for ``read()``; other transactions begin when psycopg sends their first statement."""
    if read_connections.reads(connection):
        send(connection.dbapi_connection, _SERIALIZABLE if reads_serializably(connection) else _READ)


def ask_new(driver: Any, sql: bytes, connect_timeout: float) -> list[PGresult]:
    """The results of SQL on a new connection; if it fails, the connection is closed."""
    try:
        return send(driver, sql, within=patience.connect_timeout(connect_timeout))
    except Error:
        driver.close()
        raise
