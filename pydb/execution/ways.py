"""The ways to call a statement: the caller's connection and a function in, the function's result out.

The ways differ only in how the function runs.  On Core's Connection it runs at once.  On an AsyncConnection
``run_sync`` runs it, and the result is awaited, or read with ``async for`` if it is a stream.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection

from pydb.errors import ParameterError
from pydb.execution.async_stream import streamed
from pydb.execution.parameters import Error, check_connection
from pydb.sqlfile.definition import Definition

__all__ = ["DIRECT", "Called", "Way", "way_of"]


class Called(Protocol):
    """The object that is called; a faster function can replace its ``__call__``."""

    __call__: Callable[..., Any]


class Way(NamedTuple):
    """One way: ``connection`` checks the caller's connection, ``run`` calls a function with a Core Connection."""

    connection: Callable[[Any, Definition, Error], Connection]
    run: Callable[[Any, Callable[[Connection], Any]], Any]
    awaits: bool


def _given(given: Any, definition: Definition, error: Error) -> Connection:
    check_connection(given, definition, error)
    return given  # type: ignore[no-any-return]


def _sync_connection(given: Any, definition: Definition, error: Error) -> Connection:
    """Core's connection inside an AsyncConnection.  Raises ParameterError for anything else."""
    found = getattr(given, "sync_connection", given)
    if isinstance(found, Connection) and found is not given:
        return found
    hint = f"async with db.begin() as conn: await {definition.name}.aio(conn, …)"
    if found is None and given is not None:
        raise error(ParameterError, "the AsyncConnection is not started", hint)
    message = f"takes a SQLAlchemy AsyncConnection first, not a {type(given).__name__}"
    raise error(ParameterError, message, hint)


DIRECT = Way(_given, lambda given, work: work(given), awaits=False)
_AWAITED = Way(_sync_connection, lambda given, work: given.run_sync(work), awaits=True)
_STREAMED = Way(_sync_connection, streamed, awaits=True)


def way_of(definition: Definition, *, awaits: bool) -> Way:
    """The way in which the statement is called: directly, or on an AsyncConnection."""
    if not awaits:
        return DIRECT
    return _STREAMED if definition.row_word.streams else _AWAITED
