"""Drop lost connections from a pool: an engine and a test for a lost connection in, an engine that uses the test out.

SQLAlchemy asks its dialect whether an exception means that the connection is lost.  pydb also drops a connection to a
server that has become a standby, or accepts no more connections: a new connection may reach the right server.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

__all__ = ["drop_lost_connections"]


def drop_lost_connections(engine: Engine, is_lost: Callable[[BaseException, Any], bool]) -> None:
    """Make the pool drop a connection, and all that are as old, if ``is_lost`` is true for an exception."""
    dialect: Any = engine.dialect
    plain = dialect.is_disconnect

    def is_disconnect(error: Any, connection: Any, cursor: Any) -> bool:
        return bool(plain(error, connection, cursor)) or is_lost(error, connection)

    dialect.is_disconnect = is_disconnect
