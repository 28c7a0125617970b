"""Decide whether a statement can use the driver's cursor directly: a connection in, yes or no out.

Only this module and ``engines`` use private parts of SQLAlchemy.  ``may_bypass_core`` checks any connection.
``probe_for`` checks one engine once, and returns a function that checks its connections in a tenth of the time.
``fail`` passes a driver's exception to Core, which invalidates the connection, calls the error listeners and wraps the
exception, as on its own path.  If a SQLAlchemy release lacks these parts, every statement takes the Core path.
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
    """Whether SQLAlchemy's classes still have the attributes that this module uses."""
    events = [(Engine, name) for name in CONNECTION_EVENTS] + [(Dialect, name) for name in DIALECT_EVENTS]
    return all([hasattr(util, "is_exit_exception"), *(hasattr(Connection, name) for name in _METHODS)]) and all(
        hasattr(getattr(owner.dispatch, name, None), "for_modify") for owner, name in events
    )


AVAILABLE = _available()


def may_bypass_core(conn: Connection) -> bool:
    """Whether the driver path has the same effect as the Core path: a transaction is open, and nothing listens."""
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
"""A function of one engine's connection: it returns the driver's connection, or None for the Core path."""

_MARK = "_pydb_probed"
"""The attribute that marks the connections of an engine without ``echo``."""

_probes: WeakKeyDictionary[Engine, ConnectionProbe] = WeakKeyDictionary()


def probe_for(engine: Engine) -> ConnectionProbe:
    """The probe of an engine; it does not keep the engine alive.

    While statements are logged at level DEBUG, they take the Core path too.
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
        # SQLAlchemy keeps the listeners of an event in two deques, the engine's and its class's, which live as long as
        # the engine, so it is enough to look at them.
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
        """Probe a connection that is new, or lacks an attribute, or while the logger's cache of levels is empty."""
        if not isinstance(conn, Connection):
            return None
        if conn.engine.dispatch is not dispatch or getattr(conn, "_echo", True) or log.isEnabledFor(logging.DEBUG):
            return None
        conn.__dict__[_MARK] = dispatch
        conn.__dict__.setdefault("_trans_context_manager", None)
        return probe_again(conn)

    return _quick_probe(watched, first_seen)


class _Watched(NamedTuple):
    """The objects that a probe checks.

    ``listeners`` are those of the events that the driver path does not fire; ``known_errors`` is the number of error
    listeners when all of them were pydb's.
    """

    dispatch: Any
    listeners: tuple[Any, ...]
    errors: Any
    class_errors: Any
    known_errors: int


def _quick_probe(watched: _Watched, fallback: ConnectionProbe) -> ConnectionProbe:
    """The probe for each call, in a tenth of the time of ``may_bypass_core``; ``fallback`` decides when in doubt."""
    dispatch, listeners, errors, class_errors, known_errors = watched
    heard_0, heard_1, heard_2, heard_3, heard_4, heard_5, heard_6, heard_7, heard_8, heard_9 = listeners
    mark, debug = _MARK, logging.DEBUG
    # The logger's cache of isEnabledFor, by level; calling isEnabledFor takes three times as long.
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
            return fallback(conn)

    return probe


def _deques(dispatch: Any, event: str) -> tuple[Any, Any]:
    """The listeners of one event on one engine, and on its class."""
    listeners = getattr(dispatch, event).for_modify(dispatch)
    return listeners.listeners, listeners.parent_listeners


def concerns_core(error: BaseException, driver_error: type[Exception]) -> bool:
    """Whether Core handles this exception: an error of the driver, or an interrupt."""
    return isinstance(error, driver_error) or util.is_exit_exception(error)


def fail(conn: Connection, error: BaseException, sql: str, cursor: Any, values: Any) -> NoReturn:
    """Let Core handle this exception of the driver, and raise what Core raises for it."""
    conn._handle_dbapi_exception(error, sql, values, cursor, None)
