"""What a syntax tree says of its statement besides columns and parameters: an analysed statement in, its Traits out.

Rules and generators work from them, so that no tree has to be kept, and what was described can be stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

from pydb.describe.analysis.nullability import Analysis
from pydb.describe.cardinality import at_most_one_row, has_arbitrary_limit, is_totally_ordered
from pydb.describe.described import DescribedColumn, DescribedLevel, Traits
from pydb.describe.json_objects import json_objects
from pydb.describe.level_keys import Nested, at_most_one_root, level_problems
from pydb.describe.type_mapping import words_of
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.nested import Nesting

__all__ = ["bound_key", "traits_of", "written_table"]


def traits_of(
    analysis: Analysis,
    definition: Definition,
    nesting: Nesting | None,
    columns: Sequence[DescribedColumn],
    levels: Sequence[DescribedLevel],
) -> Traits:
    """The traits of one text of a statement, whose columns and levels are described."""
    tree = analysis.tree
    nested = None if nesting is None else Nested(nesting, columns, levels, definition.column_types)
    groups = nested is not None and nested.nesting.groups
    return Traits(
        at_most_one=at_most_one_root(analysis, nested) if nested is not None and groups else at_most_one_row(analysis),
        ordered=is_totally_ordered(analysis),
        arbitrary_limit=has_arbitrary_limit(analysis),
        table=written_table(tree),
        key=bound_key(analysis),
        inserts=tuple(_inserts(tree)),
        counting=frozenset(_counting(tree)),
        level_problems=level_problems(analysis, nested) if nested is not None else (),
        objects=_objects(analysis, nesting) if nesting is not None else {},
    )


def written_table(tree: exp.Expr | None) -> str | None:
    """The table that the statement writes."""
    target = tree.this if isinstance(tree, exp.Insert | exp.Update | exp.Delete) else None
    target = target.this if isinstance(target, exp.Schema) else target
    return target.name.lower() if isinstance(target, exp.Table) else None


def bound_key(analysis: Analysis) -> frozenset[str]:
    """The key columns that the WHERE compares with parameters of the same names; empty when no whole key is."""
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
    """``id`` of ``id = :id``."""
    if isinstance(part, exp.EQ):
        for left, right in ((part.this, part.expression), (part.expression, part.this)):
            if isinstance(left, exp.Column) and isinstance(right, exp.Placeholder) and left.name == right.name:
                return str(left.name)
    return None


def _inserts(tree: exp.Expr | None) -> Iterator[tuple[str, frozenset[str]]]:
    for insert in tree.find_all(exp.Insert) if tree is not None else ():
        target = insert.this
        if isinstance(target, exp.Schema) and isinstance(target.this, exp.Table):
            yield target.this.name.lower(), frozenset(column.name.lower() for column in target.expressions)


def _counting(tree: exp.Expr | None) -> Iterator[str]:
    for clause in tree.find_all(exp.Limit, exp.Offset, exp.Fetch) if tree is not None else ():
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
