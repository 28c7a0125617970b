"""What the site asks of an engine: a session in; sizes, and the indexes that constraints make, out."""

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
    """``rows`` is how many rows a table has, by the engine's statistics where ``estimated``.

    ``size`` is what it takes with its indexes, in bytes.  Each is None where the engine does not know it.
    """

    rows: int | None
    size: int | None
    estimated: bool = False


class EngineSite(ABC):
    """What the site asks of one engine; ``lexer`` is Pygments' name of what reads its SQL."""

    lexer: ClassVar[str] = "sql"

    key_lookup: ClassVar[re.Pattern[str] | None] = None
    """What a plan says of a table whose rows are found by its primary key, where it does not name the constraint.

    The first group is the table's alias.
    """

    def __init__(self, engine: str) -> None:
        self.engine = engine

    @abstractmethod
    def sizes(self, session: Session) -> Mapping[str, TableSize]:
        """The sizes of the tables of a live database, by name; nothing is written."""

    def automatic_indexes(self, session: Session) -> Mapping[str, tuple[str, frozenset[str]]]:
        """The tables and columns of constraints' indexes, by the names in plans: the schema may give other ones."""
        return {}


def site_of(engine: str) -> EngineSite:
    """What the site asks of the engine of that name.  Raises PydbError."""
    site: EngineSite = part(engine, "site")
    return site
