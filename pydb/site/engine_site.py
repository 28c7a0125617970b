"""The interface of the site to an engine: a session in; sizes, and the indexes of constraints, out."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from pydb.describe.session import Session
from pydb.engines import part

__all__ = ["EngineSite", "TableSize", "site_of"]


@dataclass(frozen=True, slots=True)
class TableSize:
    """The size of a table.  ``rows`` is the number of its rows, from the engine's statistics if ``estimated``.

    ``size`` is the size with the indexes, in bytes.  ``rows`` and ``size`` are None if the engine does not know them.
    """

    rows: int | None
    size: int | None
    estimated: bool = False


class EngineSite(ABC):
    """What the site needs from one engine; ``lexer`` is the name of Pygments' lexer for its SQL."""

    lexer: ClassVar[str] = "sql"

    key_lookup: ClassVar[re.Pattern[str] | None] = None
    """Matches a plan that finds a table's rows by its primary key without naming the constraint.

    The first group is the table's alias.
    """

    def __init__(self, engine: str) -> None:
        self.engine = engine

    @abstractmethod
    def sizes(self, session: Session) -> Mapping[str, TableSize]:
        """The sizes of the tables of a live database, by name; nothing is written."""

    def automatic_indexes(self, session: Session) -> Mapping[str, tuple[str, frozenset[str]]]:
        """The tables and columns of constraints' indexes, by their names in plans, which the schema may not have."""
        return {}


def site_of(engine: str) -> EngineSite:
    """The ``EngineSite`` of the engine with this name.  Raises PydbError."""
    site: EngineSite = part(engine, "site")
    return site
