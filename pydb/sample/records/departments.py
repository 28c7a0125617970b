"""The rows of sql/departments.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pydb.sample import records


@dataclass(frozen=True, slots=True)
class Department:
    """A department of the company."""

    id: int
    name: str

    @classmethod
    def create(cls, conn: Connection, /, *, name: str) -> Department:
        """Insert a department; a name that exists is refused."""
        row: Department = records.queries.departments.create(conn, name=name)
        return row

    @classmethod
    def get_or_create(cls, conn: Connection, /, *, name: str) -> Department:
        """The department of this name, inserted unless it exists."""
        row: Department = records.queries.departments.get_or_create(conn, name=name)
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete a department; its employees stay."""
        affected: int = records.queries.departments.delete(conn, id=self.id)
        return affected > 0


@dataclass(frozen=True, slots=True)
class DepartmentOfEmployee:
    """A department with what an employee does there."""

    id: int
    name: str
    job_title: str
