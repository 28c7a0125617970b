"""Values of PostgreSQL: what psycopg gets for a Python value, and the record's value for a result."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from pydb.engines.base import rules_of
from pydb.engines.postgresql.values import ADAPTERS, CONVERTERS
from pydb.sqlfile.type_words import Instant, Json
from pydb.values.adapters import Unfit
from pydb.values.kinds import Kind

NEPAL = timezone(timedelta(hours=5, minutes=45))


@pytest.mark.parametrize(
    "value", ["a\0b", "\ud800", Decimal("Infinity"), 2**63, time(1, tzinfo=UTC), {"a": 1e16}, ["\0"], {"a\0": 1}]
)
def test_what_it_cannot_hold(value: Any) -> None:
    """Text with NUL, invalid numbers, and JSON that jsonb would change are refused before they are sent."""
    with pytest.raises(Unfit):
        ADAPTERS[type(value)](value)


def test_values_in() -> None:
    """Instants are sent in UTC, floats may be infinite, and JSON is text."""
    assert ADAPTERS[datetime](datetime(2026, 1, 1, 5, 45, tzinfo=NEPAL)) == datetime(2026, 1, 1, tzinfo=UTC)
    assert ADAPTERS[float](float("inf")) == float("inf")
    assert ADAPTERS[dict]({"a": [1.5, None]}) == '{"a":[1.5,null]}'


def test_instants_and_naive_datetimes_are_told_apart() -> None:
    """timestamptz fits an instant in UTC, and timestamp a naive field; neither fits the other."""
    instant, naive = CONVERTERS[Instant], CONVERTERS[datetime]
    assert instant is not None
    assert naive is not None
    there = datetime(2026, 1, 1, 5, 45, tzinfo=NEPAL)
    assert (instant(there), instant(there).tzinfo) == (there, UTC)
    assert naive(datetime(2026, 1, 1)) == datetime(2026, 1, 1)
    with pytest.raises(ValueError, match="not an instant"):
        instant(datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="annotate it AwareDatetime"):
        naive(there)


def test_json_of_a_text_column() -> None:
    """psycopg reads json and jsonb itself; pydb reads JSON in a column of text."""
    rules = rules_of("postgresql")
    own, text = rules.conversion(Kind(Json), 3802), rules.conversion(Kind(Json), 25)
    assert own is not None
    assert text is not None
    assert own.value({"a": 1}) == text.value('{"a": 1}') == {"a": 1}
