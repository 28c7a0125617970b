"""Values of SQLite: the stored form of a Python value, and the returned value."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from pydb.engines.sqlite.values import ADAPTERS, CONVERTERS
from pydb.sqlfile.type_words import Instant
from pydb.values.adapters import Unfit

NEPAL = timezone(timedelta(hours=5, minutes=45))


@pytest.mark.parametrize(
    ("value", "stored", "kind"),
    [
        (Decimal("9.99"), 9.99, Decimal),
        (Decimal(10**16), 10**16, Decimal),
        (datetime(2026, 1, 2, 3, 4, 5), "2026-01-02 03:04:05.000000", datetime),
        (datetime(2026, 1, 2, 3, tzinfo=NEPAL), "2026-01-01 21:15:00.000000+00:00", Instant),
        (date(2026, 1, 2), "2026-01-02", date),
        (time(3, 4, 5, 6), "03:04:05.000006", time),
        (timedelta(seconds=1.5), 1_500_000, timedelta),
        (timedelta(microseconds=-1), -1, timedelta),
        (True, 1, bool),
    ],
)
def test_there_and_back(value: Any, stored: Any, kind: Any) -> None:
    """A value is stored as documented, and is returned equal."""
    adapted = ADAPTERS[type(value)](value)
    assert (adapted, type(adapted)) == (stored, type(stored))
    connection = sqlite3.connect(":memory:")
    (given,) = connection.execute("SELECT ?", (adapted,)).fetchone()
    connection.close()
    convert = CONVERTERS[kind]
    assert convert is not None
    assert convert(given) == value


@pytest.mark.parametrize(
    "value",
    [
        Decimal("0.12345678901234567"),
        Decimal("NaN"),
        Decimal("1e400"),
        float("nan"),
        2**63,
        time(1, tzinfo=UTC),
        timedelta(days=999_999_999),
        "\ud800",
    ],
)
def test_what_it_cannot_hold(value: Any) -> None:
    """A value that SQLite would round, or convert to NULL, is refused before it is sent."""
    with pytest.raises(Unfit):
        ADAPTERS[type(value)](value)


def test_an_instant_is_no_naive_datetime() -> None:
    """A stored offset does not fit a naive field, and SQLite's own clock, which has no offset, is UTC."""
    naive, instant = CONVERTERS[datetime], CONVERTERS[Instant]
    assert naive is not None
    assert instant is not None
    with pytest.raises(ValueError, match="annotate it AwareDatetime"):
        naive("2026-01-02 03:04:05+00:00")
    assert instant("2026-01-02 03:04:05") == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_timedelta_is_a_whole_number() -> None:
    """A value that is not an integer is not a timedelta."""
    convert = CONVERTERS[timedelta]
    assert convert is not None
    for other in (1.5, "1", True):
        with pytest.raises(TypeError, match="not a number of microseconds"):
            convert(other)
