"""Set modes of psycopg's connections, and send SQL by libpq: a connection and modes or SQL in, results out.

A connection may be synchronous, or asynchronous inside SQLAlchemy's adapter; each wait blocks or awaits accordingly.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import errors, generators
from psycopg.pq import ExecStatus

from pydb.engines.waiting import await_here

if TYPE_CHECKING:
    from psycopg.pq.abc import PGresult

__all__ = ["modes", "psycopg_connection", "send", "set_isolation", "set_modes", "terminate"]

_FATAL_ERROR = ExecStatus.FATAL_ERROR
_MODES = ("isolation_level", "read_only", "deferrable", "autocommit")


def psycopg_connection(driver: Any) -> Any:
    """psycopg's connection: ``driver`` itself, or the one inside SQLAlchemy's adapter of an asynchronous driver."""
    return driver if isinstance(driver, psycopg.Connection) else getattr(driver, "driver_connection", driver)


def modes(driver: Any) -> tuple[Any, ...]:
    """Isolation level, READ ONLY, DEFERRABLE and AUTOCOMMIT of the connection's transactions."""
    connection = psycopg_connection(driver)
    return connection.isolation_level, connection.read_only, connection.deferrable, connection.autocommit


def set_modes(driver: Any, wanted: tuple[Any, ...]) -> None:
    """Set the modes of the connection's next transactions."""
    for name, value, current in zip(_MODES, wanted, modes(driver), strict=True):
        if value != current:
            _set_mode(driver, name, value)


def set_isolation(driver: Any, level: psycopg.IsolationLevel) -> None:
    """Set the isolation level of the connection's next transactions."""
    _set_mode(driver, "isolation_level", level)


def _set_mode(driver: Any, name: str, value: Any) -> None:
    connection = psycopg_connection(driver)
    if isinstance(connection, psycopg.AsyncConnection):
        await_here(getattr(connection, f"set_{name}")(value))
    else:
        setattr(connection, name, value)


def send(driver: Any, sql: bytes, *, within: float | None = None) -> list[PGresult]:
    """Send SQL through libpq, without psycopg's cursors, and return the results.  Raises psycopg's errors.

    If the server sends nothing for ``within`` seconds, the connection is closed.
    """
    connection: Any = psycopg_connection(driver)
    asynchronous = isinstance(connection, psycopg.AsyncConnection)
    usual = getattr(connection, "answer_timeout", None)
    if within is not None:
        connection.answer_timeout = within
    try:
        if asynchronous:
            results = await_here(_answers(connection, sql))
        else:
            with connection.lock:
                results = connection.wait(_asked(connection, sql))
    finally:
        connection.answer_timeout = usual
    if results[-1].status == _FATAL_ERROR:
        raise errors.error_from_result(results[-1])
    return results


async def _answers(connection: Any, sql: bytes) -> list[PGresult]:
    async with connection.lock:
        results: list[PGresult] = await connection.wait(_asked(connection, sql))
        return results


def _asked(connection: Any, sql: bytes) -> Generator[Any, Any, list[PGresult]]:
    connection.pgconn.send_query(sql)
    asked: Generator[Any, Any, list[PGresult]] = generators.execute(connection.pgconn)
    return asked


def terminate(driver: Any) -> None:
    """Close the connection at once, whatever its state is, without waiting."""
    psycopg_connection(driver).pgconn.finish()
