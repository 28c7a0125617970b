"""Find how many rows a statement may return, and their order: an analysed statement in, what keys guarantee out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from pydb.describe.analysis.nullability import flatten, names_of
from pydb.describe.analysis.relations import one_row
from pydb.describe.analysis.scope import GIVING_UP, Frame, Source
from pydb.describe.analysis.statement_analysis import Analysis

__all__ = [
    *("Equality", "SourceColumns", "at_most_one_row", "equalities_of", "fixed_columns"),
    *("has_arbitrary_limit", "is_totally_ordered"),
]

SourceColumn = tuple[int, str]
"""A column: the number of its source in FROM, and its folded name."""


@dataclass(frozen=True, slots=True)
class Equality:
    """``left = right``, where None means a value that is the same in all rows.

    ``outer`` is the source of the left join whose condition contains it: it is true only in rows in which that source
    has a row.
    """

    left: SourceColumn | None
    right: SourceColumn | None
    outer: int | None = None

    def determines(self, side: SourceColumn, present: Container[int]) -> bool:
        """Whether the equality determines the column ``side``, if each row of the sources ``present`` exists."""
        return self.outer is None or self.outer in present or side[0] == self.outer


def at_most_one_row(analysis: Analysis) -> bool:
    """Whether it is certain that the statement returns or changes at most one row."""
    return _is_certain(_at_most_one, analysis)


def is_totally_ordered(analysis: Analysis) -> bool:
    """Whether the order of the rows is total: ORDER BY certainly contains a key of everything in FROM."""
    return _is_certain(_is_ordered, analysis)


def _is_certain(answer: Callable[[exp.Expr, Analysis], bool], analysis: Analysis) -> bool:
    """The answer for the statement; False if the analysis gives up."""
    tree = analysis.tree
    try:
        return tree is not None and answer(tree, analysis)
    except GIVING_UP:
        return False


def has_arbitrary_limit(analysis: Analysis) -> bool:
    """Whether a LIMIT chooses among different rows whose order is not total.

    ORDER BY random() does not count: there the arbitrary choice is intended.
    """
    tree = analysis.tree
    if not isinstance(tree, exp.Query) or (tree.args.get("limit") is None and tree.args.get("offset") is None):
        return False
    order = tree.args.get("order")
    if order is not None and order.find(exp.Rand):
        return False
    if not any(item.find(exp.Column, exp.Star) for item in tree.selects):
        return False
    frame = analysis.context.frames.get(id(tree))
    # The keys of a sub-query in FROM are unknown.
    if frame is None or any(source.facts is None or not source.facts.keys for source in frame.sources):
        return False
    return not is_totally_ordered(analysis)


def _is_ordered(tree: exp.Expr, analysis: Analysis) -> bool:
    if isinstance(tree, exp.Subquery):
        return _is_ordered(tree.this, analysis)
    if not isinstance(tree, exp.Query) or _at_most_one(tree, analysis, by_limit=False):
        return isinstance(tree, exp.Query)
    order = tree.args.get("order")
    keys = [_ordered_by(item, tree) for item in order.expressions] if order is not None else []
    if not isinstance(tree, exp.Select) or tree.args.get("distinct"):
        # Rows that are equal in every column may be returned in any order.
        return bool(keys) and all(item.unalias() in keys or item in keys for item in tree.selects)
    frame = analysis.context.frames.get(id(tree))
    if frame is None:
        return False
    group = tree.args.get("group")
    if group is None and not keys:
        return False  # several rows in no order
    if group is not None and all(_ordered_by(item, tree) in keys for item in group.expressions):
        return True
    return _bound(tree, frame, _grouping(tree) if group is not None else None, keys)


def _ordered_by(item: exp.Expr, tree: exp.Query) -> exp.Expr:
    """The expression that an item of ORDER BY or GROUP BY means.

    A number is a position in the select list.  A name is an alias of the select list, or else a column.
    """
    node = item.this if isinstance(item, exp.Ordered) else item
    if isinstance(node, exp.Literal) and node.is_int and 0 < int(node.name) <= len(tree.selects):
        return tree.selects[int(node.name) - 1].unalias()
    if isinstance(node, exp.Column) and not node.table:
        found = (one for one in tree.selects if one.alias == node.name)
        return next((one.unalias() for one in found), node)
    return node


def _at_most_one(tree: exp.Expr, analysis: Analysis, *, by_limit: bool = True) -> bool:
    if isinstance(tree, exp.Subquery):
        return _at_most_one(tree.this, analysis)
    if by_limit and _limited(tree):
        return True
    frame = analysis.context.frames.get(id(tree))
    if frame is None:
        return isinstance(tree, exp.Values) and len(tree.expressions) == 1
    if isinstance(tree, exp.Insert):
        return _inserts_one(tree, analysis)
    if isinstance(tree, exp.Select):
        if frame.mode == "all" or one_row(tree, frame) or tree.args.get("from_") is None:
            return True
        items = _grouping(tree) if tree.args.get("group") else None
        return _bound(tree, frame, items)
    return _bound(tree, frame, None)


def _limited(tree: exp.Expr) -> bool:
    limit = tree.args.get("limit")
    value = limit.args.get("expression") or limit.args.get("count") if limit is not None else None
    return isinstance(value, exp.Literal) and value.name in ("0", "1")


def _inserts_one(tree: exp.Insert, analysis: Analysis) -> bool:
    query = tree.args.get("expression")
    if query is None:
        return True
    return len(query.expressions) == 1 if isinstance(query, exp.Values) else _at_most_one(query, analysis)


def _grouping(tree: exp.Expr) -> list[exp.Expr]:
    return list(tree.args["group"].expressions)


def _bound(tree: exp.Expr, frame: Frame, grouping: list[exp.Expr] | None, constant: Sequence[exp.Expr] = ()) -> bool:
    """Whether conditions fix a key of every source, or all grouping keys; the expressions ``constant`` are fixed."""
    columns = SourceColumns(frame)
    equalities = equalities_of(tree, columns)
    if equalities is None:
        return False
    ordered = [Equality(place, None) for item in constant if (place := columns.place(item)) is not None]
    fixed, single = fixed_columns([*equalities, *ordered], frame.sources)
    if grouping is not None:
        return all(columns.place(item) in fixed for item in grouping)
    return 0 < len(frame.sources) == len(single)


def equalities_of(tree: exp.Expr, columns: SourceColumns) -> list[Equality] | None:
    """The equalities that WHERE and joins of a query state; None for a join that is not supported here."""
    joins = [join for join in tree.args.get("joins") or () if isinstance(join, exp.Join)]
    if any((join.side or "").upper() in ("RIGHT", "FULL") or join.method for join in joins):
        return None
    where = tree.args.get("where")
    found = list(columns.equalities(where.this if where is not None else None, None))
    for join in joins:
        place = columns.number(join.this)
        if place is not None or not join.side:
            found += columns.equalities(join.args.get("on"), place if join.side else None)
        if place is not None:
            found += columns.merged(place, join.args.get("using") or (), place if join.side else None)
    return found


def _present(equalities: Iterable[Equality], sources: list[Source], start: Iterable[SourceColumn]) -> set[int]:
    """The sources that have a row in every result row.

    They are those of the ``start``, those that no outer join extends, and those that the joins of these sources
    compare.
    """
    present = {index for index, source in enumerate(sources) if not source.extended} | {index for index, _ in start}
    needed: dict[int, set[int]] = defaultdict(set)
    for equality in equalities:
        if equality.outer is not None:
            needed[equality.outer] |= {side[0] for side in (equality.left, equality.right) if side is not None}
    fresh = list(present)
    while fresh:
        added = needed[fresh.pop()] - present
        present |= added
        fresh += added
    return present


def fixed_columns(
    equalities: Sequence[Equality], sources: list[Source], start: Collection[SourceColumn] = ()
) -> tuple[set[SourceColumn], set[int]]:
    """The columns that have the same value in all rows, and the numbers of the sources that contribute only one row.

    A column is fixed if it is one of the ``start``, equal to a constant or to a fixed column, or a column of a source
    with only one row.  None of the columns of the ``start`` is NULL.
    """
    equal: dict[SourceColumn, list[SourceColumn]] = defaultdict(list)
    fresh: list[SourceColumn] = list(start)
    present = _present(equalities, sources, start)
    for equality in equalities:
        for one, other in ((equality.left, equality.right), (equality.right, equality.left)):
            if one is None or not equality.determines(one, present):
                continue
            if other is not None:
                equal[other].append(one)
            else:
                fresh.append(one)
    # For each key, the columns that are not fixed yet; for each column, the numbers of the keys that contain it.
    missing: list[tuple[int, set[str | None]]] = []
    keys: dict[SourceColumn, list[int]] = defaultdict(list)
    for index, source in enumerate(sources):
        fold = {column.column: column.name for column in source.columns or ()}
        for key in source.facts.keys if source.facts is not None else ():
            names = {fold.get(name) for name in key}
            for name in names:
                if name is not None:
                    keys[index, name].append(len(missing))
            missing.append((index, names))
    fixed: set[SourceColumn] = set()
    single = {index for index, names in missing if not names}
    fresh += [(index, value.name) for index in single for value in sources[index].columns or () if value.name]
    while fresh:
        column = fresh.pop()
        if column in fixed:
            continue
        fixed.add(column)
        fresh += equal[column]
        for number in keys[column]:
            index, names = missing[number]
            names.discard(column[1])
            if not names and index not in single:
                single.add(index)
                fresh += [(index, value.name) for value in sources[index].columns or () if value.name]
    return fixed, single


class SourceColumns:
    """Finds the columns of one query level and the sources that they belong to."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._named: dict[str | None, list[int]] = defaultdict(list)
        for index, source in enumerate(frame.sources):
            self._named[source.name].append(index)

    def number(self, node: exp.Expr) -> int | None:
        """The number of the source that an item of FROM is; None for a join in brackets."""
        alias = node.args.get("alias")
        called = alias.this if isinstance(alias, exp.TableAlias) else node.this
        name = called if isinstance(called, exp.Identifier) else node.alias_or_name
        found = self._named.get(self._frame.context.fold_table(name), ())
        return found[0] if len(found) == 1 and not isinstance(node.this, exp.Table) else None

    def equalities(self, condition: exp.Expr | None, outer: int | None) -> Iterator[Equality]:
        """The equalities of a condition; ``outer`` is the source of the left join that has the condition, if any."""
        for item in flatten(condition):
            if (found := self._equality(item)) is not None:
                yield replace(found, outer=outer)

    def _equality(self, node: exp.Expr) -> Equality | None:
        if not isinstance(node, exp.EQ):
            return None
        places = []
        for side in (node.this, node.expression):
            place = self.place(side)
            # Any other expression with a column of this level may change from row to row.
            if place is None and any(self.place(column) for column in side.find_all(exp.Column)):
                return None
            places.append(place)
        return Equality(places[0], places[1])

    def merged(self, place: int, names: Sequence[exp.Expr], outer: int | None) -> Iterator[Equality]:
        """The equalities of USING, between the joined source, number ``place``, and the sources before it."""
        sources = self._frame.sources
        for name in (self._frame.context.fold(item) for item in names):
            for index in range(place):
                if sources[index].find(name) is not None and sources[place].find(name) is not None:
                    yield Equality((index, name), (place, name), outer)

    def place(self, node: exp.Expr) -> SourceColumn | None:
        """The column of this level that the node is; None if the node is something else."""
        while isinstance(node, exp.Paren):
            node = node.this
        if not isinstance(node, exp.Column) or isinstance(node.this, exp.Star):
            return None
        table, name = names_of(node, self._frame)
        sources = self._frame.sources
        found = range(len(sources)) if table is None else self._named.get(table, ())
        return next(((index, name) for index in found if sources[index].find(name) is not None), None)
