"""Find what statements touch: described statements and their schema in; a Touched for each form out.

A Touched has the tables and columns that the text names, and those that views, triggers and foreign keys touch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydb.describe.described import DescribedStatement
from pydb.usage.named import Named, named
from pydb.usage.schema_actions import ActingSchema
from pydb.usage.touch import Act, Touch, Touched

__all__ = ["Touch", "Touched", "arbiters", "named_by", "touched_by", "touches"]

UNREAD = "its SQL cannot be analysed"


def touches(described: Iterable[DescribedStatement], schemas: Mapping[str, ActingSchema]) -> tuple[Touched, ...]:
    """What each described form touches; ``schemas`` has the schema of each engine."""
    return tuple(touched_by(one, schemas[one.engine]) for one in described)


def touched_by(described: DescribedStatement, schema: ActingSchema) -> Touched:
    """What one form touches.  The form must be described with its analysis, and with ``variants`` of optional lines."""
    if not described.variants:
        return _of_text(described, schema)
    parts = {label: _of_text(one, schema) for label, one in described.variants.items()}
    together = {touch for part in parts.values() for touch in part.touches}
    return Touched(
        described.definition,
        described.engine,
        _ordered(together),
        {label: part.touches for label, part in parts.items()},
        tuple(sorted({call for part in parts.values() for call in part.calls})),
        tuple(dict.fromkeys(why for part in parts.values() for why in part.unknown)),
    )


def _of_text(described: DescribedStatement, schema: ActingSchema) -> Touched:
    own = named_by(described)
    if not own.read:
        return Touched(described.definition, described.engine, (), unknown=(UNREAD,))
    direct = own.touches | arbiters(own, schema, described.form.line) | _sequences(own, schema, described.form.line)
    following = schema.following(direct, own.calls | schema.implied_calls(direct, own.defaults))
    # A function has no line in the file, so use the line of the statement.
    moved = {touch if touch.line else touch._replace(line=described.form.line) for touch in following.touches}
    return Touched(
        described.definition,
        described.engine,
        _ordered(direct | moved),
        calls=tuple(sorted(following.calls)),
        unknown=(*sorted(own.unknown), *following.unknown),
    )


def named_by(described: DescribedStatement) -> Named:
    """What the text of a statement without optional lines, or of one variant, names."""
    form = described.form
    if described.analysis is None:
        raise ValueError(f"{described.definition.name} was described without keep_analysis")
    return named(described.analysis, form.line, replaces=form.verb == "REPLACE")


def arbiters(own: Named, schema: ActingSchema, line: int) -> set[Touch]:
    """ON CONFLICT ON CONSTRAINT reads the columns of the constraint."""
    known = schema.actions.constraints
    return {
        Touch(table, column, Act.SELECT, line)
        for table, constraint in own.arbiters
        for column in known.get((table, constraint), ())
    }


def _sequences(own: Named, schema: ActingSchema, line: int) -> set[Touch]:
    """What is done to sequences that the catalogue has as tables."""
    known = schema.catalogue.tables
    return {
        Touch(name, None, Act.UPDATE if call in ("nextval", "setval") else Act.SELECT, line)
        for call, name in own.sequences
        if name in known
    }


def _ordered(found: Iterable[Touch]) -> tuple[Touch, ...]:
    return tuple(sorted(found, key=lambda touch: (touch.line, touch.table, touch.column or "", touch.act, touch.by)))
