"""Find the output columns of a select list: the list of SELECT or RETURNING and its frame in, columns out."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pydb.describe.analysis.nullability import typed_value
from pydb.describe.analysis.scope import Columns, Frame, all_nullable
from pydb.describe.analysis.value import Value

__all__ = ["outputs"]


def outputs(items: Sequence[exp.Expr], frame: Frame) -> Columns:
    """The columns of a SELECT or RETURNING list; None if the columns of a ``*`` are unknown."""
    columns: list[Value] = []
    for item in items:
        if isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star)):
            expanded = _star(item, frame)
            if expanded is None:
                return None
            frame.context.spend(len(expanded))
            columns.extend(expanded)
        else:
            columns.append(_output(item, frame))
    return tuple(columns)


def _output(item: exp.Expr, frame: Frame) -> Value:
    name = None
    if isinstance(item, exp.Alias):
        name = frame.context.fold(item.args["alias"])
    elif isinstance(item, exp.Column):
        name = frame.context.fold(item.this)
    found = typed_value(item, frame)
    return found if found.name == name else found._replace(name=name)


def _star(item: exp.Expr, frame: Frame) -> Columns:
    if item.args.get("except_") or item.args.get("replace"):
        return None
    sources = frame.sources
    if isinstance(item, exp.Column):
        table = frame.context.fold_table(item.args["table"])
        sources = [source for source in sources if source.name == table]
        if len(sources) != 1:
            return None
    elif frame.merged:
        return None
    columns: list[Value] = []
    for source in sources:
        if source.columns is None:
            return None
        hidden = source.extended or frame.mode not in ("rows", "groups")
        columns.extend(all_nullable(source.columns) if hidden else source.columns)
    return tuple(columns)
