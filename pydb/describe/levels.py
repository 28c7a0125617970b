"""Describe the levels of nested rows: an analysed statement in; their columns, and which may be absent, out.

A column of a level is read only in rows in which the level is present: its key, and the keys of the levels above it,
are not NULL.  So only NULLs in these rows make the column nullable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from pydb.describe.analysis.nullability import flatten
from pydb.describe.analysis.statement_analysis import Analysis
from pydb.describe.described import DescribedColumn, DescribedLevel
from pydb.sqlfile.nested import Nesting, place_of_label

__all__ = ["described_levels", "items_by_name", "present_columns"]

Again = Callable[[exp.Expr], Analysis]
"""A function that analyses another tree of the same statement."""


@dataclass(frozen=True, slots=True)
class _Keys:
    """The key columns of a level and of those above it: they are not NULL in rows in which the level is present."""

    above: tuple[str, ...]
    own: tuple[str, ...]


def described_levels(nesting: Nesting, names: Sequence[str]) -> tuple[DescribedLevel, ...]:
    """The levels, the root first; a column that belongs to no level is left out."""
    fields: dict[str, dict[str, int]] = {"": {}, **{level.path: {} for level in nesting.joined}}
    for number, label in enumerate(names):
        json = nesting.by_label.get(label)
        found = (json.parent, json.name) if json is not None else place_of_label(label, nesting)
        if found is not None and found[0] in fields:
            fields[found[0]][found[1]] = number
    levels: list[DescribedLevel] = []
    for path, inside in fields.items():
        level = next((item for item in nesting.levels if item.path == path), None)
        stated = [inside[name] for name in nesting.key_of(path) if name in inside]
        levels.append(DescribedLevel(level, inside, tuple(stated) or tuple(inside.values())[:1]))
    return tuple(levels)


def present_columns(
    columns: tuple[DescribedColumn, ...],
    levels: Sequence[DescribedLevel],
    analysis: Analysis,
    declared: Iterable[str],
    again: Again,
) -> tuple[tuple[DescribedColumn, ...], tuple[DescribedLevel, ...]]:
    """The columns and levels, with what is known of rows in which a level is present.

    A column is nullable if it may be NULL in rows in which its level is present.  ``absent`` of a level says whether it
    may be absent.  ``@column`` overrides what is known of a column.
    """
    settled = frozenset(declared)
    made, keys = list(columns), _keys(levels, columns)
    found: list[DescribedLevel] = []
    for level in levels:
        if level.level is None:
            found.append(level)
            continue
        above, own = keys[level.path].above, keys[level.path].own
        nullable_above = _nullable(analysis, above, again)
        absent = any(columns[number].nullable and _of(nullable_above, number, True) for number in level.key)
        found.append(replace(level, absent=absent))
        nullable = _nullable(analysis, (*above, *own), again)
        for number in level.fields.values():
            column = made[number]
            if column.name in settled:
                continue
            if number in level.key or not _of(nullable, number, column.nullable):
                made[number] = replace(column, nullable=False, unless_infinite=False, unless_none=False)
    return tuple(made), tuple(found)


def _of(nullable: Sequence[bool] | None, number: int, otherwise: bool) -> bool:
    return otherwise if nullable is None or number >= len(nullable) else nullable[number]


def _keys(levels: Sequence[DescribedLevel], columns: Sequence[DescribedColumn]) -> dict[str, _Keys]:
    by_path = {level.path: tuple(columns[number].name for number in level.key) for level in levels}
    keys: dict[str, _Keys] = {}
    for path in by_path:
        parents = [other for other in by_path if other and path.startswith(f"{other}.")]
        keys[path] = _Keys(tuple(name for parent in parents for name in by_path[parent]), by_path[path])
    return keys


def _nullable(analysis: Analysis, names: Sequence[str], again: Again) -> list[bool] | None:
    """Which columns may be NULL in the rows in which the columns ``names`` are not NULL; None if that is unknown."""
    tree = analysis.tree
    if not isinstance(tree, exp.Select) or analysis.columns is None:
        return None
    items = items_by_name(tree)
    keys = [item for name in names if isinstance(item := items.get(name.lower()), exp.Column)]
    narrowed = tree.copy()
    for key in keys:
        narrowed = narrowed.where(exp.Not(this=exp.Is(this=key.copy(), expression=exp.Null())), copy=False)
    for condition in _true_conditions(tree, [key.table for key in keys]):
        narrowed = narrowed.where(condition.copy(), copy=False)
    seen = again(narrowed).columns
    return None if seen is None else [value.nullable for value in seen]


def _true_conditions(tree: exp.Select, present: list[str]) -> Iterator[exp.Expr]:
    """The conditions of left joins that are true in rows in which the tables ``present`` have a row."""
    joins = {
        join.this.alias_or_name: join.args["on"]
        for join in tree.args.get("joins") or ()
        if isinstance(join, exp.Join) and join.side == "LEFT" and join.args.get("on") is not None
    }
    while present:
        condition = joins.pop(present.pop(), None)
        if condition is not None:
            yield condition
            # Both sides of a true equality are values, so their tables have a row too.
            equal = [part for part in flatten(condition) if isinstance(part, exp.EQ)]
            present += [
                side.table for part in equal for side in (part.this, part.expression) if isinstance(side, exp.Column)
            ]


def items_by_name(tree: exp.Expr) -> Mapping[str, exp.Expr]:
    """The expressions of a select list, by their labels in lower case, without the columns of a ``*``."""
    return {
        item.alias_or_name.lower(): item.unalias() for item in tree.expressions if item.alias_or_name not in ("", "*")
    }
