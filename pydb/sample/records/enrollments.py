"""The rows of sql/enrollments.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from pydb.sample import records


@dataclass(frozen=True, slots=True)
class Enrollment:
    """A student takes or took part in an activity."""

    student_id: int
    activity_id: int
    start_date: date
    end_date: date | None

    @classmethod
    def create(
        cls, conn: Connection, /, *, student_id: int, activity_id: int, start_date: date, end_date: date | None
    ) -> Enrollment:
        """Enroll a student; without an end date the student takes part now."""
        row: Enrollment = records.queries.enrollments.create(
            conn, student_id=student_id, activity_id=activity_id, start_date=start_date, end_date=end_date
        )
        return row

    @classmethod
    def upsert(
        cls, conn: Connection, /, *, student_id: int, activity_id: int, start_date: date, end_date: date | None
    ) -> Enrollment:
        """Enroll a student, or correct the dates of the enrollment."""
        row: Enrollment = records.queries.enrollments.upsert(
            conn, student_id=student_id, activity_id=activity_id, start_date=start_date, end_date=end_date
        )
        return row

    def finish(self, conn: Connection, /, *, end_date: date) -> Enrollment | None:
        """Note when a student left an activity."""
        row: Enrollment | None = records.queries.enrollments.finish(
            conn, student_id=self.student_id, activity_id=self.activity_id, end_date=end_date
        )
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete an enrollment, as if it had never been."""
        affected: int = records.queries.enrollments.delete(
            conn, student_id=self.student_id, activity_id=self.activity_id
        )
        return affected > 0
