"""The rows of sql/tags.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pydb.sample import records


@dataclass(frozen=True, slots=True)
class Tag:
    """A word that posts bear."""

    id: int
    name: str

    @classmethod
    def create(cls, conn: Connection, /, *, name: str) -> Tag:
        """Insert a tag; a name that exists is refused."""
        row: Tag = records.queries.tags.create(conn, name=name)
        return row

    @classmethod
    def get_or_create(cls, conn: Connection, /, *, name: str) -> Tag:
        """The tag of this name, inserted unless it exists."""
        row: Tag = records.queries.tags.get_or_create(conn, name=name)
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete a tag; the posts that bore it stay."""
        affected: int = records.queries.tags.delete(conn, id=self.id)
        return affected > 0
