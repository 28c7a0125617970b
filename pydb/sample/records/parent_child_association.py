"""The rows of sql/parent_child_association.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pydb.sample import records
from pydb.sample.types import ParentKind


@dataclass(frozen=True, slots=True)
class ParentChild:
    """A parent is the parent of a child."""

    parent_id: int
    child_id: int
    kind: ParentKind

    @classmethod
    def create(cls, conn: Connection, /, *, parent_id: int, child_id: int, kind: ParentKind) -> ParentChild:
        """Make a parent the parent of a child."""
        row: ParentChild = records.queries.parent_child_association.create(
            conn, parent_id=parent_id, child_id=child_id, kind=kind
        )
        return row

    @classmethod
    def upsert(cls, conn: Connection, /, *, parent_id: int, child_id: int, kind: ParentKind) -> ParentChild:
        """Make a parent the parent of a child, or correct the kind."""
        row: ParentChild = records.queries.parent_child_association.upsert(
            conn, parent_id=parent_id, child_id=child_id, kind=kind
        )
        return row

    def remove(self, conn: Connection, /) -> bool:
        """Remove the link between a parent and a child; both stay."""
        affected: int = records.queries.parent_child_association.remove(
            conn, parent_id=self.parent_id, child_id=self.child_id
        )
        return affected > 0
