"""Refuse to read statistics on SQLite, which has none: a connection in, an error with a hint out."""

from __future__ import annotations

from sqlalchemy import Connection

from pydb.errors import PydbError
from pydb.usage.statistics import EngineStatistics, Statistics

__all__ = ["SqliteStatistics"]


class SqliteStatistics(EngineStatistics):
    """SQLite keeps no statistics, because it runs inside the program and ends with it."""

    def read(self, conn: Connection) -> Statistics:
        raise PydbError(
            "SQLite keeps no statistics of statements",
            hint='logging.getLogger("pydb").setLevel("DEBUG") logs the time of each call',
        )
