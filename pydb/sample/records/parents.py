"""The rows of sql/parents.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pydb.sample import records
from pydb.sample.types import ParentKind


@dataclass(frozen=True, slots=True)
class Parent:
    """A person who has children."""

    id: int
    name: str

    @classmethod
    def create(cls, conn: Connection, /, *, name: str) -> Parent:
        """Insert a parent; the row comes back as stored."""
        row: Parent = records.queries.parents.create(conn, name=name)
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete a parent; the children stay."""
        affected: int = records.queries.parents.delete(conn, id=self.id)
        return affected > 0


@dataclass(frozen=True, slots=True)
class ParentOfChild:
    """A parent with the kind of parent of a child."""

    id: int
    name: str
    kind: ParentKind
