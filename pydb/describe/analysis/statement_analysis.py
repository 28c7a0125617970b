"""Analyse one statement: its text and the catalogue in; its columns, and whether each may be NULL, out.

A column may be NULL unless the analysis proves that it is not.  Nothing is known about a statement that is nested too
deep, or takes too many steps for its length.  The analysis walks over sqlglot's tree in the order in which the SQL
standard evaluates a query: FROM and joins, WHERE, groups, windows, the select list.
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
    """The result of an analysis.

    ``tree`` is None if sqlglot cannot parse the statement; ``columns`` is None if they are unknown.
    """

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
    """Analyse one statement, whose parameters are written ``:name``.

    ``never_null`` are the parameters that are never None.  ``parameter_types`` has the known types of parameters.  With
    ``assume_finite``, the analysis ignores that ``Inf - Inf`` is NULL on SQLite.  ``tree`` is the statement's tree, if
    the caller has it from an earlier analysis.
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
        # An unfinished walk may have noted something wrong.
        return Analysis(tree, None, context())
