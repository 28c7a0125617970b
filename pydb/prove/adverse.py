"""Values that find mistakes, as SQL: an engine and a database with its tables in; each column's literals out.

The engine's own catalogue is asked, not describe's: what is proven must not come from what is to be proven.
What one engine alone has is in ``prove/engines/``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydb.engines import part
from pydb.errors import DatabaseError

__all__ = ["AdverseColumn", "AdverseTable", "AdverseValues", "Ask", "Literals", "adverse_of"]

Ask = Callable[[str], Sequence[Any]]
"""Sends a query and returns its rows."""


@dataclass(frozen=True, slots=True)
class Literals:
    """SQL literals of one type.

    ``plain`` are values that a program meets every day, ``extreme`` the ends of the type, ``beyond`` those that it
    has and Python has not.  ``series`` make more plain values, of a number in place of ``{}``.
    """

    plain: tuple[str, ...]
    extreme: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    series: tuple[str, ...] = ()

    def mapped(self, template: str) -> Literals:
        """Each literal in place of ``{}`` in a template."""
        parts = (self.plain, self.extreme, self.beyond, self.series)
        return Literals(*(tuple(template.replace("{}", literal) for literal in some) for some in parts))


@dataclass(frozen=True, slots=True)
class AdverseColumn:
    """A column that an INSERT can fill: its name as SQL, its type, and the literals; None where nobody knows any.

    ``optional`` says that it has a default.
    """

    name: str
    type: str
    nullable: bool
    literals: Literals | None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class AdverseTable:
    """A table: its name as SQL, the columns to fill, its foreign keys as (columns, table, columns there).

    ``words`` are literals that its constraints name, which are likely to satisfy them.
    """

    name: str
    columns: tuple[AdverseColumn, ...]
    references: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = ()
    words: tuple[str, ...] = ()


class AdverseValues(ABC):
    """What one engine says: the tables of a database, and which of its errors a value is the reason of."""

    def __init__(self, engine: str) -> None:
        self.engine = engine

    @abstractmethod
    def tables(self, ask: Ask) -> list[AdverseTable]:
        """The tables of a database.  Columns that fill themselves are left out: generated ones, numbered keys."""

    def insert(self, table: str, columns: str, values: str) -> str:
        """An INSERT that also writes the columns that fill themselves."""
        return f"INSERT INTO {table} ({columns}) VALUES ({values})"

    def set_keys_apart(self, ask: Ask) -> None:
        """Let generated keys begin behind those of rows that are given theirs, where the engine counts apart."""
        return

    @abstractmethod
    def is_of_the_data(self, error: DatabaseError) -> bool:
        """Whether other values could make the statement succeed; a wrong type or name is never of the data."""


def adverse_of(engine: str) -> AdverseValues:
    """The adverse values of the engine of that name.  Raises PydbError."""
    values: AdverseValues = part(engine, "adverse")
    return values
