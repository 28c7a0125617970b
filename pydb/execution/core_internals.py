"""The one place that touches SQLAlchemy's private parts: may a statement go straight to the driver's cursor?

``may_bypass_core`` looks at any connection; ``watch`` looks at one engine once, and gives what looks at its connections
in a tenth of the time.  ``fail`` hands a driver's exception to Core, which invalidates the connection, tells the error
listeners and wraps the exception, as it does on its own path.  Where a SQLAlchemy release has moved these parts, every
statement takes the Core path.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import Dialect

from pydb.database.transaction import note_failure
from pydb.values.row_builder import compiled

log = logging.getLogger("pydb")

CONNECTION_EVENTS = ("before_cursor_execute", "after_cursor_execute", "before_execute", "after_execute")
DIALECT_EVENTS = ("do_execute",)
_METHODS = ("_handle_dbapi_exception", "_has_events", "_trans_context_manager")


def _available() -> bool:
    """Whether SQLAlchemy still has what is used here, as far as its classes tell."""
    events = [(Engine, name) for name in CONNECTION_EVENTS] + [(Dialect, name) for name in DIALECT_EVENTS]
    return all(hasattr(Connection, name) for name in _METHODS) and all(
        hasattr(getattr(owner.dispatch, name, None), "for_modify") for owner, name in events
    )


AVAILABLE = _available()


def may_bypass_core(conn: Connection) -> bool:
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
        and all(listener is note_failure for listener in conn.dialect.dispatch.handle_error)
    )


def _listened(dispatch: Any, events: tuple[str, ...]) -> bool:
    return any(getattr(dispatch, event) for event in events)


@dataclass(frozen=True, slots=True)
class Watch:
    """What looks at one engine's connections: Python ``lines`` that are to stand in a function, with their ``scope``.

    Given ``_conn`` they set ``_driver`` to the driver's connection, or to None where the short road is not clear; it is
    not clear either while somebody reads the statements in the log.
    """

    lines: tuple[str, ...]
    scope: Mapping[str, Any]


_LINES = (
    # Python 3.11 reads the attributes of a connection three times as fast from its dictionary.
    "_own = _conn.__dict__",
    "try:",
    "    _transaction = _own['_transaction']",
    "    _savepoint = _own['_nested_transaction']",
    "    _context = _own['_trans_context_manager']",
    "    _driver = None if (",
    "        _own[_mark] is not _dispatch or _transaction is None or not _transaction.is_active or _conn._has_events",
    "        or _h0 or _h1 or _h2 or _h3 or _h4 or _h5 or _h6 or _h7 or _h8 or _h9 or _class_errors",
    "        or len(_errors) != _known_errors or _enabled[_debug]",
    "        or _savepoint is not None and not _savepoint.is_active",
    "        or _context is not _transaction and _context is not None and not _context._transaction_is_active()",
    "    ) else _own['_dbapi_connection'].dbapi_connection",
    "except (KeyError, AttributeError):",
    "    _driver = _introduce(_conn)",
)
_MARK = "_pydb_watched"
"""The attribute of a connection that says that it is of this engine, and not echoed."""

_watches: WeakKeyDictionary[Engine, Watch] = WeakKeyDictionary()


def watch(engine: Engine) -> Watch:
    """The watch of an engine; it does not keep the engine alive."""
    if engine not in _watches:
        _watches[engine] = _watch(engine)
    return _watches[engine]


def _watch(engine: Engine) -> Watch:
    dispatch: Any = engine.dispatch

    def on_this_engine(conn: Connection) -> Any:
        return _carefully(conn) if conn.engine.dispatch is dispatch else None

    carefully = Watch(("_driver = _carefully(_conn)",), {"_carefully": on_this_engine})
    dialect_dispatch: Any = engine.dialect.dispatch
    try:
        # SQLAlchemy keeps the listeners of an event in two deques, its own and its class's, which live as long as
        # the engine: looking at them is enough.
        heard = [deque for event in CONNECTION_EVENTS for deque in _deques(dispatch, event)]
        heard += [deque for event in DIALECT_EVENTS for deque in _deques(dialect_dispatch, event)]
        errors, class_errors = _deques(dialect_dispatch, "handle_error")
    except AttributeError:
        return carefully
    if not AVAILABLE or any(listener is not note_failure for listener in errors):
        return carefully

    # What the log remembers of isEnabledFor, by level; asking it costs three times as much.
    scope = {"_enabled": getattr(log, "_cache", {}), "_debug": logging.DEBUG, "_mark": _MARK, "_dispatch": dispatch}
    scope |= {"_errors": errors, "_class_errors": class_errors, "_known_errors": len(errors)}
    scope |= {f"_h{index}": deque for index, deque in enumerate(heard)}
    function = ["def look(_conn):", *(f"    {line}" for line in _LINES), "    return _driver"]
    look = compiled(function, {**scope, "_introduce": on_this_engine})["look"]

    def introduce(conn: Connection) -> Any:
        """The short road of a connection that is new here, or that has none, or while the log has forgotten."""
        if conn.engine.dispatch is not dispatch or getattr(conn, "_echo", True) or log.isEnabledFor(logging.DEBUG):
            return None
        conn.__dict__[_MARK] = dispatch
        conn.__dict__.setdefault("_trans_context_manager", None)
        return look(conn)

    return Watch(_LINES, {**scope, "_introduce": introduce})


def _carefully(conn: Connection) -> Any:
    return conn.connection.dbapi_connection if not log.isEnabledFor(logging.DEBUG) and may_bypass_core(conn) else None


def _deques(dispatch: Any, event: str) -> tuple[Any, Any]:
    """The listeners of one event on one engine, and on its class."""
    listeners = getattr(dispatch, event).for_modify(dispatch)
    return listeners.listeners, listeners.parent_listeners


def fail(conn: Connection, error: BaseException, sql: str, cursor: Any, values: Any) -> NoReturn:
    """Raise what Core raises for this exception of the driver, after doing what Core does about it."""
    conn._handle_dbapi_exception(error, sql, values, cursor, None)
