"""The one place that touches SQLAlchemy's private parts: may a statement go straight to the driver's cursor?

``may_bypass_core`` looks at any connection; ``probe_for`` looks at one engine once, and returns what looks at its
connections in a tenth of the time.  ``fail`` hands a driver's exception to Core, which invalidates the connection,
tells the error listeners and wraps the exception, as it does on its own path.  Where a SQLAlchemy release has moved
these parts, every statement takes the Core path.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, NoReturn
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, util
from sqlalchemy.engine import Dialect

from pydb.database.transaction import note_failure

log = logging.getLogger("pydb")

CONNECTION_EVENTS = ("before_cursor_execute", "after_cursor_execute", "before_execute", "after_execute")
DIALECT_EVENTS = ("do_execute",)
_METHODS = ("_handle_dbapi_exception", "_has_events", "_trans_context_manager")


def _available() -> bool:
    """Whether SQLAlchemy still has what is used here, as far as its classes tell."""
    events = [(Engine, name) for name in CONNECTION_EVENTS] + [(Dialect, name) for name in DIALECT_EVENTS]
    return all([hasattr(util, "is_exit_exception"), *(hasattr(Connection, name) for name in _METHODS)]) and all(
        hasattr(getattr(owner.dispatch, name, None), "for_modify") for owner, name in events
    )


AVAILABLE = _available()


def may_bypass_core(conn: Connection) -> bool:
    """Whether the driver path gives the same as the Core path: an open transaction, and nobody who listens."""
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
        and all(listener is note_failure for listener in conn.dialect.dispatch.handle_error)
    )


def _listened(dispatch: Any, events: tuple[str, ...]) -> bool:
    return any(getattr(dispatch, event) for event in events)


ConnectionProbe = Callable[[Connection], Any]
"""Takes a connection of one engine; returns the driver's connection, or None where the statement must go by Core."""

_MARK = "_pydb_probed"
"""The attribute of a connection that says that it is of this engine, and not echoed."""

_probes: WeakKeyDictionary[Engine, ConnectionProbe] = WeakKeyDictionary()


def probe_for(engine: Engine) -> ConnectionProbe:
    """The probe of an engine; it does not keep the engine alive.

    Somebody who reads the statements in the log has them go by Core too.
    """
    if engine not in _probes:
        _probes[engine] = _new_probe(engine)
    return _probes[engine]


def _new_probe(engine: Engine) -> ConnectionProbe:
    dispatch: Any = engine.dispatch

    def probe_slowly(conn: Any) -> Any:
        if not isinstance(conn, Connection):
            return None
        if conn.engine.dispatch is not dispatch or log.isEnabledFor(logging.DEBUG) or not may_bypass_core(conn):
            return None
        return conn.connection.dbapi_connection

    dialect_dispatch: Any = engine.dialect.dispatch
    try:
        # SQLAlchemy keeps the listeners of an event in two deques, its own and its class's, which live as long as
        # the engine: looking at them is enough.
        heard = [deque for event in CONNECTION_EVENTS for deque in _deques(dispatch, event)]
        heard += [deque for event in DIALECT_EVENTS for deque in _deques(dialect_dispatch, event)]
        errors, class_errors = _deques(dialect_dispatch, "handle_error")
    except AttributeError:
        return probe_slowly
    if not AVAILABLE or any(listener is not note_failure for listener in errors):
        return probe_slowly
    watched = _Watched(dispatch, tuple(heard), errors, class_errors, len(errors))
    probe_again = _quick_probe(watched, probe_slowly)

    def first_seen(conn: Any) -> Any:
        """Probe a connection that is new here, or lacks an attribute, or while the log has forgotten its levels."""
        if not isinstance(conn, Connection):
            return None
        if conn.engine.dispatch is not dispatch or getattr(conn, "_echo", True) or log.isEnabledFor(logging.DEBUG):
            return None
        conn.__dict__[_MARK] = dispatch
        conn.__dict__.setdefault("_trans_context_manager", None)
        return probe_again(conn)

    return _quick_probe(watched, first_seen)


class _Watched(NamedTuple):
    """What a probe looks at.

    ``listeners`` are those of what the driver path would leave out; ``known_errors`` says how many listeners to errors
    there were when each was pydb's own.
    """

    dispatch: Any
    listeners: tuple[Any, ...]
    errors: Any
    class_errors: Any
    known_errors: int


def _quick_probe(watched: _Watched, otherwise: ConnectionProbe) -> ConnectionProbe:
    """The probe for each call, in a tenth of the time of ``may_bypass_core``; ``otherwise`` is asked when in doubt."""
    dispatch, listeners, errors, class_errors, known_errors = watched
    heard_0, heard_1, heard_2, heard_3, heard_4, heard_5, heard_6, heard_7, heard_8, heard_9 = listeners
    mark, debug = _MARK, logging.DEBUG
    # What the log remembers of isEnabledFor, by level; asking it costs three times as much.
    enabled: Mapping[int, bool] = getattr(log, "_cache", {})

    def probe(conn: Any) -> Any:
        try:
            # Python 3.11 reads the attributes of a connection three times as fast from its dictionary.
            own = conn.__dict__
            transaction = own["_transaction"]
            savepoint = own["_nested_transaction"]
            context = own["_trans_context_manager"]
            if (
                (own[mark] is not dispatch or transaction is None or not transaction.is_active or conn._has_events)
                or (heard_0 or heard_1 or heard_2 or heard_3 or heard_4 or heard_5 or heard_6 or heard_7)
                or (heard_8 or heard_9 or class_errors or len(errors) != known_errors or enabled[debug])
                or (savepoint is not None and not savepoint.is_active)
                or (context is not transaction and context is not None and not context._transaction_is_active())
            ):
                return None
            return own["_dbapi_connection"].dbapi_connection
        except (KeyError, AttributeError):
            return otherwise(conn)

    return probe


def _deques(dispatch: Any, event: str) -> tuple[Any, Any]:
    """The listeners of one event on one engine, and on its class."""
    listeners = getattr(dispatch, event).for_modify(dispatch)
    return listeners.listeners, listeners.parent_listeners


def concerns_core(error: BaseException, driver_error: type[Exception]) -> bool:
    """Whether Core does something about such an exception of the driver: about its errors, and about interrupts."""
    return isinstance(error, driver_error) or util.is_exit_exception(error)


def fail(conn: Connection, error: BaseException, sql: str, cursor: Any, values: Any) -> NoReturn:
    """Raise what Core raises for this exception of the driver, after doing what Core does about it."""
    conn._handle_dbapi_exception(error, sql, values, cursor, None)
