"""Arguments for generated functions, from their annotations and the values in the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypedDict
from uuid import UUID

import pytest

import pydb
from pydb import AwareDatetime
from pydb.prove.arguments import argument_sets, count_optional, sets_of, sets_type, takes_anything, unlike, values_for
from pydb.prove.promise import broken_promise

POOL: dict[str, list[Any]] = {
    "id": [41, 42],
    "name": ["Ann"],
    "born_on": ["1980-05-17"],
    "seen_at": ["2026-01-31 08:00"],
}


def by_id(conn: object, /, *, id: int, name: str | None) -> None:
    """As generate writes it."""


class CreateManySet(TypedDict):
    """As generate writes it."""

    name: str


def create_many(conn: object, sets: Iterable[CreateManySet], /) -> int:
    """As generate writes it."""
    return len(list(sets))


@pytest.mark.parametrize(
    "annotation",
    [int, str, float, bool, bytes, Decimal, date, datetime, AwareDatetime, UUID, int | None, list[int], dict[str, Any]],
)
def test_values_are_of_the_type(annotation: Any) -> None:
    """There are several values of the type of every parameter."""
    values = values_for(annotation, POOL, "x")
    assert len(values) >= 2
    assert [value for value in values if broken_promise(value, annotation) is not None] == []


def test_values_of_the_column_come_first() -> None:
    """A parameter with the name of a column first gets the column's values, as its own type."""
    assert values_for(int, POOL, "id")[:2] == [41, 42]
    assert values_for(str, POOL, "names")[0] == "Ann"
    assert values_for(date, POOL, "born_on")[0] == date(1980, 5, 17)
    assert values_for(AwareDatetime, POOL, "seen_at")[0] == datetime(2026, 1, 31, 8, tzinfo=UTC)


def test_a_sequence_may_be_empty() -> None:
    """A parameter of IN () gets lists of values, including the empty one."""
    lists = values_for(Collection[int], POOL, "ids")
    assert [] in lists
    assert [41] in lists


def test_none_is_tried_alone() -> None:
    """Each parameter that may be None is None in a set in which the others are values."""
    sets = list(argument_sets(by_id, POOL, 20))
    assert {"id": 41, "name": None} in sets
    assert all(item["id"] is not None for item in sets)


def test_another_turn_has_other_extremes() -> None:
    """The likely sets are in each turn, followed by others."""
    first, second = (list(argument_sets(by_id, POOL, 8, turn)) for turn in (0, 1))
    assert first[:4] == second[:4]
    assert first[4:] != second[4:]
    assert count_optional(by_id) == 1


def test_the_limit_holds() -> None:
    """There are at most as many sets as requested."""
    assert len(list(argument_sets(by_id, POOL, 3))) == 3


def test_sets_of_a_batch() -> None:
    """A batch's sets are made from its TypedDict; other functions have none."""
    assert sets_type(create_many) is CreateManySet
    assert sets_type(by_id) is None
    assert sets_of(CreateManySet, POOL, 2)[0] == {"name": "Ann"}


def test_what_takes_anything() -> None:
    """A parameter that is Any, also in a list, promises nothing; a JSON document is a promise."""

    def open_list(conn: object, /, *, ids: list[Any]) -> None: ...

    def document(conn: object, /, *, doc: pydb.Json | None) -> None: ...

    assert takes_anything(open_list)
    assert not takes_anything(document)
    assert not takes_anything(by_id)
    assert not takes_anything(create_many)


def test_unlike_values() -> None:
    """Equal values of different types are different arguments."""
    assert unlike([1, 1, True, 1.0]) == [1, True, 1.0]
