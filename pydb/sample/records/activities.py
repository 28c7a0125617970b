"""The rows of sql/activities.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from pydb.sample import records


@dataclass(frozen=True, slots=True)
class Activity:
    """What students take part in."""

    id: int
    name: str

    @classmethod
    def create(cls, conn: Connection, /, *, name: str) -> Activity:
        """Insert an activity; a name that exists is refused."""
        row: Activity = records.queries.activities.create(conn, name=name)
        return row

    @classmethod
    def get_or_create(cls, conn: Connection, /, *, name: str) -> Activity:
        """The activity of this name, inserted unless it exists."""
        row: Activity = records.queries.activities.get_or_create(conn, name=name)
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete an activity that nobody ever joined; any other is refused by enrollments_activity_id_fkey."""
        affected: int = records.queries.activities.delete(conn, id=self.id)
        return affected > 0


@dataclass(frozen=True, slots=True)
class ActivityOfStudent:
    """An activity with the dates between which a student takes or took part."""

    id: int
    name: str
    start_date: date
    end_date: date | None
