"""Resolve a name in one place of a statement: the sources of FROM in, the value of ``table.column`` out.

The walk over a statement also counts its steps here, and gives up if there are too many for the statement's length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlglot import exp

from pydb.describe.analysis.value import UNKNOWN, Value
from pydb.describe.catalogue import Catalogue, TableFacts
from pydb.describe.facts import EngineFacts

__all__ = [
    *("GIVING_UP", "Assignment", "Clause", "Columns", "Context", "Ctes", "Frame", "Source", "TooComplex"),
    *("all_nullable", "steps_for"),
]

_STEPS, _STEPS_A_CHARACTER = 200_000, 20
"""The number of steps that the walk may take: far more than a statement that a person has written needs."""


class TooComplex(Exception):
    """The walk has taken more steps than the statement's length allows."""


GIVING_UP = (RecursionError, TooComplex)
"""The exceptions that end the walk over a statement that is nested too deep or takes too many steps.

Nothing is known about such a statement.
"""


def steps_for(sql: str) -> int:
    """The number of steps that the walk over this statement may take; it depends only on the statement's length."""
    return _STEPS + _STEPS_A_CHARACTER * len(sql)


Columns = tuple[Value, ...] | None
"""The columns of a relation, in order; None if they are unknown."""


def all_nullable(columns: Iterable[Value]) -> tuple[Value, ...]:
    """The same columns, each of which may be NULL."""
    return tuple(column._replace(nullable=True) for column in columns)


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One item of FROM.

    ``extended`` says that an outer join may put NULLs in place of its row.  ``places`` has the numbers of the columns,
    by their names.
    """

    name: str | None
    columns: Columns
    extended: bool = False
    facts: TableFacts | None = None
    places: Mapping[str | None, Sequence[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.places:
            places: dict[str | None, list[int]] = {}
            for index, value in enumerate(self.columns or ()):
                places.setdefault(value.name, []).append(index)
            object.__setattr__(self, "places", places)

    def find(self, column: str) -> Value | None:
        """The column of that folded name; UNKNOWN if it may be a column of this source; None if it is not."""
        if self.columns is None:
            return UNKNOWN
        if column in self.places:
            value = self.columns[self.places[column][0]]
            return value._replace(nullable=True) if self.extended else value
        # Only the engine knows the name of an unnamed column: it may be this one.
        return UNKNOWN if None in self.places else None

    def prove(self, column: str) -> Source:
        """The source, for rows in which that column is not NULL: no outer join has put NULLs in place of them."""
        if self.columns is None:
            return self
        columns = list(self.columns)
        for index in self.places.get(column, ()):
            columns[index] = columns[index]._replace(nullable=False)
        return replace(self, columns=tuple(columns), extended=False)


@dataclass(frozen=True, slots=True, eq=False)
class Ctes:
    """The names of one WITH that its expression number ``place`` can see, or that the query after WITH can see.

    ``known`` has the columns of the expressions before the place; the columns of later expressions are not known yet.
    ``own`` are the columns of the expression at the place, as the last round of a recursion has found them.  Without
    ``recursive``, this expression does not see its own name.
    """

    known: Mapping[str, Columns]
    places: Mapping[str, int]
    place: int
    recursive: bool
    own: Columns = None

    def find(self, name: str) -> tuple[bool, Columns]:
        """Whether an expression of that name is visible, and its columns."""
        at = self.places.get(name)
        if at is None or at == self.place:
            return at is not None and self.recursive, self.own
        return True, self.known[name] if at < self.place else None


@dataclass(frozen=True, slots=True)
class Clause:
    """An expression of a statement, with its frame; ``role`` is ``value``, ``condition`` or ``count``."""

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
    """The data that all frames of one statement share: the input of the walk, and what the walk has noted.

    Input: ``columns_of`` returns the columns of a query inside an expression.  ``one_row`` says whether such a query
    always has exactly one row.  ``never_null`` are the parameters that are never None.  ``parameter_types`` has the
    known types of parameters.  With ``assume_finite``, the walk ignores that ``Inf - Inf`` is NULL on SQLite.

    Notes: ``steps`` is the number of steps that the walk may still take.  ``walked`` caches the columns of each query.
    ``seen`` has the ids of the walked queries, ``claimed`` the ids of the queries whose rows an aggregate in an inner
    query aggregates.  ``asked`` are the parameters whose value the walk has used.  ``met_infinity`` says that
    infinities have changed a result.  If both are empty, a walk with another ``never_null``, ``parameter_types`` or
    ``assume_finite`` gives the same result.
    """

    catalogue: Catalogue
    columns_of: Callable[[exp.Expr, Frame], Columns]
    one_row: Callable[[exp.Expr, Frame], bool]
    never_null: frozenset[str] = frozenset()
    parameter_types: Mapping[str, str] = field(default_factory=dict)
    assume_finite: bool = False
    clauses: dict[int, Clause] = field(default_factory=dict)
    assignments: dict[int, Assignment] = field(default_factory=dict)
    frames: dict[int, Frame] = field(default_factory=dict)
    steps: int = _STEPS
    walked: dict[tuple[Any, ...], Columns] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    claimed: set[int] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    met_infinity: bool = False

    def spend(self, steps: int = 1) -> None:
        """Count steps.  Raises TooComplex if the walk has taken too many."""
        self.steps -= steps
        if self.steps < 0:
            raise TooComplex

    @property
    def facts(self) -> EngineFacts:
        """The facts of the engine."""
        return self.catalogue.facts

    def fold(self, identifier: Any) -> str:
        """The folded column name of an Identifier, of a Column, or of a plain string."""
        if isinstance(identifier, exp.Column | exp.ColumnDef):
            identifier = identifier.this
        if isinstance(identifier, exp.Identifier):
            return self.catalogue.fold_column(identifier.name, quoted=bool(identifier.quoted))
        return self.catalogue.fold_column(str(identifier), quoted=False)

    def fold_table(self, identifier: Any) -> str:
        """The folded table name or alias of an Identifier, or of a plain string."""
        if isinstance(identifier, exp.Identifier):
            return self.catalogue.fold_table(identifier.name, quoted=bool(identifier.quoted))
        return self.catalogue.fold_table(str(identifier), quoted=False)


@dataclass(slots=True, eq=False)
class Frame:
    """The names that one query level can see; ``parent`` is the enclosing level, ``node`` the SELECT of this level.

    ``mode`` says for what the level's expressions are computed: for each of the ``rows``; for ``groups``, each of at
    least one row; for ``all`` rows as one group, which may be empty; for the groups of a ``rollup``, where keys may be
    NULL.
    """

    context: Context
    parent: Frame | None = None
    ctes: Ctes | None = None
    sources: list[Source] = field(default_factory=list)
    merged: dict[str, tuple[Value, int]] = field(default_factory=dict)
    windows: dict[str, exp.Expr] = field(default_factory=dict)
    mode: str = "rows"
    keys: frozenset[str] = frozenset()
    node: exp.Expr | None = None

    def over_rows(self) -> Frame:
        """The frame in which an aggregate's arguments are computed: this level, with the mode ``rows``."""
        return self if self.mode == "rows" else replace(self, mode="rows")

    def cte(self, name: str) -> tuple[bool, Columns]:
        """Whether a common table expression of that name is visible, and its columns."""
        frame: Frame | None = self
        while frame is not None:
            visible, columns = (False, None) if frame.ctes is None else frame.ctes.find(name)
            if visible:
                return True, columns
            frame = frame.parent
        return False, None

    def state(self) -> tuple[Any, ...]:
        """Everything that a nested query can see of this level and its parents; a key of ``walked``."""
        levels: list[Any] = []
        frame: Frame | None = self
        while frame is not None:
            self.context.spend(1 + len(frame.sources))
            levels.append((frame.mode, frame.ctes, tuple(frame.sources), tuple(frame.merged.items())))
            frame = frame.parent
        return tuple(levels)

    def here(self, table: str | None, column: str) -> Value | None:
        """The value of a column of this level; UNKNOWN if the name may belong to this level; None if it does not."""
        self.context.spend(1 + len(self.sources))
        if table is None and column in self.merged:
            return self._seen(self.merged[column][0])
        sources = [source for source in self.sources if table is None or source.name == table]
        found = [value for source in sources if (value := source.find(column)) is not None]
        known = [value for value in found if value is not UNKNOWN]
        if len(known) == 1 and (len(found) == 1 or table is None):
            return self._seen(known[0])
        if found:
            return UNKNOWN
        # If a source of this level has the qualifier's name, the qualifier never means an outer level.
        return UNKNOWN if table is not None and sources else None

    def _seen(self, value: Value) -> Value:
        return value if self.mode in ("rows", "groups") else value._replace(nullable=True)

    def lookup(self, table: str | None, column: str) -> Value:
        """The value of a column of this level or the nearest parent that has it; UNKNOWN if no level has it."""
        frame: Frame | None = self
        while frame is not None:
            found = frame.here(table, column)
            if found is not None:
                return found
            frame = frame.parent
        return UNKNOWN

    def owner(self, table: str | None, column: str) -> Frame | None:
        """The level that the name belongs to; None if no level has it."""
        frame: Frame | None = self
        while frame is not None and frame.here(table, column) is None:
            frame = frame.parent
        return frame

    def extend(self, start: int, end: int) -> None:
        """Note that an outer join may put NULLs in place of the rows of sources ``start`` to ``end``."""
        self.context.spend(end - start + len(self.merged))
        for index in range(start, end):
            self.sources[index] = replace(self.sources[index], extended=True)
        for name, (value, place) in self.merged.items():
            if start <= place < end:
                self.merged[name] = (value._replace(nullable=True), place)

    def prove(self, table: str | None, column: str, first: int, end: int) -> None:
        """Note that the column is not NULL in rows of this level, if its source is one from ``first`` to ``end``."""
        self.context.spend(1 + len(self.sources))
        if table is None and column in self.merged:
            value, place = self.merged[column]
            # A column that USING has merged comes from two sources: only a condition on the whole FROM proves
            # something.
            if first == 0 and end == len(self.sources):
                self.merged[column] = (value._replace(nullable=False), place)
            return
        matching = [
            index
            for index, source in enumerate(self.sources)
            if (table is None or source.name == table) and source.find(column) is not None
        ]
        if len(matching) == 1 and first <= matching[0] < end:
            self.sources[matching[0]] = self.sources[matching[0]].prove(column)
