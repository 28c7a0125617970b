"""Drop lost connections from a pool: an engine and a test for a lost connection in, the engine set up for it out.

SQLAlchemy asks its dialect whether an exception means that the connection is lost.  It is also useless when the
server has become a standby, or takes no more connections: the next one may reach the right server.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

__all__ = ["drop_lost_connections"]


def drop_lost_connections(engine: Engine, is_lost: Callable[[BaseException, Any], bool]) -> None:
    """Let the pool drop a connection, and all that are as old, at an exception for which ``is_lost`` says so."""
    dialect: Any = engine.dialect
    plain = dialect.is_disconnect

    def is_disconnect(error: Any, connection: Any, cursor: Any) -> bool:
        return bool(plain(error, connection, cursor)) or is_lost(error, connection)

    dialect.is_disconnect = is_disconnect
