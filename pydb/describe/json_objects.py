"""Find the JSON objects of a level: an analysed statement and a json level in; the objects' keys and values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlglot import exp

from pydb.describe.analysis.nullability import typed_value
from pydb.describe.analysis.scope import GIVING_UP
from pydb.describe.analysis.statement_analysis import Analysis
from pydb.describe.analysis.value import UNKNOWN, Value
from pydb.describe.levels import items_by_name
from pydb.sqlfile.nested import Level

__all__ = ["json_objects"]

_BUILDERS = frozenset({"json_build_object", "jsonb_build_object", "json_object"})


def json_objects(analysis: Analysis, level: Level) -> Mapping[str, Value] | None:
    """The keys of a json level's objects, with what is known of their values; None if they are unknown."""
    tree = analysis.tree
    item = items_by_name(tree).get(level.label.lower()) if isinstance(tree, exp.Select) else None
    pairs = None if item is None else _pairs(item)
    if pairs is None:
        return None
    return {key: _value(node, analysis) for key, node in pairs.items()}


def _pairs(item: exp.Expr) -> dict[str, exp.Expr] | None:
    """The keys and values of the outermost call that builds an object; None if they are unknown."""
    for node in item.bfs():
        if isinstance(node, exp.JSONObject):
            made = [(pair.this, pair.expression) for pair in node.expressions if isinstance(pair, exp.JSONKeyValue)]
            return _named(made) if len(made) == len(node.expressions) else None
        if isinstance(node, exp.Anonymous) and str(node.this).lower() in _BUILDERS:
            given = node.expressions
            return _named(list(zip(given[::2], given[1::2], strict=False))) if len(given) % 2 == 0 else None
    return None


def _named(pairs: list[tuple[exp.Expr, exp.Expr]]) -> dict[str, exp.Expr] | None:
    names = [key.name for key, _ in pairs if isinstance(key, exp.Literal) and key.is_string]
    return dict(zip(names, [value for _, value in pairs], strict=True)) if len(names) == len(pairs) else None


def _value(node: exp.Expr, analysis: Analysis) -> Value:
    """What is known of a value in rows in which its tables have a row.

    Other rows do not matter: pydb omits an object in which all values are NULL.
    """
    query = node.find_ancestor(exp.Select)
    frame = analysis.context.frames.get(id(query))
    if frame is None:
        return UNKNOWN
    there = replace(frame.over_rows(), sources=[replace(source, extended=False) for source in frame.sources])
    try:
        return typed_value(node, there)
    except GIVING_UP:
        return UNKNOWN
