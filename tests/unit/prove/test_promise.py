"""A signature's promise, compared with the result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal

import pytest

from pydb import AwareDatetime, Json
from pydb.prove.promise import broken_promise, hints_of, is_open


class Colour(Enum):
    """An Enum of a program."""

    RED = "red"


@dataclass(frozen=True)
class Paint:
    """A record."""

    id: int
    colour: Colour | None


MOMENT = datetime(2026, 1, 31, 8)

KEPT: list[tuple[Any, Any]] = [
    (1, int),
    (None, int | None),
    (None, None),
    ("x", Any),
    ([1, 2], list[int]),
    ([], list[int]),
    ([None, 1], list[int | None]),
    ({"a": 1}, dict[str, Any]),
    ({"a": 1}, dict[str, Any] | list[Any]),
    ((1, "a"), tuple[int, str]),
    ("a", Literal["a", "b"]),
    (Colour.RED, Colour),
    (MOMENT, datetime),
    (MOMENT.replace(tzinfo=UTC), AwareDatetime),
    (Paint(1, None), Paint),
    ([Paint(1, Colour.RED)], list[Paint]),
]

BROKEN: list[tuple[Any, Any, str]] = [
    (None, int, "int but is None"),
    (True, int, "int but is bool"),
    (1, bool, "bool but is int"),
    (1, float, "float but is int"),
    (1.0, Decimal, "Decimal but is float"),
    (MOMENT, date, "date but is a naive datetime"),
    (MOMENT.replace(tzinfo=UTC), datetime, "has a time zone"),
    (MOMENT, AwareDatetime, "AwareDatetime but is a naive datetime"),
    ([1, None], list[int], "an item of the result is annotated as int but is None"),
    ("{1}", list[int], "is str"),
    ({"a": 1}, dict[str, str], "an item of"),
    ("red", Colour, "Colour but is str"),
    ("c", Literal["a", "b"], "not one of"),
    (Paint(1, "red"), Paint, "Paint.colour is annotated as Colour but is str"),  # type: ignore[arg-type]
    ([Paint(None, None)], list[Paint], "Paint.id is annotated as int but is None"),  # type: ignore[arg-type]
    ((1,), tuple[int, str], "has 1 columns, but the annotation has 2"),
]


@pytest.mark.parametrize(("value", "annotation"), KEPT)
def test_kept(value: Any, annotation: Any) -> None:
    """A value of the annotated type keeps the promise."""
    assert broken_promise(value, annotation) is None


@pytest.mark.parametrize(("value", "annotation", "words"), BROKEN)
def test_broken(value: Any, annotation: Any, words: str) -> None:
    """A value of another type, however similar, breaks it, and the message says where and how."""
    assert words in str(broken_promise(value, annotation))


def test_hints_are_resolved() -> None:
    """Annotations in text form become types."""
    assert hints_of(Paint) == {"id": int, "colour": Colour | None}


@dataclass(frozen=True)
class Box:
    """A record with a value of unknown type."""

    inside: Any


def test_what_is_open() -> None:
    """Any is open, also in a list or a record; a JSON document is not, although it may contain any value."""
    assert is_open(Any)
    assert is_open(list[Any] | None)
    assert is_open(list[Box])
    assert not is_open(Json | None)
    assert not is_open(list[Paint])
