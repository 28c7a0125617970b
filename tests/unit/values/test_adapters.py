"""Values in: what each engine's adapters take and refuse, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from pydb.engines import engine_names
from pydb.engines.base import Rules, rules_of
from pydb.values.adapters import Unfit, adapter_for, check_parameter
from pydb.values.kinds import kind_named
from tests.harness.kinds import KINDS, Level, Name

ALL = [rules_of(engine) for engine in engine_names()]


NEPAL = timezone(timedelta(hours=5, minutes=45))


DECLARED: list[tuple[str, Any, str | None]] = [
    ("int", 1, None),
    ("int", Level.LOW, None),
    ("int", True, "a bool, where @param says int"),
    ("int", 1.0, "a float, where @param says int"),
    ("int", None, "None, where @param says that it is never NULL"),
    ("float", 1, None),
    ("float", "1", "a str, where @param says float"),
    ("bool", True, None),
    ("bool", 1, "a int, where @param says bool"),
    ("str", Name("x"), None),
    ("date", date(2024, 1, 1), None),
    ("date", datetime(2024, 1, 1), "a datetime, where @param says date"),
    ("datetime", datetime(2024, 1, 1), None),
    ("datetime", datetime(2024, 1, 1, tzinfo=UTC), "an aware datetime, where @param says datetime"),
    ("AwareDatetime", datetime(2024, 1, 1, tzinfo=NEPAL), None),
    ("AwareDatetime", datetime(2024, 1, 1), "a naive datetime, where @param says AwareDatetime"),
    ("json", {"a": 1}, None),
    ("json", 5, None),
    ("dict", [1], "a list, where @param says dict"),
]


@pytest.mark.parametrize(("word", "value", "message"), DECLARED)
def test_declared_parameters(word: str, value: Any, message: str | None) -> None:
    """A value is of the type that ``@param`` says, or refused in words that do not hold it."""
    kind = kind_named(word, False, {})
    assert kind is not None
    if message is None:
        check_parameter(value, kind)
        return
    with pytest.raises(Unfit) as caught:
        check_parameter(value, kind)
    assert str(caught.value) == message


@pytest.mark.parametrize("rules", ALL, ids=lambda rules: rules.name)
def test_every_engine_knows_every_type(rules: Rules) -> None:
    """An engine has an adapter for every type of value and a reading for every kind."""
    types = {type(None), bool, int, float, str, bytes, bytearray, memoryview, Decimal, date, time, datetime, timedelta}
    assert rules.adapters.keys() == types | {UUID, dict, list}
    for _, kind in KINDS:
        reading = rules.conversion(kind, None)
        assert (reading is None) == (kind.type is object)


@pytest.mark.parametrize("rules", ALL, ids=lambda rules: rules.name)
def test_refusals_hold_no_value(rules: Rules) -> None:
    """A refusal tells what is wrong with a value, not the value."""
    secret = "hunter2"
    unfit: list[Any] = [
        secret + "\ud800",
        {secret: {secret}},
        [object()],
        {1: secret},
        (secret,),
        frozenset({secret}),
        Decimal("NaN"),
        2**70,
        time(1, tzinfo=UTC),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
    ]
    for value in unfit:
        with pytest.raises(Unfit) as caught:
            adapter_for(type(value), rules.adapters)(value)
        assert secret not in str(caught.value)
        assert str(2**70) not in str(caught.value)
