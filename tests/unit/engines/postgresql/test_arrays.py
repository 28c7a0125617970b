"""Arrays as text: what is written can be read, and quoting is correct."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydb.engines.postgresql.arrays import array_literal, array_of_literal
from pydb.sqlfile.type_words import Instant


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])) | st.none(), max_size=5))
def test_texts(items: list[Any]) -> None:
    """Any texts, also NULL, are returned unchanged."""
    assert array_of_literal(array_literal(items), str) == items


@pytest.mark.parametrize(
    ("item", "items"),
    [
        (int, [1, -(2**63), None]),
        (Decimal, [Decimal("1.10"), Decimal(10) ** 30]),
        (float, [1.5, float("inf")]),
        (bool, [True, False]),
        (bytes, [b"\0\\\"'", b""]),
        (date, [date(2026, 1, 2)]),
        (Instant, [datetime(2026, 1, 2, 3, tzinfo=UTC)]),
        (UUID, [UUID(int=5)]),
        (int, []),
        (int, [[1, 2], [3, 4]]),
    ],
)
def test_values(item: Any, items: list[Any]) -> None:
    """Values of each type are returned equal."""
    assert array_of_literal(array_literal(items), item) == items
