"""End MariaDB sessions whose client was interrupted: their ids in; whether all have ended, out.

If PyMySQL is interrupted while it waits for an answer, it closes its socket.  The server notices that only after the
statement.  Until then the statement may wait for a lock; then it takes effect, and is committed if it commits
implicitly.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection
from contextlib import suppress

from sqlalchemy import Connection, Engine, event, exc

__all__ = ["KILLING", "LOOK", "SESSION", "end_sessions", "same_statement", "watch_sessions"]

SESSION = "SELECT id FROM information_schema.processlist WHERE id ="
"""The beginning of a query that finds a session by its id."""

_ASCII = re.compile(rb"[\x20-\x7e\s]{1,1000}")

PATIENCE = 10.0
"""Seconds to wait for sessions to end: a killed statement must first undo its work."""

KILLING = 5.0
"""Seconds within which the session of an interrupted statement should end, while its caller waits."""

LOOK = 0.02
"""Seconds between two checks whether a session has ended."""


def watch_sessions(engine: Engine) -> list[int]:
    """A list to which the id of each session that the engine opens from now on is added."""
    ids: list[int] = []
    event.listen(engine, "connect", lambda connection, _record: ids.append(connection.thread_id()))
    return ids


def end_sessions(conn: Connection, ids: Collection[int]) -> bool:
    """End these sessions through a working connection, and wait for their end; return whether all have ended."""
    for session in ids:
        with suppress(exc.DBAPIError):  # the session may have ended already
            conn.exec_driver_sql(f"KILL CONNECTION {session}")
    listed = ", ".join(map(str, ids)) or "0"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not conn.exec_driver_sql(f"SELECT id FROM information_schema.processlist WHERE id IN ({listed})").all():
            return True
        time.sleep(LOOK)
    return False


def same_statement(sql: bytes) -> str:
    """The condition that a session runs this statement, for a query that begins with ``SESSION``; empty for none.

    Only the beginning is compared, because the server shows some characters as question marks.
    """
    found = _ASCII.match(sql)
    begins = found.group() if found else b""
    return f" AND left(info, {len(begins)}) = CONVERT(0x{begins.hex()} USING utf8mb4)" if begins else ""
