"""Ranges as text: psycopg reads what was written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from pydb.engines.postgresql.ranges import range_adapters
from pydb.values.adapters import Unfit


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        (Range(1, 3), "[1,3)"),
        (Range(empty=True), "empty"),
        (Range(), "(,)"),
        (Range(None, date(2026, 1, 2), "(]"), "(,2026-01-02]"),
        (Range(datetime(2026, 1, 2, tzinfo=UTC), None), '["2026-01-02 00:00:00+00:00",)'),
        (Range(Decimal("1.5"), Decimal(3)), "[1.5,3)"),
        (Range('a "b', None), '["a ""b",)'),
        (Multirange([Range(1, 2), Range(5, None)]), "{[1,2),[5,)}"),
        (Multirange(), "{}"),
    ],
)
def test_literals(value: Any, literal: str) -> None:
    """Bounds, empty ranges and ranges without a bound are written as PostgreSQL reads them."""
    assert range_adapters()[type(value)](value) == literal


def test_a_bound_that_cannot_be_written_is_refused() -> None:
    """The message does not contain the value."""
    with pytest.raises(Unfit, match="a Range with a bound that cannot be written"):
        range_adapters()[Range](Range({"secret"}, None))
