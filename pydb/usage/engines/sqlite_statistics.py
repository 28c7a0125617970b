"""Statistics on SQLite: there are none; a connection in, an error that says where time shows out."""

from __future__ import annotations

from sqlalchemy import Connection

from pydb.errors import PydbError
from pydb.usage.statistics import EngineStatistics, Statistics

__all__ = ["SqliteStatistics"]


class SqliteStatistics(EngineStatistics):
    """The library keeps no statistics: it runs in the program, and ends with it."""

    def read(self, conn: Connection) -> Statistics:
        raise PydbError(
            "SQLite keeps no statistics of statements",
            hint='logging.getLogger("pydb").setLevel("DEBUG") logs the time of each call',
        )
