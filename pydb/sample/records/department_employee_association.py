"""The rows of sql/department_employee_association.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pydb.sample import records


@dataclass(frozen=True, slots=True)
class DepartmentEmployee:
    """An employee works in a department."""

    department_id: int
    employee_id: int
    job_title: str

    @classmethod
    def create(cls, conn: Connection, /, *, department_id: int, employee_id: int, job_title: str) -> DepartmentEmployee:
        """Let an employee work in a department."""
        row: DepartmentEmployee = records.queries.department_employee_association.create(
            conn, department_id=department_id, employee_id=employee_id, job_title=job_title
        )
        return row

    @classmethod
    def upsert(cls, conn: Connection, /, *, department_id: int, employee_id: int, job_title: str) -> DepartmentEmployee:
        """Let an employee work in a department, or give the employee another title there."""
        row: DepartmentEmployee = records.queries.department_employee_association.upsert(
            conn, department_id=department_id, employee_id=employee_id, job_title=job_title
        )
        return row

    def remove(self, conn: Connection, /) -> bool:
        """Let an employee leave a department; both stay."""
        affected: int = records.queries.department_employee_association.remove(
            conn, department_id=self.department_id, employee_id=self.employee_id
        )
        return affected > 0
