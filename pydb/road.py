"""The one place that touches SQLAlchemy's private parts: may a statement go straight to the driver's cursor?

``is_clear`` looks at any connection; ``watch`` looks at one engine once, and gives a function that looks at its
connections in a tenth of the time.  ``fail`` hands a driver's exception to Core, which invalidates the connection,
tells the error listeners and wraps the exception, as it does on its own road.  Where a SQLAlchemy release has moved
these parts, every statement takes the ordinary road.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, NoReturn

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import Dialect

from pydb import blocks

log = logging.getLogger("pydb")

CONNECTION_EVENTS = ("before_cursor_execute", "after_cursor_execute", "before_execute", "after_execute")
DIALECT_EVENTS = ("do_execute", "do_executemany")
_METHODS = ("_handle_dbapi_exception", "_has_events", "_trans_context_manager")

Clear = Callable[[Connection], Any]
"""Gives the driver's connection where the short road is clear, else None."""


def _available() -> bool:
    """Whether SQLAlchemy still has what is used here, as far as its classes tell."""
    events = [(Engine, name) for name in CONNECTION_EVENTS] + [(Dialect, name) for name in DIALECT_EVENTS]
    return all(hasattr(Connection, name) for name in _METHODS) and all(
        hasattr(getattr(owner.dispatch, name, None), "for_modify") for owner, name in events
    )


AVAILABLE = _available()


def is_clear(conn: Connection) -> bool:
    """Whether the short road gives the same as the ordinary one: an open transaction, and nobody who listens."""
    if not AVAILABLE or not conn.in_transaction() or conn.invalidated:
        return False
    savepoint = conn.get_nested_transaction()
    context = conn._trans_context_manager
    return (
        (savepoint is None or savepoint.is_active)
        and (context is None or context._transaction_is_active())
        and not getattr(conn, "_echo", True)
        and not _listened(conn.dispatch, CONNECTION_EVENTS)
        and not _listened(conn.dialect.dispatch, DIALECT_EVENTS)
        and all(listener is blocks.note_failure for listener in conn.dialect.dispatch.handle_error)
    )


def _listened(dispatch: Any, events: tuple[str, ...]) -> bool:
    return any(getattr(dispatch, event) for event in events)


def watch(engine: Engine) -> Clear:
    """What gives the driver's connection of this engine's connections: the short road, or None where it is not clear.

    It is not clear either while somebody reads the statements in the log.  The function does not keep the engine
    alive.
    """
    dispatch: Any = engine.dispatch
    dialect_dispatch: Any = engine.dialect.dispatch
    try:
        # SQLAlchemy keeps the listeners of an event in two deques, its own and its class's, which live as long as
        # the engine: looking at them is enough.
        pairs = [_deques(dispatch, event) for event in CONNECTION_EVENTS]
        pairs += [_deques(dialect_dispatch, event) for event in DIALECT_EVENTS]
        errors, class_errors = _deques(dialect_dispatch, "handle_error")
    except AttributeError:
        return _carefully
    if not AVAILABLE or any(listener is not blocks.note_failure for listener in errors):
        return _carefully
    known_errors = len(errors)
    (a, b), (c, d), (e, f), (g, h), (i, j), (k, m) = pairs
    is_enabled, debug = log.isEnabledFor, logging.DEBUG

    def clear(conn: Connection) -> Any:
        try:
            transaction: Any = conn._transaction
            if (
                conn.engine.dispatch is not dispatch
                or transaction is None
                or not transaction.is_active
                or conn._echo
                or conn._has_events
                or (a or b or c or d or e or f or g or h or i or j or k or m or class_errors)
                or len(errors) != known_errors
                or is_enabled(debug)
            ):
                return None
            savepoint, context = conn._nested_transaction, conn._trans_context_manager
            if (savepoint is not None and not savepoint.is_active) or (
                context is not transaction and context is not None and not context._transaction_is_active()
            ):
                return None
            proxied = conn._dbapi_connection
            return None if proxied is None else proxied.dbapi_connection
        except AttributeError:
            return None

    return clear


def _carefully(conn: Connection) -> Any:
    return conn.connection.dbapi_connection if is_clear(conn) and not log.isEnabledFor(logging.DEBUG) else None


def _deques(dispatch: Any, event: str) -> tuple[Any, Any]:
    """The listeners of one event on one engine, and on its class."""
    listeners = getattr(dispatch, event).for_modify(dispatch)
    return listeners.listeners, listeners.parent_listeners


def fail(conn: Connection, error: BaseException, sql: str, cursor: Any, values: Any) -> NoReturn:
    """Raise what Core raises for this exception of the driver, after doing what Core does about it."""
    conn._handle_dbapi_exception(error, sql, values, cursor, None)
