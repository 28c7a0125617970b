"""Find the columns of views from their queries: a Catalogue and the views' texts in, a more exact Catalogue out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlglot import exp

from pydb.describe.analysis import relations
from pydb.describe.analysis.scope import GIVING_UP, Context, Frame, steps_for
from pydb.describe.analysis.syntax import parse
from pydb.describe.catalogue import Catalogue, TableFacts

__all__ = ["with_views"]


def with_views(catalogue: Catalogue, texts: Mapping[str, str]) -> Catalogue:
    """The catalogue, with the types and NOT NULL of views' columns that the views' queries prove.

    ``texts`` has each view's query, or its CREATE VIEW.  An inner view must come before a view that selects from it:
    the order is that of the catalogue's ``sizes``.
    """
    tables, growing = {**catalogue.tables}, replace(catalogue)
    places = {name: place for place, name in enumerate(catalogue.sizes)}
    known = [name for name in texts if name in tables]
    for name in sorted(known, key=lambda name: places.get(tables[name].bare_name.lower(), 0)):
        tables[name] = _proven(tables[name], texts[name], growing)
        growing.sharpen(tables[name])
    return replace(catalogue, tables=tables, views={name: texts[name] for name in known})


def _proven(view: TableFacts, text: str, catalogue: Catalogue) -> TableFacts:
    tree = parse(text, catalogue.engine)
    if isinstance(tree, exp.Create):
        tree = tree.expression
    if tree is None:
        return view
    context = Context(catalogue, relations.columns_of, relations.one_row, steps=steps_for(text))
    try:
        columns = relations.columns_of(tree, Frame(context))
    except GIVING_UP:
        return view
    if columns is None or len(columns) != len(view.columns):
        return view
    pairs = zip(view.columns.items(), columns, strict=True)
    return replace(
        view,
        columns={
            name: replace(
                facts,
                type=facts.type or value.type or "",
                nullable=value.nullable,
                magnitude=value.magnitude,
                origin=None if value.table is None or value.column is None else (value.table, value.column),
            )
            for (name, facts), value in pairs
        },
    )
