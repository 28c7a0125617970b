"""The statements of sql/students.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import Student, queries

_create: Callable[..., Student] = queries["students.create"]
_by_id: Callable[..., Student | None] = queries["students.by_id"]
_first_by_name: Callable[..., Student | None] = queries["students.first_by_name"]
_list_all: Callable[..., list[Student]] = queries["students.list_all"]
_in_activity: Callable[..., list[Student]] = queries["students.in_activity"]
_delete: Callable[..., int] = queries["students.delete"]


def create(conn: Connection, /, *, name: str) -> Student:
    """Insert a student; the row comes back as stored."""
    return _create(conn, name=name)


def by_id(conn: Connection, /, *, id: int) -> Student | None:
    """One student by key."""
    return _by_id(conn, id=id)


def first_by_name(conn: Connection, /, *, name: str) -> Student | None:
    """The student of this name; of several, the one who came first."""
    return _first_by_name(conn, name=name)


def list_all(conn: Connection, /) -> list[Student]:
    """Every student, in the order they came."""
    return _list_all(conn)


def in_activity(conn: Connection, /, *, activity_id: int) -> list[Student]:
    """The students who take part in an activity now."""
    return _in_activity(conn, activity_id=activity_id)


def delete(conn: Connection, /, *, id: int) -> int:
    """Delete a student with all enrollments."""
    return _delete(conn, id=id)
