"""Values of MariaDB: what PyMySQL gets for a Python value, and the record's value for a result."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from pydb.engines.mariadb.values import ADAPTERS, CONVERTERS
from pydb.sqlfile.type_words import Instant
from pydb.values.adapters import Unfit


@pytest.mark.parametrize(
    "value",
    [
        float("inf"),
        float("nan"),
        Decimal("1e65"),
        Decimal("1e-39"),
        Decimal("NaN"),
        timedelta(hours=839),
        -timedelta(hours=839),
        2**63,
        time(1, tzinfo=UTC),
    ],
)
def test_what_it_cannot_hold(value: Any) -> None:
    """A value that MariaDB would cut, or cannot store, is refused before it is sent."""
    with pytest.raises(Unfit):
        ADAPTERS[type(value)](value)


def test_the_ends_of_what_it_holds() -> None:
    """The longest TIME and the longest DECIMAL are accepted."""
    longest = timedelta(hours=838, minutes=59, seconds=59, microseconds=999_999)
    assert ADAPTERS[timedelta](longest) == longest
    assert ADAPTERS[Decimal](Decimal("9" * 65)) == Decimal("9" * 65)


def test_instants_are_kept_in_utc() -> None:
    """A DATETIME has no zone: an instant is stored in UTC without a zone, and is returned as UTC."""
    there = datetime(2026, 1, 1, 5, 45, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    stored = ADAPTERS[datetime](there)
    assert stored == datetime(2026, 1, 1)
    back = CONVERTERS[Instant]
    assert back is not None
    assert back(stored) == there


def test_a_time_of_day() -> None:
    """PyMySQL returns a timedelta for TIME: one within a day can be a time of day, and others cannot."""
    convert = CONVERTERS[time]
    assert convert is not None
    assert convert(timedelta(hours=23, seconds=1)) == time(23, 0, 1)
    for beyond in (timedelta(days=1), timedelta(seconds=-1)):
        with pytest.raises(ValueError, match="not a time of day"):
            convert(beyond)
