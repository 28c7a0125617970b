"""What a name stands for at one place of a statement: FROM's sources in, the value of ``table.column`` out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlglot import exp

from pydb.describe.facts import Catalogue, TableFacts

__all__ = ["UNKNOWN", "Assignment", "Clause", "Columns", "Context", "Frame", "Source", "Value", "all_nullable"]


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of an expression's values, the worst case where nothing is.

    ``name`` is its folded output name; ``table`` and ``column`` the place it comes from unchanged; ``type``,
    ``kind`` and ``magnitude`` are those of ColumnFacts.
    """

    nullable: bool = True
    kind: str | None = None
    magnitude: float | None = None
    type: str | None = None
    table: str | None = None
    column: str | None = None
    name: str | None = None


Columns = tuple[Value, ...] | None
"""The columns of a relation, in order; None when they are not known."""

UNKNOWN = Value()


def all_nullable(columns: Iterable[Value]) -> tuple[Value, ...]:
    """The same columns, each of them able to be NULL."""
    return tuple(replace(column, nullable=True) for column in columns)


@dataclass(frozen=True, slots=True)
class Source:
    """One item of FROM.  ``extended``: an outer join may have put NULLs in place of its row."""

    name: str | None
    columns: Columns
    extended: bool = False
    facts: TableFacts | None = None

    def find(self, column: str) -> Value | None:
        """The column of that folded name; UNKNOWN where it may be here; None where it is not."""
        if self.columns is None:
            return UNKNOWN
        for value in self.columns:
            if value.name == column:
                return replace(value, nullable=True) if self.extended else value
        # An unnamed column has a name that only the engine knows.
        return UNKNOWN if any(value.name is None for value in self.columns) else None

    def prove(self, column: str) -> Source:
        """The source in rows where that column is not NULL: such a row is no outer join's filler."""
        if self.columns is None:
            return self
        columns = tuple(replace(value, nullable=False) if value.name == column else value for value in self.columns)
        return replace(self, columns=columns, extended=False)


@dataclass(frozen=True, slots=True)
class Clause:
    """An expression that stands in a statement, and where: ``role`` is ``value``, ``condition`` or ``count``."""

    node: exp.Expr
    frame: Frame
    role: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """An expression that is stored in a column."""

    node: exp.Expr
    frame: Frame
    target: Value


@dataclass(slots=True)
class Context:
    """What is the same at every place of one statement, and what the walk noted on its way.

    ``columns_of`` gives the columns of a query inside an expression, ``one_row`` says whether it always has
    exactly one row; ``never_null`` are the parameters that are declared never to be None.
    ``assume_finite`` leaves out that SQLite's infinities may cancel each other out to NULL.
    """

    catalogue: Catalogue
    columns_of: Callable[[exp.Expr, Frame], Columns]
    one_row: Callable[[exp.Expr, Frame], bool]
    never_null: frozenset[str] = frozenset()
    assume_finite: bool = False
    clauses: dict[int, Clause] = field(default_factory=dict)
    assignments: dict[int, Assignment] = field(default_factory=dict)
    frames: dict[int, Frame] = field(default_factory=dict)

    @property
    def engine(self) -> str:
        return self.catalogue.engine

    def fold(self, identifier: Any) -> str:
        """The folded column name of an Identifier, or of a plain string."""
        if isinstance(identifier, exp.Identifier):
            return self.catalogue.fold_column(identifier.name, quoted=bool(identifier.quoted))
        return self.catalogue.fold_column(str(identifier), quoted=False)

    def fold_table(self, identifier: Any) -> str:
        """The folded table name or alias of an Identifier, or of a plain string."""
        if isinstance(identifier, exp.Identifier):
            return self.catalogue.fold_table(identifier.name, quoted=bool(identifier.quoted))
        return self.catalogue.fold_table(str(identifier), quoted=False)


@dataclass(slots=True)
class Frame:
    """The names that one query level sees; ``parent`` is the level around it.

    ``mode`` says what its expressions are computed over: ``rows``; ``groups`` (each of at least one row);
    ``all`` (one group, perhaps empty); ``rollup`` (groups, and NULL in place of keys).
    """

    context: Context
    parent: Frame | None = None
    ctes: Mapping[str, Columns] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    merged: dict[str, tuple[Value, int]] = field(default_factory=dict)
    windows: dict[str, exp.Expr] = field(default_factory=dict)
    mode: str = "rows"
    keys: frozenset[str] = frozenset()
    claimed: bool = False

    def over_rows(self) -> Frame:
        """This level as the arguments of an aggregate see it."""
        return self if self.mode == "rows" else replace(self, mode="rows")

    def cte(self, name: str) -> tuple[bool, Columns]:
        """Whether a common table expression of that name is visible, and its columns."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.ctes:
                return True, frame.ctes[name]
            frame = frame.parent
        return False, None

    def here(self, table: str | None, column: str) -> Value | None:
        """The value at this level; UNKNOWN where it may be this level's; None where it is not."""
        if table is None and column in self.merged:
            return self._seen(self.merged[column][0])
        sources = [source for source in self.sources if table is None or source.name == table]
        found = [value for source in sources if (value := source.find(column)) is not None]
        known = [value for value in found if value is not UNKNOWN]
        if len(known) == 1 and (len(found) == 1 or table is None):
            return self._seen(known[0])
        if found:
            return UNKNOWN
        # A qualifier that names a source of this level is never looked up further out.
        return UNKNOWN if table is not None and sources else None

    def _seen(self, value: Value) -> Value:
        return value if self.mode in ("rows", "groups") else replace(value, nullable=True)

    def lookup(self, table: str | None, column: str) -> Value:
        """The value here or at the nearest level around; UNKNOWN when no level is known to have it."""
        frame: Frame | None = self
        while frame is not None:
            found = frame.here(table, column)
            if found is not None:
                return found
            frame = frame.parent
        return UNKNOWN

    def owner(self, table: str | None, column: str) -> Frame | None:
        """The level that the name belongs to."""
        frame: Frame | None = self
        while frame is not None and frame.here(table, column) is None:
            frame = frame.parent
        return frame

    def extend(self, start: int, end: int) -> None:
        """An outer join may replace the rows of sources ``start`` to ``end`` by NULLs."""
        for index in range(start, end):
            self.sources[index] = replace(self.sources[index], extended=True)
        for name, (value, place) in self.merged.items():
            if start <= place < end:
                self.merged[name] = (replace(value, nullable=True), place)

    def prove(self, table: str | None, column: str, first: int, end: int) -> None:
        """From here on, rows of this level have a value in that column, if a source from first to end has it."""
        if table is None and column in self.merged:
            value, place = self.merged[column]
            # What a part of FROM proves says nothing of a column that is made of two parts.
            if first == 0 and end == len(self.sources):
                self.merged[column] = (replace(value, nullable=False), place)
            return
        matching = [
            index
            for index, source in enumerate(self.sources)
            if (table is None or source.name == table) and source.find(column) is not None
        ]
        if len(matching) == 1 and first <= matching[0] < end:
            self.sources[matching[0]] = self.sources[matching[0]].prove(column)
