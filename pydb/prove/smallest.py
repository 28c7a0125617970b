"""Reduce a failing case: its rows and arguments in, fewer and simpler ones that show the same failure out.

Hypothesis (https://hypothesis.readthedocs.io) removes rows, and replaces values by simpler ones, as long as the failure
stays the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, assume, find, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

from pydb.prove.calls import Arguments
from pydb.prove.held_values import simplest
from pydb.prove.same_rows import TableRows
from pydb.prove.tables import Table

__all__ = ["Case", "smallest"]

_EVERY_CHECK: Iterable[Any] = HealthCheck  # iterable by its metaclass
_EXAMPLES = 400
"""The number of parts that Hypothesis tries in order to find one that fails, and then again to reduce it."""


@dataclass(frozen=True, slots=True)
class Case:
    """The rows of the tables, and the arguments of one call."""

    rows: TableRows
    arguments: Arguments

    @property
    def values(self) -> Iterator[Any]:
        """All values of the rows and arguments; the items of lists separately."""
        given, named = self.arguments
        for row in (row for rows in self.rows.values() for row in rows):
            yield from row.values()
        for value in (*named.values(), *(item for sets in given for one in sets for item in one.values())):
            yield from value if isinstance(value, list) else [value]


def smallest(case: Case, tables: Sequence[Table], shows: Callable[[Case], bool], seed: str) -> Case:
    """The smallest case for which ``shows`` is true; the given case if Hypothesis finds no smaller one."""
    case = _fewer_tables(case, tables, shows)
    limits = settings(
        max_examples=_EXAMPLES,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=[*_EVERY_CHECK],
    )
    try:
        return find(_parts(case, tables), shows, settings=limits, random=random.Random(seed))
    except HypothesisException:
        return case


def _fewer_tables(case: Case, tables: Sequence[Table], shows: Callable[[Case], bool]) -> Case:
    """The case with as many empty tables as possible; children are emptied before parents."""
    for table in reversed(tables):
        emptier = Case({**case.rows, table.name: ()}, case.arguments)
        if case.rows.get(table.name) and shows(emptier):
            case = emptier
    return case


@st.composite
def _parts(draw: st.DrawFn, case: Case, tables: Sequence[Table]) -> Case:
    """A part of the case: some rows with their parents, and plain values in some columns and arguments."""
    every = [(table.name, place) for table in tables for place in range(len(case.rows.get(table.name, ())))]
    chosen = {one for one in every if draw(st.booleans())}
    kept = _with_parents(chosen, case.rows, tables)
    plain = {
        (table.name, column.name): _plain(column.word, nullable=column.nullable)
        for table in tables
        for column in table.written
        if any(name == table.name for name, _ in kept)
        and not _is_key(table, column.name)
        and not (column.choices and not column.nullable)
        and draw(_mostly_not)
    }
    rows = {
        table.name: [
            {**row, **{column: value for (name, column), value in plain.items() if name == table.name}}
            for place, row in enumerate(case.rows.get(table.name, ()))
            if (table.name, place) in kept
        ]
        for table in tables
    }
    return Case(rows, draw(_plainer_arguments(case.arguments)))


_mostly_not = st.sampled_from([True, *[False] * 7])
"""Hypothesis prefers the plain value, but rarely begins with it."""


def _plain(word: str | None, *, nullable: bool) -> Any:
    return None if nullable or word is None else simplest(word)


def _is_key(table: Table, column: str) -> bool:
    return column in table.key or any(column in here for here, _, _ in table.references)


def _with_parents(chosen: set[tuple[str, int]], rows: TableRows, tables: Sequence[Table]) -> set[tuple[str, int]]:
    """The chosen rows, and the rows that they refer to."""
    kept, waiting = set(chosen), list(chosen)
    by_name = {table.name: table for table in tables}
    while waiting:
        name, place = waiting.pop()
        for here, there, columns in by_name[name].references:
            wanted = [rows[name][place].get(column) for column in here]
            for other, parent in enumerate(rows.get(there, ())):
                if None not in wanted and [parent.get(column) for column in columns] == wanted:
                    fresh = (there, other)
                    waiting += [] if fresh in kept else [fresh]
                    kept.add(fresh)
    return kept


@st.composite
def _plainer_arguments(draw: st.DrawFn, arguments: Arguments) -> Arguments:
    given, named = arguments
    if not given:
        return (), {name: draw(_plainer(value)) for name, value in named.items()}
    (sets,) = given
    kept = draw(st.lists(st.sampled_from(range(len(sets))), unique=True)) if sets else []
    assume(len(kept) <= len(sets))
    return ([{name: draw(_plainer(value)) for name, value in sets[place].items()} for place in sorted(kept)],), {}


def _plainer(value: Any) -> st.SearchStrategy[Any]:
    """The value, and a simpler value of its type."""
    if isinstance(value, list):
        parts: list[Any] = [value[:1], value[:2]] if len(value) > 2 else []
        return st.sampled_from([*parts, value, value])
    zero: Mapping[type, Any] = {int: 0, str: "a"}
    plain = zero.get(type(value))
    return st.just(value) if plain is None or plain == value else st.sampled_from([plain, value, value])
