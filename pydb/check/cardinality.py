"""How many rows may come back?  A described statement in; out, whether keys, LIMIT or an aggregate allow one only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from pydb.describe import DescribedStatement
from pydb.describe.expressions import flatten, names_of
from pydb.describe.relations import one_row
from pydb.describe.scope import Frame, Source

__all__ = ["at_most_one_row"]

_Column = tuple[int, str]
"""A column: the number of its source in FROM, and its folded name."""


@dataclass(frozen=True, slots=True)
class _Equality:
    """``left = right``, where None stands for a value that does not change from row to row."""

    left: _Column | None
    right: _Column | None


def at_most_one_row(described: DescribedStatement) -> bool:
    """Whether it is certain that the statement gives or changes no more than one row."""
    tree = described.analysis.tree
    return tree is not None and _at_most_one(tree, described)


def _at_most_one(tree: exp.Expr, described: DescribedStatement) -> bool:
    if isinstance(tree, exp.Subquery):
        return _at_most_one(tree.this, described)
    if _limited(tree):
        return True
    frame = described.analysis.context.frames.get(id(tree))
    if frame is None:
        return isinstance(tree, exp.Values) and len(tree.expressions) == 1
    if isinstance(tree, exp.Insert):
        return _inserts_one(tree, described)
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


def _inserts_one(tree: exp.Insert, described: DescribedStatement) -> bool:
    query = tree.args.get("expression")
    if query is None:
        return True
    return len(query.expressions) == 1 if isinstance(query, exp.Values) else _at_most_one(query, described)


def _grouping(tree: exp.Expr) -> list[exp.Expr]:
    return list(tree.args["group"].expressions)


def _bound(tree: exp.Expr, frame: Frame, grouping: list[exp.Expr] | None) -> bool:
    """Whether the conditions fix a whole key of every source, or every grouping key."""
    joins = [join for join in tree.args.get("joins") or () if isinstance(join, exp.Join)]
    if any((join.side or "").upper() in ("RIGHT", "FULL") or join.method for join in joins):
        return False
    where = tree.args.get("where")
    conditions = [where.this if where is not None else None, *(join.args.get("on") for join in joins)]
    equalities = [found for part in conditions for item in flatten(part) if (found := _equality(item, frame))]
    fixed = _fixed(equalities, frame.sources)
    if grouping is not None:
        return all(_place(item, frame) in fixed for item in grouping)
    return bool(frame.sources) and all(_has_key(index, source, fixed) for index, source in enumerate(frame.sources))


def _fixed(equalities: list[_Equality], sources: list[Source]) -> set[_Column]:
    """The columns that have one value in all rows: equal to a constant, or of a row that is the only one."""
    fixed: set[_Column] = set()
    size = -1
    while size < len(fixed):
        size = len(fixed)
        for equality in equalities:
            for one, other in ((equality.left, equality.right), (equality.right, equality.left)):
                if one is not None and (other is None or other in fixed):
                    fixed.add(one)
        for index, source in enumerate(sources):
            if _has_key(index, source, fixed):
                fixed |= {(index, column.name) for column in source.columns or () if column.name}
    return fixed


def _has_key(index: int, source: Source, fixed: set[_Column]) -> bool:
    if source.facts is None:
        return False
    fold = {column.column: column.name for column in source.columns or ()}
    return any(all((index, fold.get(name)) in fixed for name in key) for key in source.facts.keys)


def _equality(node: exp.Expr, frame: Frame) -> _Equality | None:
    if not isinstance(node, exp.EQ):
        return None
    places = []
    for side in (node.this, node.expression):
        place = _place(side, frame)
        # Anything else that mentions a column of this level may change from row to row.
        if place is None and any(_place(column, frame) for column in side.find_all(exp.Column)):
            return None
        places.append(place)
    return _Equality(*places)


def _place(node: exp.Expr, frame: Frame) -> _Column | None:
    """The column of this level that the node is."""
    while isinstance(node, exp.Paren):
        node = node.this
    if not isinstance(node, exp.Column) or isinstance(node.this, exp.Star):
        return None
    table, name = names_of(node, frame)
    for index, source in enumerate(frame.sources):
        if (table is None or source.name == table) and source.find(name) is not None:
            return index, name
    return None
