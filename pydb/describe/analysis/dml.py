"""Analyse INSERT, UPDATE and DELETE: the statement in; the columns of RETURNING, and what is stored where, out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlglot import exp

from pydb.describe.analysis.nullability import names_of
from pydb.describe.analysis.scope import Assignment, Columns, Frame, Source
from pydb.describe.analysis.select_list import outputs
from pydb.describe.analysis.sources import add_source, join_source, note, remember, walk_inside
from pydb.describe.analysis.value import UNKNOWN, Value

__all__ = ["change"]


def change(node: exp.Expr, frame: Frame) -> Columns:
    """The columns of RETURNING; an empty tuple for a statement without RETURNING, None if they are unknown.

    WHERE proves nothing about these columns: it tests the row before the change, and RETURNING reads the changed row.
    """
    frame.context.frames[id(node)] = frame
    target = node.this.this if isinstance(node.this, exp.Schema) else node.this
    if not isinstance(target, exp.Table):
        return None
    add_source(target, frame)
    facts = frame.sources[0].facts
    if facts is not None and facts.is_view:
        # A row that is written through a view need not satisfy the view's WHERE.
        frame.sources[0] = replace(frame.sources[0], extended=True)
    if isinstance(node, exp.Insert):
        _insert(node, frame)
    else:
        _others(node, frame)
        for item in node.expressions if isinstance(node, exp.Update) else ():
            _set(item, frame)
        where = node.args.get("where")
        note(where and where.this, frame, "condition")
        for key in ("order", "limit"):
            note(node.args.get(key), frame, "count" if key == "limit" else "value")
    returning = node.args.get("returning")
    if returning is None:
        return ()
    for item in returning.expressions:
        remember(item, frame)
    columns = outputs(returning.expressions, frame)
    for item in returning.expressions:
        walk_inside(item, frame)
    return columns


def _others(node: exp.Expr, frame: Frame) -> None:
    """Add the tables of UPDATE … FROM and DELETE … USING to the frame."""
    clause = node.args.get("from_")
    for item in [clause.this] if clause is not None else node.args.get("using") or []:
        add_source(item, frame)
    for join in node.args.get("joins") or ():
        join_source(join, frame, 0)


def _insert(node: exp.Insert, frame: Frame) -> None:
    source = frame.sources[0]
    targets = _targets(node, source, frame)
    outer = replace(frame, sources=[], merged={})
    query = node.args.get("expression")
    if isinstance(query, exp.Values):
        for row in query.expressions:
            _store(row.expressions if isinstance(row, exp.Tuple) else [row], targets, outer)
    elif query is not None:
        frame.context.columns_of(query, outer)
        for select in _branches(query):
            inner = frame.context.frames.get(id(select))
            if inner is not None:
                _store(select.expressions, targets, inner)
    conflict = node.args.get("conflict")
    if conflict is not None:
        inner = replace(frame, sources=[source, replace(source, name="excluded")])
        for item in conflict.expressions:
            _set(item, inner)
        where = conflict.args.get("where")
        note(where and where.this, inner, "condition")


def _targets(node: exp.Insert, source: Source, frame: Frame) -> list[Value]:
    if isinstance(node.this, exp.Schema):
        names = [frame.context.fold(item) for item in node.this.expressions]
        return [source.find(name) or UNKNOWN for name in names]
    return list(source.columns or ())


def _branches(query: exp.Expr) -> Iterator[exp.Select]:
    left = [query]
    while left:
        found = left.pop()
        if isinstance(found, exp.SetOperation):
            left += [found.expression, found.this]
        elif isinstance(found, exp.Subquery):
            left.append(found.this)
        elif isinstance(found, exp.Select):
            yield found


def _store(items: list[exp.Expr], targets: list[Value], frame: Frame) -> None:
    for item, target in zip(items, targets, strict=False):
        note(item, frame)
        frame.context.assignments[id(item)] = Assignment(item, frame, target)


def _set(item: exp.Expr, frame: Frame) -> None:
    """Note an assignment of SET: ``column = value``, or ``(a, b) = (1, 2)``."""
    note(item, frame)
    if not isinstance(item, exp.EQ):
        return
    left, right = item.this, item.expression
    pairs = [(left, right)]
    if isinstance(left, exp.Tuple):
        values = right.expressions if isinstance(right, exp.Tuple) else []
        pairs = list(zip(left.expressions, values, strict=False))
    for column, stored in pairs:
        if isinstance(column, exp.Column):
            table, name = names_of(column, frame)
            target = frame.sources[0].find(name) or UNKNOWN
            if table is not None and table != frame.sources[0].name:
                target = frame.lookup(table, name)
            frame.context.assignments[id(stored)] = Assignment(stored, frame, target)
