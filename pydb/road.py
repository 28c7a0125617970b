"""The one place that touches SQLAlchemy's private parts: may a statement go straight to the driver's cursor?

``is_clear`` says whether nothing would notice the difference; ``fail`` hands a driver's exception to Core, which
invalidates the connection, tells the error listeners and wraps the exception, as it does on its own road.
``AVAILABLE`` is False when a SQLAlchemy release has moved these parts: then every statement takes the ordinary road.
"""

from __future__ import annotations

from typing import Any, NoReturn

from sqlalchemy import Connection

from pydb import blocks

AVAILABLE = all(
    hasattr(Connection, name)
    for name in ("_handle_dbapi_exception", "_has_events", "dispatch", "_is_autocommit_isolation")
)


def is_clear(conn: Connection) -> bool:
    """Whether the short road gives the same as the ordinary one: an open transaction, and nobody who listens."""
    savepoint = conn.get_nested_transaction()
    return (
        AVAILABLE
        and conn.in_transaction()
        and (savepoint is None or savepoint.is_active)
        and not conn._echo
        and not ((conn._has_events or conn.engine._has_events) and _listened(conn))
    )


def _listened(conn: Connection) -> bool:
    """Whether anybody listens to cursors or errors."""
    dispatch = conn.dispatch
    errors = conn.dialect.dispatch.handle_error
    return bool(
        dispatch.before_cursor_execute
        or dispatch.after_cursor_execute
        or dispatch.before_execute
        or dispatch.after_execute
        or conn.dialect.dispatch.do_execute
        or any(listener is not blocks.note_failure for listener in errors)
    )


def fail(conn: Connection, error: BaseException, sql: str, cursor: Any) -> NoReturn:
    """Raise what Core raises for this exception of the driver, after doing what Core does about it."""
    conn._handle_dbapi_exception(error, sql, None, cursor, None)
