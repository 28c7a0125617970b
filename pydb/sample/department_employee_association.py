"""The statements of sql/department_employee_association.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import DepartmentEmployee, queries

_create: Callable[..., DepartmentEmployee] = queries["department_employee_association.create"]
_upsert: Callable[..., DepartmentEmployee] = queries["department_employee_association.upsert"]
_list_all: Callable[..., list[DepartmentEmployee]] = queries["department_employee_association.list_all"]
_remove: Callable[..., int] = queries["department_employee_association.remove"]


def create(conn: Connection, /, *, department_id: int, employee_id: int, job_title: str) -> DepartmentEmployee:
    """Let an employee work in a department."""
    return _create(conn, department_id=department_id, employee_id=employee_id, job_title=job_title)


def upsert(conn: Connection, /, *, department_id: int, employee_id: int, job_title: str) -> DepartmentEmployee:
    """Let an employee work in a department, or give the employee another title there."""
    return _upsert(conn, department_id=department_id, employee_id=employee_id, job_title=job_title)


def list_all(conn: Connection, /) -> list[DepartmentEmployee]:
    """Every employee of every department."""
    return _list_all(conn)


def remove(conn: Connection, /, *, department_id: int, employee_id: int) -> int:
    """Let an employee leave a department; both stay."""
    return _remove(conn, department_id=department_id, employee_id=employee_id)
