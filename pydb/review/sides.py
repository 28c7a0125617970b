"""Analyse a version of a project on one engine: definitions and a schema script in, plans, tables and rights out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.engine import URL

from pydb.describe import DescribedStatement, Refusal, Session, describe, scratch
from pydb.migrations.rolling import OnSchema, on_schema
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.variants import Key
from pydb.usage.plans import fill_for_plans, plans_of
from pydb.usage.rights import EngineRights, Right, needs_of, resolved, rights_of
from pydb.usage.schema_actions import ActingSchema
from pydb.usage.touch import Touch, Touched
from pydb.usage.touched import touched_by

__all__ = ["SeenStatement", "Side", "Wanted", "side"]


@dataclass(frozen=True, slots=True)
class SeenStatement:
    """One statement on one engine.

    ``plans`` are by the label of the variant.  ``touches`` has a line for each use of a table, None if no table is
    used; ``rights`` has a line for each right that a role needs, None if the engine has no rights.
    ``refused`` is the engine's message if it refuses the statement; then the other attributes are empty.
    """

    described: DescribedStatement | None = None
    plans: Mapping[str, str] = field(default_factory=dict)
    touches: str | None = None
    rights: str | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """The statements of one version on one engine, by name.

    ``on_schema`` has them with those of the other version, if these were wanted.
    """

    product: str
    seen: Mapping[str, SeenStatement]
    on_schema: OnSchema | None = None


Wanted = tuple[Definition, Sequence[Key]]
"""A statement, and the keys of its variants."""


def side(
    url: URL | None,
    schema: str,
    wanted: Iterable[Wanted],
    said: Mapping[str, str],
    others: Sequence[Wanted] | None = None,
) -> Side:
    """Analyse the statements in a scratch database with that schema; ``said`` are the project's types of columns.

    ``others`` are the statements of the other version, to be described in the same database.  Raises SqlFileError if
    the engine refuses the schema, and PydbError if no database can be created.
    """
    with scratch(url, schema) as session:
        fill_for_plans(session)
        acting = ActingSchema.of(session)
        every = ((item.name, _seen(session, acting, item, keys, said)) for item, keys in wanted)
        seen = {name: found for name, found in every if found is not None}
        if others is None:
            return Side(session.product, seen)
        own = {name: found.described for name, found in seen.items() if found.described is not None}
        return Side(session.product, seen, on_schema(session, own, others))


def _seen(
    session: Session, acting: ActingSchema, definition: Definition, keys: Sequence[Key], said: Mapping[str, str]
) -> SeenStatement | None:
    found = describe(session, definition, said, keys, keep_analysis=True)
    if found is None:
        return None
    if isinstance(found, Refusal):
        return SeenStatement(refused=found.message)
    touched = touched_by(found, acting)
    return SeenStatement(
        # The syntax trees of all statements would need much memory.
        replace(found, variants={}, analysis=None),
        plans_of(session, found),
        "\n".join(_lines(touched)) or None,
        "\n".join(_rights(found, acting)) or None,
    )


def _rights(found: DescribedStatement, acting: ActingSchema) -> list[str]:
    """A line for each right, such as ``SELECT ("name") ON "users"``."""
    engine = rights_of(found.engine)
    if not engine.has_rights:
        return []
    needs = [needs_of(one, acting) for one in found.variants.values() or (found,)]
    lines = [_right(right, engine) for right in resolved(needs)]
    return [
        *sorted(lines),
        *(f"unknown: {why}" for why in sorted({why for one in needs for why in one.unknown})),
    ]


def _right(right: Right, engine: EngineRights) -> str:
    column = "" if right.column is None else f" ({engine.quoted(right.column)})"
    kind = "" if right.kind == "table" else f"{right.kind} "
    return f"{right.privilege}{column} ON {kind}{right.target}"


def _lines(touched: Touched) -> list[str]:
    """A line for each use, such as ``select users: id, name``; for actions of the schema, it ends with the cause."""
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for touch in touched.touches:
        columns = grouped.setdefault(_heading(touch), [])
        if touch.column is not None and touch.column not in columns:
            columns.append(touch.column)
    lines = [_line(*heading, sorted(columns)) for heading, columns in sorted(grouped.items())]
    calls = [f"call {name}" for name in touched.calls]
    return [*lines, *calls, *(f"unknown: {why}" for why in touched.unknown)]


def _line(table: str, act: str, by: str, columns: list[str]) -> str:
    listed = f": {', '.join(columns)}" if columns else ""
    return f"{act} {table}{listed}" + (f" (by {by})" if by else "")


def _heading(touch: Touch) -> tuple[str, str, str]:
    return touch.table, touch.act.value, touch.by
