"""The statements of sql/departments.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import Department, DepartmentOfEmployee, queries

_create: Callable[..., Department] = queries["departments.create"]
_get_or_create: Callable[..., Department] = queries["departments.get_or_create"]
_by_id: Callable[..., Department | None] = queries["departments.by_id"]
_list_all: Callable[..., list[Department]] = queries["departments.list_all"]
_of_employee: Callable[..., list[DepartmentOfEmployee]] = queries["departments.of_employee"]
_delete: Callable[..., int] = queries["departments.delete"]


def create(conn: Connection, /, *, name: str) -> Department:
    """Insert a department; a name that exists is refused."""
    return _create(conn, name=name)


def get_or_create(conn: Connection, /, *, name: str) -> Department:
    """The department of this name, inserted unless it exists."""
    return _get_or_create(conn, name=name)


def by_id(conn: Connection, /, *, id: int) -> Department | None:
    """One department by key."""
    return _by_id(conn, id=id)


def list_all(conn: Connection, /) -> list[Department]:
    """Every department, by name."""
    return _list_all(conn)


def of_employee(conn: Connection, /, *, employee_id: int) -> list[DepartmentOfEmployee]:
    """The departments that an employee works in, with what the employee does there."""
    return _of_employee(conn, employee_id=employee_id)


def delete(conn: Connection, /, *, id: int) -> int:
    """Delete a department; its employees stay."""
    return _delete(conn, id=id)
