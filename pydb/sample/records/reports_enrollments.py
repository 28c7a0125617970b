"""The rows of sql/reports/enrollments.sql as records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnrollmentMonth:
    """How many joined an activity during a month."""

    month: str
    activity: str
    joined: int
    still_in: int
