"""Which record a statement belongs to: a described statement in; its table, the key it binds, and its part out.

An INSERT that returns a record is its factory; a statement that changes the one row of a key is its method.
"""

from __future__ import annotations

from sqlglot import exp

from pydb.describe import DescribedStatement

__all__ = ["home", "is_factory", "key_bound", "table"]


def is_factory(described: DescribedStatement, record: str) -> bool:
    """Whether the statement inserts a row and returns it as that record."""
    definition, form = described.definition, described.form
    inserts = form.verb in ("INSERT", "REPLACE") and form.returning
    return inserts and definition.record == record and definition.row_word.at_most_one


def home(described: DescribedStatement) -> tuple[str, str] | None:
    """The file and the table of a statement that writes one row and returns it."""
    definition, written = described.definition, table(described)
    if written is None or not described.form.returning or not definition.row_word.at_most_one:
        return None
    return definition.name.rpartition(".")[0], written


def table(described: DescribedStatement) -> str | None:
    """The table that the statement writes."""
    tree = described.analysis.tree
    target = tree.this if isinstance(tree, exp.Insert | exp.Update | exp.Delete) else None
    target = target.this if isinstance(target, exp.Schema) else target
    return target.name.lower() if isinstance(target, exp.Table) else None


def key_bound(described: DescribedStatement) -> frozenset[str]:
    """The key columns that the WHERE compares with parameters of the same names; empty when no whole key is."""
    tree = described.analysis.tree
    where = tree.args.get("where") if tree is not None else None
    if tree is None or where is None or not isinstance(tree.this, exp.Table):
        return frozenset()
    catalogue = described.analysis.context.catalogue
    context, space = described.analysis.context, tree.this.args.get("db")
    facts = catalogue.table(context.fold_table(tree.this.this), None if space is None else context.fold_table(space))
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
