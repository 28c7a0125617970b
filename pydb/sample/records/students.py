"""The rows of sql/students.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pydb.sample import records


@dataclass(frozen=True, slots=True)
class Student:
    """A student of the school."""

    id: int
    name: str

    @classmethod
    def create(cls, conn: Connection, /, *, name: str) -> Student:
        """Insert a student; the row comes back as stored."""
        row: Student = records.queries.students.create(conn, name=name)
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete a student with all enrollments."""
        affected: int = records.queries.students.delete(conn, id=self.id)
        return affected > 0
