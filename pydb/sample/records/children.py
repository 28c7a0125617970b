"""The rows of sql/children.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pydb.sample import records
from pydb.sample.types import ParentKind


@dataclass(frozen=True, slots=True)
class Child:
    """A person who has parents."""

    id: int
    name: str

    @classmethod
    def create(cls, conn: Connection, /, *, name: str) -> Child:
        """Insert a child; the row comes back as stored."""
        row: Child = records.queries.children.create(conn, name=name)
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete a child; the parents stay."""
        affected: int = records.queries.children.delete(conn, id=self.id)
        return affected > 0


@dataclass(frozen=True, slots=True)
class ChildOfParent:
    """A child with the kind of parent that a parent is."""

    id: int
    name: str
    kind: ParentKind
