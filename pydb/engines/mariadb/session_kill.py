"""End MariaDB sessions whose client was interrupted: their ids in; each session and its statement are ended.

PyMySQL closes the socket when it is interrupted while it waits for an answer.  The server notices that only after the
statement, which may wait for a lock meanwhile, and which then is done, and committed if it commits by itself.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from contextlib import suppress

from sqlalchemy import Connection, Engine, event, exc

__all__ = ["end_sessions", "watch_sessions"]

PATIENCE = 10.0
"""Seconds to wait for sessions to end: a statement that is killed undoes its work first."""


def watch_sessions(engine: Engine) -> list[int]:
    """A list that gets the id of each session that the engine opens from now on."""
    ids: list[int] = []
    event.listen(engine, "connect", lambda connection, _record: ids.append(connection.thread_id()))
    return ids


def end_sessions(conn: Connection, ids: Collection[int]) -> bool:
    """End these sessions, over a connection that works, and wait for that; returns whether all have ended."""
    for session in ids:
        with suppress(exc.DBAPIError):  # it has ended already
            conn.exec_driver_sql(f"KILL CONNECTION {session}")
    listed = ", ".join(map(str, ids)) or "0"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not conn.exec_driver_sql(f"SELECT id FROM information_schema.processlist WHERE id IN ({listed})").all():
            return True
        time.sleep(0.02)
    return False
