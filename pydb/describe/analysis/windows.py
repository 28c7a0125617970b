"""Find over which rows an aggregate or window function is computed: the call and its frame in, the query level out."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pydb.describe.analysis import function_facts
from pydb.describe.analysis.scope import Frame
from pydb.describe.facts import EngineFacts

__all__ = ["LEAVES", "aggregates", "holds_current_row", "home_of", "own_nodes"]


LEAVES = (exp.Column, exp.Identifier, exp.Literal, exp.Placeholder)
"""Types of nodes that contain only names; most nodes of a tree are of these types."""


def own_nodes(node: exp.Expr) -> Iterator[exp.Expr]:
    """The node and its descendants, without those inside a nested query."""
    left = [node]
    while left:
        found = left.pop()
        yield found
        children = [child for child in found.iter_expressions() if not isinstance(child, exp.Query)]
        left += reversed(children)


def aggregates(node: exp.Expr, facts: EngineFacts) -> Iterator[exp.Expr]:
    """The aggregate calls of one query level; a window function is not one, but its arguments may contain some."""
    left = [node]
    while left:
        found = left.pop()
        if isinstance(found, (exp.Query, *LEAVES)):
            continue
        if function_facts.is_aggregate(found, facts):
            yield found
        else:
            left += reversed(_in_its_level(found))


def _in_its_level(node: exp.Expr) -> list[exp.Expr]:
    """The node's children; for a window function, its arguments."""
    inner = node.this if isinstance(node, exp.Window) else None
    call = inner.this if isinstance(inner, exp.Filter | exp.IgnoreNulls | exp.RespectNulls) else inner
    children: list[exp.Expr] = []
    for child in node.iter_expressions():
        children += call.iter_expressions() if child is inner and isinstance(call, exp.Expr) else [child]
    return children


def home_of(node: exp.Expr, frame: Frame) -> Frame | None:
    """The level whose rows an aggregate aggregates: the innermost level to which one of its columns belongs."""
    levels = []
    for item in own_nodes(node):
        if isinstance(item, exp.Column) and not isinstance(item.this, exp.Star):
            table = item.args.get("table")
            owner = frame.owner(
                None if table is None else frame.context.fold_table(table), frame.context.fold(item.this)
            )
            if owner is None or owner is frame:
                return frame
            levels.append(owner)
    level: Frame | None = frame
    while level is not None and level not in levels:
        level = level.parent
    return level if levels else frame


def holds_current_row(window: exp.Expr, frame: Frame) -> bool:
    """Whether the window's frame always contains the current row, and so is never empty."""
    spec = _spec(window, frame, depth=8)
    if spec is None:
        return False
    if not isinstance(spec, exp.WindowSpec):
        return True
    exclude = spec.args.get("exclude")
    if exclude is not None and str(exclude.name).upper() != "NO OTHERS":
        return False
    starts_late = str(spec.args.get("start_side") or "").upper() == "FOLLOWING"
    ends_early = str(spec.args.get("end_side") or "").upper() == "PRECEDING"
    return not (starts_late or ends_early)


def _spec(window: exp.Expr, frame: Frame, depth: int) -> exp.Expr | bool | None:
    """The frame clause of a window; True if it has none, None if that is unknown."""
    spec = window.args.get("spec")
    if spec is not None:
        return spec if isinstance(spec, exp.WindowSpec) else None
    name = window.args.get("alias")
    if name is None:
        return True
    named = frame.windows.get(frame.context.fold(name))
    return None if named is None or depth == 0 else _spec(named, frame, depth - 1)
