"""Find the traits of a statement besides columns and parameters: an analysed statement in, its Traits out.

Check and generate use the traits instead of the syntax tree.  So a description can be stored without its tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlglot import exp

from pydb.describe.analysis.statement_analysis import Analysis
from pydb.describe.analysis.windows import LEAVES
from pydb.describe.cardinality import at_most_one_row, has_arbitrary_limit, is_totally_ordered
from pydb.describe.described import DescribedColumn, DescribedLevel, Traits
from pydb.describe.json_objects import json_objects
from pydb.describe.level_keys import Nested, at_most_one_root, level_problems
from pydb.describe.type_mapping import words_of
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.nested import Nesting

__all__ = ["traits_of"]

_COUNTS = (exp.Limit, exp.Offset, exp.Fetch)
_WANTED = (exp.Insert, *_COUNTS)


def traits_of(
    analysis: Analysis,
    definition: Definition,
    nesting: Nesting | None,
    columns: Sequence[DescribedColumn],
    levels: Sequence[DescribedLevel],
) -> Traits:
    """The traits of one text of a statement, given its described columns and levels."""
    tree = analysis.tree
    nested = None if nesting is None else Nested(nesting, columns, levels, definition.column_types)
    nodes = [node for node in _inner_nodes(tree) if isinstance(node, _WANTED)]
    groups = nested is not None and nested.nesting.groups
    ordered = is_totally_ordered(analysis)
    return Traits(
        at_most_one=at_most_one_root(analysis, nested) if nested is not None and groups else at_most_one_row(analysis),
        ordered=ordered,
        arbitrary_limit=not ordered and has_arbitrary_limit(analysis),
        table=_written_table(tree),
        key=_bound_key(analysis),
        inserts=tuple(_inserts(nodes)),
        counting=frozenset(_counting(nodes)),
        level_problems=level_problems(analysis, nested) if nested is not None else (),
        objects=_objects(analysis, nesting) if nesting is not None else {},
    )


def _written_table(tree: exp.Expr | None) -> str | None:
    """The table that the statement writes, in lower case; None for a query."""
    target = tree.this if isinstance(tree, exp.Insert | exp.Update | exp.Delete) else None
    target = target.this if isinstance(target, exp.Schema) else target
    return target.name.lower() if isinstance(target, exp.Table) else None


def _bound_key(analysis: Analysis) -> frozenset[str]:
    """The columns of a key that WHERE compares with parameters of the same names; empty without a complete key."""
    tree, context = analysis.tree, analysis.context
    where = tree.args.get("where") if tree is not None else None
    if tree is None or where is None or not isinstance(tree.this, exp.Table):
        return frozenset()
    space = tree.this.args.get("db")
    facts = context.catalogue.table(
        context.fold_table(tree.this.this), None if space is None else context.fold_table(space)
    )
    parts = where.this.flatten() if isinstance(where.this, exp.And) else [where.this]
    bound = frozenset(name for part in parts if (name := _own_parameter(part)))
    keys = sorted((sorted(key) for key in facts.keys), key=len) if facts else []
    return next((frozenset(key) for key in keys if frozenset(key) <= bound), frozenset())


def _own_parameter(part: exp.Expr) -> str | None:
    """The name ``id`` of a condition ``id = :id``; None for any other condition."""
    if isinstance(part, exp.EQ):
        for left, right in ((part.this, part.expression), (part.expression, part.this)):
            if isinstance(left, exp.Column) and isinstance(right, exp.Placeholder) and left.name == right.name:
                return str(left.name)
    return None


def _inner_nodes(tree: exp.Expr | None) -> Iterator[exp.Expr]:
    """The nodes of a tree, except most of its leaves."""
    return iter(()) if tree is None else tree.walk(prune=lambda node: isinstance(node, LEAVES))


def _inserts(nodes: Iterable[exp.Expr]) -> Iterator[tuple[str, frozenset[str]]]:
    for insert in nodes:
        target = insert.this if isinstance(insert, exp.Insert) else None
        if isinstance(target, exp.Schema) and isinstance(target.this, exp.Table):
            yield target.this.name.lower(), frozenset(column.name.lower() for column in target.expressions)


def _counting(nodes: Iterable[exp.Expr]) -> Iterator[str]:
    for clause in nodes:
        if isinstance(clause, _COUNTS):
            yield from (item.name for item in clause.find_all(exp.Placeholder))


def _objects(analysis: Analysis, nesting: Nesting) -> dict[str, Mapping[str, DescribedColumn] | None]:
    found: dict[str, Mapping[str, DescribedColumn] | None] = {}
    engine = analysis.context.catalogue.engine
    for level in (level for level in nesting.levels if level.json):
        values = json_objects(analysis, level)
        found[level.label] = (
            None
            if values is None
            else {
                key: DescribedColumn(f"{level.label}.{key}", value.type, words_of(value.type, engine), value.nullable)
                for key, value in values.items()
            }
        )
    return found
