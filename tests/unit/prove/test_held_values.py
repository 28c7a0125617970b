"""Values that every engine can store."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pydb.prove.held_values import Limits, is_held, limits_of, series, simplest, twins_of, values_of


def test_limits_are_those_of_the_narrowest_type() -> None:
    """Lengths, digits and bits are read from the types as the engines spell them."""
    assert limits_of(["varchar(20)", "character varying(12)", "text", None]).length == 12
    assert limits_of(["numeric(5, 2)", "decimal(6,3)"]) == Limits(None, 21, 3, 2)
    assert limits_of(["integer", "smallint"]).bits == 16
    assert limits_of(["tinyint(1)"]).bits == 21


@pytest.mark.parametrize(
    ("value", "limits", "held"),
    [
        (2**40, Limits(), False),
        (127, Limits(bits=8), True),
        (128, Limits(bits=8), False),
        (Decimal("1.25"), Limits(scale=1), False),
        (Decimal("1000"), Limits(digits=3), False),
        ("abcd", Limits(length=3), False),
        ("x" * 300, Limits(), False),
        (1e300, Limits(), False),
        (date(1, 1, 1), Limits(), False),
        ([1, 2**40], Limits(), False),
        (None, Limits(), True),
    ],
)
def test_what_fits(value: Any, limits: Limits, held: bool) -> None:
    """Not every engine can store the limits of types, and values that are longer than a column."""
    assert is_held(value, limits) is held


@pytest.mark.parametrize(
    "word", ["int", "str", "Decimal", "date", "AwareDatetime", "UUID", "json", "bytes", "bool", "str[]"]
)
def test_values_of_each_word_fit(word: str) -> None:
    """Every offered value can be stored, and the simplest one has the class of the others."""
    values = values_of(word, Limits())
    assert values
    assert all(map(is_held, values))
    assert type(simplest(word)) in set(map(type, values))


def test_series_are_new_with_each_number() -> None:
    """Each key is new."""
    assert not set(series("str", 1)) & set(series("str", 2))
    assert series("json", 1) == []


def test_twins() -> None:
    """Twins are texts that differ in case, in a space at the end, or in an accent."""
    assert {"ZOE", "Zoe ", "Zoé"} & set(twins_of("Zoe")) == {"Zoe ", "Zoé"}
