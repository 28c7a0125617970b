"""One statement and the catalogue go in; its columns come out, each with what is known of NULL.

If that is unknown, a column may be NULL; nothing is known about a statement that is nested too deep, or takes too many
steps for its length.  The walk is over sqlglot's tree, from FROM outwards, as the
standard computes a query: joins, WHERE, groups, windows, the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from pydb.describe.analysis import relations
from pydb.describe.analysis.scope import GIVING_UP, Columns, Context, Frame, steps_for
from pydb.describe.analysis.syntax import parse
from pydb.describe.catalogue import Catalogue

__all__ = ["Analysis", "analyse"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """``tree`` is None if sqlglot cannot read the statement, ``columns`` is None if they are unknown."""

    tree: exp.Expr | None
    columns: Columns
    context: Context


def analyse(
    sql: str,
    catalogue: Catalogue,
    *,
    never_null: Iterable[str] = (),
    parameter_types: Mapping[str, str] | None = None,
    assume_finite: bool = False,
    tree: exp.Expr | None = None,
) -> Analysis:
    """Walk one statement, its parameters written ``:name``; ``never_null`` are those that are never None.

    ``parameter_types`` are the types of those whose type is known.  With ``assume_finite`` SQLite's ``Inf - Inf``,
    which is NULL, is left out of account.  ``tree`` is that of the statement, where it was walked before.
    """

    def context() -> Context:
        options: dict[str, Any] = {"assume_finite": assume_finite, "steps": steps_for(sql)}
        options["parameter_types"] = parameter_types or {}
        return Context(catalogue, relations.columns_of, relations.one_row, frozenset(never_null), **options)

    walked = context()
    tree = parse(sql, catalogue.engine) if tree is None else tree
    if tree is None:
        return Analysis(None, None, walked)
    try:
        return Analysis(tree, relations.columns_of(tree, Frame(walked)), walked)
    except GIVING_UP:
        # What half a walk has noted may be wrong.
        return Analysis(tree, None, context())
