"""What statements touch in SQLite databases in memory: a schema and a statement in, the touches out."""

from __future__ import annotations

from collections.abc import Iterable

from pydb.describe.analysis.statement_analysis import analyse
from pydb.usage.named import Named, named
from pydb.usage.schema_actions import ActingSchema
from pydb.usage.touch import Touch
from tests.harness.described import opened

__all__ = ["following_in", "listed", "named_in"]


def named_in(sql: str, *schema: str) -> Named:
    """What the text of a statement names, by default of users and posts."""
    with opened(*schema) as session:
        return named(analyse(sql, session.catalogue))


def following_in(sql: str, *schema: str) -> tuple[list[str], tuple[str, ...]]:
    """What a statement touches through views, triggers and foreign keys, with the causes; and what is unknown."""
    with opened(*schema) as session:
        acting = ActingSchema.of(session)
        own = named(analyse(sql, session.catalogue))
        found = acting.following(own.touches, own.calls)
        return sorted(f"{touch.act} {touch.name} by {touch.by}" for touch in found.touches), found.unknown


def listed(touches: Iterable[Touch]) -> list[str]:
    """Each touch as ``select users.name``, sorted; touches of the table itself have no column."""
    return sorted({f"{touch.act} {touch.name}" for touch in touches})
