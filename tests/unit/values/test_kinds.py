"""Annotations and values without a database: what a kind is, and what each engine's adapters take and refuse."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, NewType, Optional
from uuid import UUID

import pytest

from pydb import AwareDatetime
from pydb.engines import engine_names
from pydb.engines.base import Rules, rules_of
from pydb.sqlfile.type_words import SCALARS, Instant, Json
from pydb.values.adapters import Unfit, adapter_for, check_parameter
from pydb.values.converters import conversion_for
from pydb.values.kinds import Kind, kind_named, kind_of, word_of

ALL = [rules_of(engine) for engine in engine_names()]


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    LOW = 1


class Name(str):
    __slots__ = ()


UserId = NewType("UserId", int)
OptionalName = Optional[str]  # noqa: UP045

KINDS: list[tuple[Any, Kind]] = [
    (int, Kind(int)),
    (str, Kind(str)),
    (bool, Kind(bool)),
    (float, Kind(float)),
    (bytes, Kind(bytes)),
    (bytearray, Kind(bytearray)),
    (memoryview, Kind(memoryview)),
    (Decimal, Kind(Decimal)),
    (date, Kind(date)),
    (time, Kind(time)),
    (datetime, Kind(datetime)),
    (timedelta, Kind(timedelta)),
    (UUID, Kind(UUID)),
    (AwareDatetime, Kind(Instant)),
    (AwareDatetime | None, Kind(Instant, True)),
    (int | None, Kind(int, True)),
    (OptionalName, Kind(str, True)),
    (UserId, Kind(int)),
    (UserId | None, Kind(int, True)),
    (Annotated[int, "metres"], Kind(int)),
    (Colour, Kind(Colour)),
    (Level | None, Kind(Level, True)),
    (Name, Kind(Name)),
    (dict, Kind(dict)),
    (dict[str, Any], Kind(dict)),
    (Mapping[str, int] | None, Kind(dict, True)),
    (list, Kind(list)),
    (list[int], Kind(list)),
    (Sequence[str], Kind(list)),
    (Any, Kind(object)),
    (object, Kind(object)),
]


@pytest.mark.parametrize(("annotation", "kind"), KINDS, ids=[str(annotation) for annotation, _ in KINDS])
def test_kinds(annotation: Any, kind: Kind) -> None:
    """Each annotation that a column can have is a kind."""
    assert kind_of(annotation) == kind


@pytest.mark.parametrize("annotation", [set, tuple[int, ...], complex, int | str, "nonsense", None, type, 5])
def test_no_kinds(annotation: Any) -> None:
    """An annotation that no column can have is a TypeError."""
    with pytest.raises(TypeError, match="type"):
        kind_of(annotation)


def test_words() -> None:
    """Each type word of a directive names a kind that is spelled by that word, but for synonyms."""
    words = ["int", "float", "str", "bool", "bytes", "bytearray", "memoryview", "Decimal", "date", "time", "datetime"]
    for word in [*words, "AwareDatetime", "timedelta", "UUID", "json", "dict", "list"]:
        kind = kind_named(word, True, {})
        assert kind is not None
        assert (word_of(kind), kind.nullable) == (word, True)
    assert kind_named("Colour", False, {"Colour": Colour}) == Kind(Colour)
    assert kind_named("Nothing", False, {}) is None


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
        reading = rules.reading(kind, None)
        assert (reading is None) == (kind.type is object)


@pytest.mark.parametrize("rules", ALL, ids=lambda rules: rules.name)
def test_none_is_no_value(rules: Rules) -> None:
    """No reading makes a value of NULL where the kind has none, and every one lets it pass where it has."""
    for _, kind in KINDS:
        never, ever = rules.reading(Kind(kind.type), None), rules.reading(Kind(kind.type, True), None)
        if never is None or ever is None:
            continue
        assert ever.value(None) is None
        if kind.type is not Json:
            with pytest.raises(Exception):  # noqa: B017, PT011
                never.value(None)


@pytest.mark.parametrize("rules", ALL, ids=lambda rules: rules.name)
def test_foreign_values(rules: Rules) -> None:
    """No reading takes an object that its driver never gives."""
    for _, kind in KINDS:
        if kind.type not in (object, Json, Name) and (reading := rules.reading(kind, None)):
            for foreign in (object(), complex(1, 1), {1}):
                with pytest.raises(Exception):  # noqa: B017, PT011
                    reading.value(foreign)


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


def test_enum_readings() -> None:
    """A member is found by its value, a value without a member is refused, and ``_missing_`` may answer for it."""

    class Grade(enum.Enum):
        GOOD = "good"
        UNKNOWN = "unknown"

        @classmethod
        def _missing_(cls, value: object) -> Grade:
            return cls.UNKNOWN

    plain = conversion_for(Kind(Colour), {str: None})
    lenient = conversion_for(Kind(Grade), {str: None})
    assert plain is not None
    assert lenient is not None
    assert plain.value("red") is Colour.RED
    with pytest.raises(ValueError, match="not a valid Colour"):
        plain.value("blue")
    assert lenient.value("bad") is Grade.UNKNOWN
    with pytest.raises(TypeError):
        lenient.value(5)


def test_the_page_has_every_type() -> None:
    """docs/values.md has a row for every type word."""
    page = (Path(__file__).parents[3] / "docs" / "values.md").read_text(encoding="utf-8")
    rows = "".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `"))
    assert {word for word in SCALARS if word != "json" and f"`{word}`" not in rows} == set()
