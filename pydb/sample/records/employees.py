"""The rows of sql/employees.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from pydb.sample import records


@dataclass(frozen=True, slots=True)
class Employee:
    """An employee of the company."""

    id: int
    name: str
    hired_on: date

    @classmethod
    def create(cls, conn: Connection, /, *, name: str) -> Employee:
        """Insert an employee who is hired today."""
        row: Employee = records.queries.employees.create(conn, name=name)
        return row

    @classmethod
    def create_hired_on(cls, conn: Connection, /, *, name: str, hired_on: date) -> Employee:
        """Insert an employee who was hired on a day."""
        row: Employee = records.queries.employees.create_hired_on(conn, name=name, hired_on=hired_on)
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete an employee; the departments stay."""
        affected: int = records.queries.employees.delete(conn, id=self.id)
        return affected > 0


@dataclass(frozen=True, slots=True)
class EmployeeOfDepartment:
    """An employee with what the employee does in a department."""

    id: int
    name: str
    hired_on: date
    job_title: str
