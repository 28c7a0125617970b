"""Values of parameters: what each engine's adapters accept and refuse, without a database."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import partial
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Any
from uuid import UUID

import pytest

from pydb.engines import engine_names
from pydb.engines.base import Rules, rules_of
from pydb.execution.parameters import Adapters
from pydb.sqlfile.type_words import Json
from pydb.values.adapters import ParameterType, Unfit, adapter_for, serialized
from pydb.values.kinds import JSON_NULL, Kind, kind_named
from tests.harness.kinds import KINDS, Colour, Level, Name

ADDRESSES = {IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network}

ALL = [rules_of(engine) for engine in engine_names()]


NEPAL = timezone(timedelta(hours=5, minutes=45))


DECLARED: list[tuple[str, Any, str | None]] = [
    ("int", 1, None),
    ("int", Level.LOW, None),
    ("int", True, "a bool, but @param says int"),
    ("int", 1.0, "a float, but @param says int"),
    ("int", None, "None, but @param says that it is never NULL"),
    ("float", 1, None),
    ("float", "1", "a str, but @param says float"),
    ("bool", True, None),
    ("bool", 1, "a int, but @param says bool"),
    ("str", Name("x"), None),
    ("date", date(2024, 1, 1), None),
    ("date", datetime(2024, 1, 1), "a datetime, but @param says date"),
    ("datetime", datetime(2024, 1, 1), None),
    ("datetime", datetime(2024, 1, 1, tzinfo=UTC), "an aware datetime, but @param says datetime"),
    ("AwareDatetime", datetime(2024, 1, 1, tzinfo=NEPAL), None),
    ("AwareDatetime", datetime(2024, 1, 1), "a naive datetime, but @param says AwareDatetime"),
    ("json", {"a": 1}, None),
    ("json", 5, None),
    ("dict", [1], "a list, but @param says dict"),
    ("any", [1], None),
    ("int[]", [1, 2], None),
    ("int[]", (1, 2), None),
    ("int[]", [], None),
    ("int[]", [[1]], "a list, but @param says int"),
    ("int[][]", [[1]], None),
    ("int[]", ["1"], "a str, but @param says int"),
    ("int[]", [None], "None, but @param says that it is never NULL"),
    ("int?[]", [None], None),
    ("int[]", 1, "a int, but @param says int[]"),
    ("IPAddress", IPv4Interface("192.0.2.1/24"), None),
    ("IPAddress", "192.0.2.1", "a str, but @param says IPAddress"),
]

FOUND: list[tuple[str, Any, str | None]] = [
    ("int", None, None),
    ("int", True, None),
    ("int", Level.LOW, None),
    ("int", "1", "a str, but check found int"),
    ("int", 1.5, "a float, but check found int"),
    ("float", Decimal("1.5"), None),
    ("Decimal", 1, None),
    ("Decimal", 1.5, None),
    ("Decimal", "1", "a str, but check found Decimal"),
    ("str", Colour.RED, None),
    ("str", Name("x"), None),
    ("str", 1, "a int, but check found str"),
    ("bytes", bytearray(b"x"), None),
    ("date", datetime(2024, 1, 1), "a datetime, but check found date"),
    ("datetime", datetime(2024, 1, 1, tzinfo=UTC), "an aware datetime, but check found datetime"),
    ("json", "text", None),
    ("json", None, None),
]


@pytest.mark.parametrize(("word", "value", "message"), DECLARED)
def test_declared_parameters(word: str, value: Any, message: str | None) -> None:
    """A value must have the type of ``@param``, and the error does not contain the value."""
    _check(word, value, message, declared=True)


@pytest.mark.parametrize(("word", "value", "message"), FOUND)
def test_found_parameters(word: str, value: Any, message: str | None) -> None:
    """A value must have the type that check has found, or one that is stored unchanged; the database refuses NULL."""
    _check(word, value, message, declared=False)


def _check(word: str, value: Any, message: str | None, *, declared: bool) -> None:
    rules = rules_of("postgresql")
    kind = kind_named(word, False, {})
    assert kind is not None
    adapters = Adapters(rules.adapters, partial(adapter_for, adapters=rules.adapters))

    def adapt() -> None:
        ParameterType(kind, declared, rules.array).adapter(type(value), adapters)(value)

    if message is None:
        adapt()
        return
    with pytest.raises(Unfit) as caught:
        adapt()
    assert str(caught.value) == message


def test_null_in_json() -> None:
    """JSON_NULL is JSON's null on every engine, and None is SQL's NULL."""
    for rules in ALL:
        adapters = Adapters(rules.adapters, partial(adapter_for, adapters=rules.adapters))
        type_ = ParameterType(Kind(Json, nullable=True), declared=True, array=rules.array)
        assert type_.adapter(type(JSON_NULL), adapters)(JSON_NULL) == "null"
        assert type_.adapter(type(None), adapters)(None) is None


@pytest.mark.parametrize("rules", ALL, ids=lambda rules: rules.name)
def test_every_engine_knows_every_type(rules: Rules) -> None:
    """An engine has an adapter for every type of value and a converter for every kind."""
    types = {type(None), bool, int, float, str, bytes, bytearray, memoryview, Decimal, date, time, datetime, timedelta}
    assert rules.adapters.keys() - ADDRESSES == types | {UUID, dict, list}
    for _, kind in KINDS:
        reading = rules.conversion(kind, None)
        assert (reading is None) == (kind.type is object)


@pytest.mark.parametrize("rules", ALL, ids=lambda rules: rules.name)
def test_refusals_hold_no_value(rules: Rules) -> None:
    """A refusal says what is wrong with a value, without the value."""
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


def test_an_applications_serializer() -> None:
    """A driver gets the serializer's text or bytes; for a value that it refuses, only the error's class is named."""
    assert serialized(lambda value: f"[{value}]", 1) == "[1]"
    assert serialized(lambda value: b"[]", 1) == "[]"
    with pytest.raises(Unfit, match="json_serializer raises TypeError"):
        serialized(json.dumps, {"secret": object()})
