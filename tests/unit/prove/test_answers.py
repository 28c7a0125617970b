"""Answers of engines: equality, comparison by class, and differences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pydb.prove.answers import Answer, difference, equal, rows_of, unsteady


@dataclass(frozen=True)
class User:
    id: int
    name: str | None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1.0, 1.0 + 1e-15, True),
        (1.0, 1.001, False),
        (float("nan"), float("nan"), True),
        (Decimal("1.50"), Decimal("1.5"), True),
        (Decimal("1.5"), 1.5, True),
        (Decimal("0.33"), Decimal("0.3333"), False),
        (None, "", False),
        ("a", "A", False),
        ("1", 1, False),
        ({"a": [1, 2.0]}, {"a": [1, 2.0 + 1e-16]}, True),
        ([1, None], [1, 0], False),
        (datetime(2024, 1, 1), datetime(2024, 1, 1, tzinfo=UTC), False),
        (datetime(2024, 1, 1), datetime(2024, 1, 1, 0, 0, 1), False),
    ],
)
def test_equal_values(one: Any, other: Any, same: bool) -> None:
    """Values are equal if a caller could not distinguish them."""
    assert equal(one, other) is same


def test_equal_moments() -> None:
    """Two current times are equal, because both engines read their clocks."""
    now = datetime.now(UTC)
    assert equal(now, now - timedelta(seconds=2))


def test_rows() -> None:
    """Records, rows and single values become rows with names."""
    assert rows_of([User(1, "a")]) == (("id", "name"), [(1, "a")])
    assert rows_of(None) == ((), [])
    assert rows_of(3) == (("the value",), [(3,)])


def answer(*rows: tuple[Any, ...], **more: Any) -> Answer:
    return Answer(("id", "name"), rows, **more)


def test_rows_are_a_multiset_where_the_order_is_not_total() -> None:
    """Another order is a difference only if the order is total."""
    here, there = answer((1, "a"), (2, "b")), answer((2, "b"), (1, "a"))
    assert difference(here, there, ordered=False) is None
    found = difference(here, there, ordered=True)
    assert found is not None
    assert found.what == "order"


def test_the_rows_most_alike_are_compared() -> None:
    """The differing column is named, in the row whose first columns are equal."""
    found = difference(answer((1, "a"), (2, "b")), answer((1, "A"), (2, "b")), ordered=False)
    assert found is not None
    assert (found.what, found.column, found.here, found.there) == ("value", "name", "a", "A")


def test_counts_and_errors() -> None:
    """Another number of rows, and an error of another class, are differences; the same class is not."""
    few = difference(answer((1, "a")), answer(), ordered=False)
    assert few is not None
    assert few.what == "count"
    failed = difference(answer((1, "a")), answer(error="DataError"), ordered=False)
    assert failed is not None
    assert (failed.what, failed.there) == ("error", "DataError")
    assert difference(answer(error="NoRow", text="x"), answer(error="NoRow", text="y"), ordered=False) is None


def test_what_an_engine_does_not_give_twice_counts_by_its_kind() -> None:
    """A generated key differs from call to call, but its class is compared."""
    here, again, there = answer((1, "a")), answer((2, "a")), answer((1001, "a"))
    by_kind = unsteady(here, again)
    assert by_kind == {(None, 0)}
    assert difference(here, there, ordered=True, by_kind=by_kind) is None
    assert difference(here, answer(("1001", "a")), ordered=True, by_kind=by_kind) is not None


def test_tables_afterwards() -> None:
    """The rows that a call leaves in a table are compared too, and the table is named."""
    here = Answer(rows=[(1,)], tables={"items": (("id", "n"), [(1, 3)])})
    there = Answer(rows=[(1,)], tables={"items": (("id", "n"), [(1, 4)])})
    found = difference(here, there, ordered=True)
    assert found is not None
    assert (found.where, found.column) == ("items", "n")
    assert unsteady(here, there) == {("items", 1)}


def test_the_objects_of_a_level_are_ordered_where_the_rows_are() -> None:
    """If the order of the rows is not total, the objects of a level are a multiset too."""
    one, other = User(1, "a"), User(2, "b")
    here, there = Answer(("levels",), [((one, other),)]), Answer(("levels",), [((other, one),)])
    assert difference(here, there, ordered=False) is None
    assert difference(here, there, ordered=True) is not None
