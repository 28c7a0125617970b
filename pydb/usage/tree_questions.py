"""Answer small questions about a statement's syntax tree: a node in; names, lines, true or false out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlglot import exp

from pydb.describe.analysis.scope import Context, Source

__all__ = [
    *("assigned_column", "common_names", "dotted_name", "first_line_of", "is_default", "is_inside", "is_output_name"),
    *("is_target", "tables_called", "value_rows"),
]


def value_rows(node: exp.Expr) -> Iterator[list[exp.Expr]]:
    values = node.args.get("expression")
    rows = values.expressions if isinstance(values, exp.Values) else [values] if isinstance(values, exp.Tuple) else []
    for row in rows:
        yield row.expressions if isinstance(row, exp.Tuple) else [row]


def is_default(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column | exp.Var) and node.name.upper() == "DEFAULT"


def assigned_column(target: exp.Expr | None) -> exp.Column | None:
    while isinstance(target, exp.Bracket | exp.Paren | exp.Dot):
        target = target.this
    return target if isinstance(target, exp.Column) else None


def common_names(sources: Iterable[Source]) -> list[str]:
    """The names of columns that more than one of the sources has."""
    met: set[str] = set()
    twice: set[str] = set()
    for source in sources:
        own = {value.name for value in source.columns or () if value.name}
        twice |= met & own
        met |= own
    return sorted(twice)


def is_output_name(node: exp.Column, context: Context) -> bool:
    """Whether ORDER BY names a column of the select list, not of a table."""
    if not isinstance(node.parent, exp.Ordered) or node.args.get("table") is not None:
        return False
    around = node.parent.parent
    select = around.parent if isinstance(around, exp.Order) else None
    if not isinstance(select, exp.Select) or select.args.get("order") is not around:
        return False
    name = context.fold(node.this)
    return any(isinstance(item, exp.Alias) and context.fold(item.args["alias"]) == name for item in select.expressions)


def is_inside(node: exp.Expr, kind: type[exp.Expr]) -> bool:
    return node.find_ancestor(kind, exp.Select) is not None and isinstance(node.find_ancestor(kind, exp.Select), kind)


def dotted_name(node: exp.Expr) -> str:
    parts = [part.name for part in node.parts] if isinstance(node, exp.Table | exp.Column) else [node.name]
    return ".".join(parts)


def first_line_of(node: exp.Expr) -> int:
    """The line of the text with a node's first name."""
    lines = [int(item.meta["line"]) for item in node.find_all(exp.Identifier, exp.Star) if "line" in item.meta]
    if lines:
        return min(lines)
    return 1 if node.parent is None else first_line_of(node.parent)


def is_target(node: exp.Table, context: Context) -> bool:
    """Whether a table is the one that a statement changes, or one of those that a DELETE lists."""
    delete = node.find_ancestor(exp.Delete, exp.Query)
    if isinstance(delete, exp.Delete) and delete.args.get("tables"):
        alias = node.args.get("alias")
        name = context.fold_table(node.this if alias is None else alias.this)
        return name in {context.fold_table(table.this) for table in delete.args["tables"]}
    around = node.parent.parent if isinstance(node.parent, exp.Schema) else node.parent
    inside = node.parent if isinstance(node.parent, exp.Schema) else node
    return isinstance(around, exp.Insert | exp.Update | exp.Delete | exp.Merge) and around.this is inside


def tables_called(select: exp.Select, name: str | None, context: Context) -> Iterator[exp.Table]:
    """The tables that a query selects from by that name, or inside a join in parentheses of that name; or else all."""
    left: list[exp.Expr] = [item for item in (select.args.get("from_"), *(select.args.get("joins") or ())) if item]
    while left:
        node = left.pop()
        alias = node.args.get("alias") if isinstance(node, exp.Table | exp.Subquery) else None
        called = alias.this if isinstance(alias, exp.TableAlias) else node.this if isinstance(node, exp.Table) else None
        if isinstance(called, exp.Identifier) and name == context.fold_table(called):
            yield from [node] if isinstance(node, exp.Table) else node.find_all(exp.Table)
            continue
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier) and name is None:
            yield node
        left += [child for child in node.iter_expressions() if not isinstance(child, exp.Query) or _is_join(child)]


def _is_join(node: exp.Expr) -> bool:
    return isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table)
