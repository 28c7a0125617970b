"""The statements of sql/employees.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import Connection

from pydb.sample.records import Employee, EmployeeOfDepartment, queries

_create: Callable[..., Employee] = queries["employees.create"]
_create_hired_on: Callable[..., Employee] = queries["employees.create_hired_on"]
_by_id: Callable[..., Employee | None] = queries["employees.by_id"]
_first_by_name: Callable[..., Employee | None] = queries["employees.first_by_name"]
_list_all: Callable[..., list[Employee]] = queries["employees.list_all"]
_of_department: Callable[..., list[EmployeeOfDepartment]] = queries["employees.of_department"]
_delete: Callable[..., int] = queries["employees.delete"]


def create(conn: Connection, /, *, name: str) -> Employee:
    """Insert an employee who is hired today."""
    return _create(conn, name=name)


def create_hired_on(conn: Connection, /, *, name: str, hired_on: date) -> Employee:
    """Insert an employee who was hired on a day."""
    return _create_hired_on(conn, name=name, hired_on=hired_on)


def by_id(conn: Connection, /, *, id: int) -> Employee | None:
    """One employee by key."""
    return _by_id(conn, id=id)


def first_by_name(conn: Connection, /, *, name: str) -> Employee | None:
    """The employee of this name; of several, the one who came first."""
    return _first_by_name(conn, name=name)


def list_all(conn: Connection, /) -> list[Employee]:
    """Every employee, in the order they were hired."""
    return _list_all(conn)


def of_department(conn: Connection, /, *, department_id: int) -> list[EmployeeOfDepartment]:
    """The employees of a department, with what each does there."""
    return _of_department(conn, department_id=department_id)


def delete(conn: Connection, /, *, id: int) -> int:
    """Delete an employee; the departments stay."""
    return _delete(conn, id=id)
