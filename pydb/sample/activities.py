"""The statements of sql/activities.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import Activity, ActivityOfStudent, queries

_create: Callable[..., Activity] = queries["activities.create"]
_get_or_create: Callable[..., Activity] = queries["activities.get_or_create"]
_by_id: Callable[..., Activity | None] = queries["activities.by_id"]
_list_all: Callable[..., list[Activity]] = queries["activities.list_all"]
_current_of_student: Callable[..., list[ActivityOfStudent]] = queries["activities.current_of_student"]
_past_of_student: Callable[..., list[ActivityOfStudent]] = queries["activities.past_of_student"]
_delete: Callable[..., int] = queries["activities.delete"]


def create(conn: Connection, /, *, name: str) -> Activity:
    """Insert an activity; a name that exists is refused."""
    return _create(conn, name=name)


def get_or_create(conn: Connection, /, *, name: str) -> Activity:
    """The activity of this name, inserted unless it exists."""
    return _get_or_create(conn, name=name)


def by_id(conn: Connection, /, *, id: int) -> Activity | None:
    """One activity by key."""
    return _by_id(conn, id=id)


def list_all(conn: Connection, /) -> list[Activity]:
    """Every activity, by name."""
    return _list_all(conn)


def current_of_student(conn: Connection, /, *, student_id: int) -> list[ActivityOfStudent]:
    """The activities that a student takes part in now, the longest first."""
    return _current_of_student(conn, student_id=student_id)


def past_of_student(conn: Connection, /, *, student_id: int) -> list[ActivityOfStudent]:
    """The activities that a student has left, the latest first."""
    return _past_of_student(conn, student_id=student_id)


def delete(conn: Connection, /, *, id: int) -> int:
    """Delete an activity that nobody ever joined; any other is refused by enrollments_activity_id_fkey."""
    return _delete(conn, id=id)
