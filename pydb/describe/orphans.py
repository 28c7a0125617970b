"""Find and drop the scratch databases of killed checks: a connection to a server in, log records out.

A running check owns its scratch database.  ``Server`` is the engine's way to show that to the checks of other
processes.
"""

from __future__ import annotations

import logging
import re
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sqlalchemy import Connection


__all__ = ["PREFIX", "Server", "created", "drop_orphans", "new_name"]

PREFIX = "pydb_check_"
"""The beginning of every scratch database's name."""

_NAME = re.compile(PREFIX + r"([0-9]{8}t[0-9]{6})_[0-9a-f]{12}")
_TIME = "%Y%m%dt%H%M%S"
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))

log = logging.getLogger("pydb")


class Server(Protocol):
    """Manages scratch databases on a server of one engine; every connection is in autocommit mode.

    The owner of a database is a session that begins before the database is created and ends after it is dropped.
    """

    def claim(self, conn: Connection, name: str) -> None:
        """Make the connection's session the owner of that database, as long as the connection is open."""
        ...

    def take_over(self, conn: Connection, name: str) -> None:
        """Become the owner in place of a session whose connection was closed, after its running statement has ended."""
        ...

    def drop(self, conn: Connection, name: str) -> None:
        """Drop the database if it exists, and end the sessions that use it."""
        ...

    def databases(self, conn: Connection) -> list[str]:
        """The names of the databases that this user may drop: some of them may have lost their owner."""
        ...

    def drop_unowned(self, conn: Connection, name: str) -> bool:
        """Drop a database that no session owns or uses; return whether it was dropped.

        May raise DBAPIError if a session owns or uses it.
        """
        ...


def new_name(now: datetime) -> str:
    """A name for a new scratch database, with the time in UTC: ``pydb_check_20261126t050317_ab12cd34ef56``."""
    return f"{PREFIX}{now.astimezone(UTC).strftime(_TIME)}_{secrets.token_hex(6)}"


def created(name: str) -> datetime | None:
    """When a scratch database was created; None for a name that ``new_name`` cannot have made."""
    found = _NAME.fullmatch(name)
    try:
        return datetime.strptime(found[1], _TIME).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def age(since: datetime, now: datetime) -> str:
    """The time since then, in its two largest units: ``2 h 5 min``."""
    left = max(0, int((now - since).total_seconds()))
    parts: list[str] = []
    for unit, seconds in _UNITS:
        number, left = divmod(left, seconds)
        if number or (unit == "s" and not parts):
            parts.append(f"{number} {unit}")
    return " ".join(parts[:2])


def drop_orphans(conn: Connection, server: Server) -> None:
    """Drop the scratch databases that have no owner, and log each to ``pydb``; keep those that cannot be dropped."""
    from sqlalchemy import exc

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
                log.warning("dropped %s, which a killed check has left; it was created %s ago", name, ago)
