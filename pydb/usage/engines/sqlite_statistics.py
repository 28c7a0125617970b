"""Statistics on SQLite: there are none; a connection in, an error that says where time shows out."""

from __future__ import annotations

from sqlalchemy import Connection

from pydb.errors import PydbError
from pydb.usage.normal_text import normal_text
from pydb.usage.statistics import Statistics

__all__ = ["SqliteStatistics"]


class SqliteStatistics:
    """The library keeps no statistics: it runs in the program, and ends with it."""

    def __init__(self, engine: str) -> None:
        self.engine = engine

    def read(self, conn: Connection) -> Statistics:
        raise PydbError(
            "SQLite keeps no statistics of statements",
            hint="the program's log has the time of each call at DEBUG: docs/watching.md",
        )

    def normal(self, sql: str, *, streamed: bool = False) -> str:
        return normal_text(sql, self.engine)
