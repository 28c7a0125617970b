"""Find and drop the scratch databases of killed checks: a connection to a server in, log records out.

A check that runs owns its database: ``Server`` has an engine's way to prove that to the checks of other processes.
"""

from __future__ import annotations

import logging
import re
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import Connection, exc

__all__ = ["PREFIX", "Server", "created", "drop_orphans", "new_name"]

PREFIX = "pydb_check_"
"""The beginning of every scratch database's name."""

_NAME = re.compile(PREFIX + r"([0-9]{8}t[0-9]{6})_[0-9a-f]{12}")
_TIME = "%Y%m%dt%H%M%S"
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))

log = logging.getLogger("pydb")


class Server(Protocol):
    """Scratch databases on a server of one engine; every connection is in autocommit mode.

    The owner of a database is a session that begins before the database exists and ends after it was dropped.
    """

    def claim(self, conn: Connection, name: str) -> None:
        """Own that database for as long as the connection is open."""
        ...

    def take_over(self, conn: Connection, name: str) -> None:
        """Own it instead of a session that was closed, once that is over with the statement that it was running."""
        ...

    def drop(self, conn: Connection, name: str) -> None:
        """Drop it if it exists, with the sessions in it."""
        ...

    def databases(self, conn: Connection) -> list[str]:
        """The names of the databases of which some may be without an owner: those that this user may drop."""
        ...

    def drop_unowned(self, conn: Connection, name: str) -> bool:
        """Drop a database that no session owns or is in, and say whether; may raise DBAPIError where one does."""
        ...


def new_name(now: datetime) -> str:
    """The name of a scratch database that is created now: ``pydb_check_20261126t050317_ab12cd34ef56``, in UTC."""
    return f"{PREFIX}{now.astimezone(UTC).strftime(_TIME)}_{secrets.token_hex(6)}"


def created(name: str) -> datetime | None:
    """When a scratch database was created; None for a name that is not exactly one of pydb's."""
    found = _NAME.fullmatch(name)
    try:
        return datetime.strptime(found[1], _TIME).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def age(since: datetime, now: datetime) -> str:
    """How long ago that was, in its two greatest units: ``2 h 5 min``."""
    left = max(0, int((now - since).total_seconds()))
    parts: list[str] = []
    for unit, seconds in _UNITS:
        number, left = divmod(left, seconds)
        if number or (unit == "s" and not parts):
            parts.append(f"{number} {unit}")
    return " ".join(parts[:2])


def drop_orphans(conn: Connection, server: Server) -> None:
    """Drop the scratch databases without an owner, and say so in the log ``pydb``; what cannot be dropped is kept."""
    try:
        names = server.databases(conn)
    except exc.DBAPIError:
        return
    for name in names:
        since = created(name)
        # Another check may be dropping it at this moment.
        with suppress(exc.DBAPIError):
            if since is not None and server.drop_unowned(conn, name):
                ago = age(since, datetime.now(UTC))
                log.warning("dropped %s left by a check that was killed: created %s ago", name, ago)
