"""Find the columns that each parameter is stored in or compared with: an Analysis in, (table, column) pairs out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from sqlglot import exp

from pydb.describe.analysis.nullability import value
from pydb.describe.analysis.scope import GIVING_UP, Clause
from pydb.describe.analysis.statement_analysis import Analysis
from pydb.describe.analysis.value import Value
from pydb.describe.analysis.windows import own_nodes

__all__ = ["parameter_columns"]

_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Between, exp.In)
_CHOICES = (exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.Case, exp.If)
_AROUND = (exp.Paren, exp.Alias)


def parameter_columns(analysis: Analysis) -> Mapping[str, frozenset[tuple[str, str]]]:
    """The columns of each parameter, as (table, column); an empty mapping if the walk gives up."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    try:
        for clause in analysis.context.clauses.values():
            for node in own_nodes(clause.node):
                if isinstance(node, exp.Placeholder):
                    for column in _columns(node, clause, analysis):
                        if column.table is not None and column.column is not None:
                            found[str(node.this)].add((column.table, column.column))
    except GIVING_UP:
        return {}
    return {name: frozenset(columns) for name, columns in found.items()}


def _columns(node: exp.Expr, clause: Clause, analysis: Analysis) -> Iterator[Value]:
    """The values that a parameter is stored in or compared with.

    Expressions between them, such as COALESCE, count if they return the parameter unchanged.
    """
    while True:
        stored = analysis.context.assignments.get(id(node))
        if stored is not None:
            yield stored.target
            return
        parent = node.parent
        if parent is None or node is clause.node:
            return
        if isinstance(parent, exp.Tuple) and isinstance(parent.parent, _COMPARISONS):
            yield from _beside_in_tuple(node, parent, clause)
            return
        if isinstance(parent, _COMPARISONS):
            yield from _beside(node, parent, clause)
            return
        if isinstance(parent, exp.If) and parent.this is node:  # a condition, or what a simple CASE compares
            case = parent.parent
            if isinstance(case, exp.Case) and case.this is not None:
                yield value(case.this, clause.frame)
            return
        if isinstance(parent, exp.Case) and parent.this is node:
            return
        if isinstance(parent, _CHOICES):
            yield from _beside(node, parent, clause)
        elif not isinstance(parent, _AROUND):
            return
        node = parent


def _beside(node: exp.Expr, parent: exp.Expr, clause: Clause) -> Iterator[Value]:
    for other in parent.iter_expressions():
        compared = isinstance(parent, exp.Case) and other is parent.this
        if other is not node and not compared and isinstance(other, exp.Column | exp.Paren):
            yield value(other, clause.frame)


def _beside_in_tuple(node: exp.Expr, parent: exp.Tuple, clause: Clause) -> Iterator[Value]:
    """The values in the same position of the other tuples: ``a`` for ``:a`` in ``(a, b) < (:a, :b)``."""
    above = parent.parent
    others = above.iter_expressions() if above is not None else ()
    for other in others:
        items = other.expressions if isinstance(other, exp.Tuple) and other is not parent else []
        if node.index is not None and node.index < len(items):
            yield value(items[node.index], clause.frame)
