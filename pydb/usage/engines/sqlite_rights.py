"""Refuse to write rights for SQLite, which has none: a role in, an error out."""

from __future__ import annotations

from pydb.engines import registration
from pydb.errors import PydbError

__all__ = ["SqliteRights"]


class SqliteRights:
    """Whoever can open the file may do everything."""

    has_rights = False

    def __init__(self, engine: str) -> None:
        self.engine = engine

    def role(self, name: str) -> str:
        """Raises PydbError, because SQLite has no rights."""
        raise PydbError(
            f"{registration(self.engine).product} has no rights: everyone who can open the file may do everything",
            hint="name a server with --engine or --db",
        )
