"""Stored values of PostgreSQL that Python cannot have, by the texts that the server sends."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
import pytest

from pydb.engines.postgresql.unreadable import unreadable
from pydb.values.unfit import Unreadable

DATE, TIMESTAMP, TIMESTAMPTZ, TIME, TEXT, DATERANGE, INTERVAL = 1082, 1114, 1184, 1083, 25, 3912, 1186


@dataclass
class Answer:
    """The rows of a libpq result, as texts; the columns are named a, b, …"""

    types: list[int]
    rows: list[list[bytes | None]]

    @property
    def ntuples(self) -> int:
        return len(self.rows)

    @property
    def nfields(self) -> int:
        return len(self.types)

    def ftype(self, column: int) -> int:
        return self.types[column]

    def fname(self, column: int) -> bytes:
        return b"abcdefg"[column : column + 1]

    def get_value(self, row: int, column: int) -> bytes | None:
        return self.rows[row][column]


@pytest.mark.parametrize(
    ("type_", "text", "what"),
    [
        (DATE, b"infinity", "an infinite date"),
        (TIMESTAMP, b"-infinity", "an infinite timestamp"),
        (TIMESTAMPTZ, b"10000-01-01 00:00:00+00", "a timestamptz after the year 9999"),
        (DATE, b"0044-03-15 BC", "a date before the year 1"),
        (TIME, b"24:00:00", "the time 24:00"),
        (DATERANGE, b"[2024-01-01,infinity)", "an infinite date"),
        (INTERVAL, b"9999999 years", "an interval that is longer than a timedelta"),
    ],
)
def test_what_is_unreadable(type_: int, text: bytes, what: str) -> None:
    """The column and the kind of its value are found, also after readable values and similar texts."""
    readable = [b"infinity", b"2024-02-29", None]
    answer = Answer([TEXT, DATE, type_], [readable, [None, b"0001-01-01", text]])
    assert unreadable(psycopg.DataError("…"), answer) == Unreadable("c", what)


def test_other_errors() -> None:
    """An error of the server, or about readable values, is not reported as an unreadable value."""
    answer = Answer([DATE], [[b"2024-02-29"]])
    assert unreadable(psycopg.DataError("…"), answer) is None
    assert unreadable(psycopg.errors.DivisionByZero("…"), Answer([DATE], [[b"infinity"]])) is None
    assert unreadable(psycopg.OperationalError("…"), Answer([DATE], [[b"infinity"]])) is None
