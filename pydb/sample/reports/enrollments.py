"""The statements of sql/reports/enrollments.sql: a connection and parameters in, records out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from pydb.sample.records import EnrollmentMonth, queries

_by_month: Callable[..., list[EnrollmentMonth]] = queries["reports.enrollments.by_month"]


def by_month(conn: Connection, /) -> list[EnrollmentMonth]:
    """How many students joined each activity in each month, and how many of them are still in it."""
    return _by_month(conn)
