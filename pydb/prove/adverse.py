"""Find values that reveal mistakes: an engine and a database with tables in; SQL literals for each column out.

The engine's own catalogue is read here, because a proof must not rely on ``pydb.describe``, which it tests.  The
literals of each engine are in ``prove/engines/``.
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
"""A function that sends a query and returns its rows."""


@dataclass(frozen=True, slots=True)
class Literals:
    """SQL literals of one type.

    ``plain`` are everyday values, ``extreme`` are the limits of the type, and ``beyond`` are values that do not exist
    in Python.  ``series`` are templates for more plain values: a number replaces ``{}``.
    """

    plain: tuple[str, ...]
    extreme: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    series: tuple[str, ...] = ()

    def mapped(self, template: str) -> Literals:
        """Put each literal in place of ``{}`` in a template."""
        parts = (self.plain, self.extreme, self.beyond, self.series)
        return Literals(*(tuple(template.replace("{}", literal) for literal in some) for some in parts))


@dataclass(frozen=True, slots=True)
class AdverseColumn:
    """A column that an INSERT can fill: its name as SQL, its type, and its literals, None if they are not known.

    ``optional`` is true if it has a default.
    """

    name: str
    type: str
    nullable: bool
    literals: Literals | None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class AdverseTable:
    """A table: its name as SQL, the columns to fill, its foreign keys as (columns, table, columns there).

    ``words`` are literals in its constraints, because such values are likely to satisfy them.
    """

    name: str
    columns: tuple[AdverseColumn, ...]
    references: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = ()
    words: tuple[str, ...] = ()


class AdverseValues(ABC):
    """The interface to one engine: the tables of a database, and which errors are caused by a value."""

    def __init__(self, engine: str) -> None:
        self.engine = engine

    @abstractmethod
    def tables(self, ask: Ask) -> list[AdverseTable]:
        """The tables of a database, without the columns that the database fills: generated ones, numbered keys."""

    def insert(self, table: str, columns: str, values: str) -> str:
        """An INSERT that also writes the columns that the database fills."""
        return f"INSERT INTO {table} ({columns}) VALUES ({values})"

    def set_keys_apart(self, ask: Ask) -> None:
        """Make generated keys start above the keys that are inserted, if the engine counts them separately."""
        return

    @abstractmethod
    def is_of_the_data(self, error: DatabaseError) -> bool:
        """Whether the statement could succeed with other values: a wrong type or name is not an error of the data."""


def adverse_of(engine: str) -> AdverseValues:
    """The adverse values of the engine of that name.  Raises PydbError."""
    values: AdverseValues = part(engine, "adverse")
    return values
