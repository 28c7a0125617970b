"""Read a server's statistics: a connection in; the queries with their calls, times and rows out."""

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

    ``name`` is the name in the comment that pydb sends, if the server keeps it.  ``normal`` is the normal form of the
    text, as ``EngineStatistics.normal`` returns it; ``cut`` says that the server keeps only its beginning.  ``seconds``
    is the total time of all calls, and ``rows`` the number of returned or changed rows.
    """

    name: str | None
    normal: str
    calls: int
    seconds: float
    rows: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Statistics:
    """All queries of one database, the start of the statistics, and their source.

    ``notes`` say what is missing, and how to get it, such as ``3 calls are hidden    hint: GRANT …``.
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
        """The statistics of the connection's database.  Raises PydbError with a hint if there are none."""

    def normal(self, sql: str, *, streamed: bool = False) -> str:
        """The normal form of a statement's text with ``:name`` parameters; equal if the server counts them as one.

        ``streamed`` says that its rows are streamed; some servers count that as another query.
        """
        return normal_text(sql, self.engine)


def statistics_of(engine: str) -> EngineStatistics:
    """The statistics of the engine of that name.  Raises PydbError."""
    statistics: EngineStatistics = part(engine, "statistics")
    return statistics
