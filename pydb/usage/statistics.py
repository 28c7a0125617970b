"""What a server has measured of queries: a connection in; each query with its calls, time and rows out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from pydb.engines import part
from pydb.usage.normal_text import normal_text

__all__ = ["EngineStatistics", "Measured", "Statistics", "statistics_of"]


@dataclass(frozen=True, slots=True)
class Measured:
    """One query as the server counts it.

    ``name`` is that of the comment that pydb sends, where the server keeps it.  ``normal`` is the normal form of its
    text, as ``EngineStatistics.normal`` makes it of a statement's; ``cut`` says that the server keeps only the
    beginning.  ``seconds`` are those of all calls together, ``rows`` those returned or changed.
    """

    name: str | None
    normal: str
    calls: int
    seconds: float
    rows: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Statistics:
    """All queries of one database, since when, and where they come from.

    ``notes`` say what is missing in them, and how to get it: ``3 calls are hidden    hint: GRANT …``.
    """

    source: str
    since: datetime | None
    queries: tuple[Measured, ...]
    notes: tuple[str, ...] = ()


class EngineStatistics(ABC):
    """The statistics of one engine."""

    def __init__(self, engine: str) -> None:
        self.engine = engine

    @abstractmethod
    def read(self, conn: Connection) -> Statistics:
        """What was measured in the connection's database.  Raises PydbError where nothing is, and says how to begin."""

    def normal(self, sql: str, *, streamed: bool = False) -> str:
        """The normal form of a statement's text, parameters as ``:name``: equal for what the server counts as one.

        ``streamed`` says that its rows are read while they come, which is another query to some servers.
        """
        return normal_text(sql, self.engine)


def statistics_of(engine: str) -> EngineStatistics:
    """The statistics of the engine of that name.  Raises PydbError."""
    statistics: EngineStatistics = part(engine, "statistics")
    return statistics
