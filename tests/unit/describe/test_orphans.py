"""The names of scratch databases, and the age of one that was left behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pydb.describe.orphans import age, created, new_name

NOW = datetime(2026, 11, 26, 5, 3, 17, tzinfo=UTC)


def test_a_name_says_when_it_was_made() -> None:
    """The name contains the time in UTC, in whatever zone it was made, and no two names are equal."""
    name = new_name(NOW.astimezone(timezone(timedelta(hours=5, minutes=45))))
    assert name.startswith("pydb_check_20261126t050317_")
    assert created(name) == NOW
    assert new_name(NOW) != new_name(NOW)


@pytest.mark.parametrize(
    "name",
    [
        "pydb_check_ab12cd34ef56",
        "pydb_check_20261126t050317_ab12cd34ef5",
        "pydb_check_20261126t050317_ab12cd34ef567",
        "pydb_check_20261126t050317_AB12CD34EF56",
        "pydb_check_20261126t050317_ab12cd34ef56\n",
        "pydb_check_２０２６1126t050317_ab12cd34ef56",
        "pydb_check_20261326t050317_ab12cd34ef56",
        "pydb_check_20261126t050361_ab12cd34ef56",
        "x_pydb_check_20261126t050317_ab12cd34ef56",
    ],
)
def test_only_such_a_name_counts(name: str) -> None:
    """A database with a similar name, or with an invalid time in its name, is not pydb's."""
    assert created(name) is None


@pytest.mark.parametrize(
    ("ago", "told"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=-5), "0 s"),
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(hours=2, minutes=5, seconds=9), "2 h 5 min"),
        (timedelta(days=3, minutes=7), "3 d 7 min"),
        (timedelta(days=400, hours=1, minutes=1), "400 d 1 h"),
    ],
)
def test_an_age_has_two_units(ago: timedelta, told: str) -> None:
    """An age has the two largest units; with a clock that is behind, it is 0."""
    assert age(NOW - ago, NOW) == told
