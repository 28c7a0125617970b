"""The statements of sql/enrollments.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import Connection

from pydb.sample.records import Enrollment, queries

_create: Callable[..., Enrollment] = queries["enrollments.create"]
_upsert: Callable[..., Enrollment] = queries["enrollments.upsert"]
_by_key: Callable[..., Enrollment | None] = queries["enrollments.by_key"]
_list_all: Callable[..., list[Enrollment]] = queries["enrollments.list_all"]
_finish: Callable[..., Enrollment | None] = queries["enrollments.finish"]
_delete: Callable[..., int] = queries["enrollments.delete"]


def create(
    conn: Connection, /, *, student_id: int, activity_id: int, start_date: date, end_date: date | None
) -> Enrollment:
    """Enroll a student; without an end date the student takes part now."""
    return _create(conn, student_id=student_id, activity_id=activity_id, start_date=start_date, end_date=end_date)


def upsert(
    conn: Connection, /, *, student_id: int, activity_id: int, start_date: date, end_date: date | None
) -> Enrollment:
    """Enroll a student, or correct the dates of the enrollment."""
    return _upsert(conn, student_id=student_id, activity_id=activity_id, start_date=start_date, end_date=end_date)


def by_key(conn: Connection, /, *, student_id: int, activity_id: int) -> Enrollment | None:
    """The enrollment of a student in an activity."""
    return _by_key(conn, student_id=student_id, activity_id=activity_id)


def list_all(conn: Connection, /) -> list[Enrollment]:
    """Every enrollment."""
    return _list_all(conn)


def finish(conn: Connection, /, *, end_date: date, student_id: int, activity_id: int) -> Enrollment | None:
    """Note when a student left an activity."""
    return _finish(conn, end_date=end_date, student_id=student_id, activity_id=activity_id)


def delete(conn: Connection, /, *, student_id: int, activity_id: int) -> int:
    """Delete an enrollment, as if it had never been."""
    return _delete(conn, student_id=student_id, activity_id=activity_id)
