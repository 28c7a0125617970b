"""Rows in, records out: the result equals a constructed record in every respect."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from decimal import Decimal
from typing import Any

import pytest

from pydb.values.converters import Conversion, misfit
from pydb.values.row_builder import builder, unfit_column
from tests.harness.records import (
    RECORDS,
    Checked,
    Doubled,
    Extended,
    Marked,
    Mutable,
    User,
)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_row_is_the_record(record: Any) -> None:
    """The result equals a constructed record in every respect, however the record is declared."""
    made = builder(record, ("name", "id"), {})
    row = made.one(("a", 1))
    same = record(id=1, name="a")
    assert type(row) is record
    assert row == same
    assert repr(row) == repr(same)
    assert made.many([("a", 1), ("b", 2)]) == [same, record(id=2, name="b")]
    assert made.many([]) == []
    assert copy.deepcopy(row) == pickle.loads(pickle.dumps(row)) == same
    assert dataclasses.asdict(row) == dataclasses.asdict(same)
    assert dataclasses.replace(row, id=3) == record(id=3, name="a")
    if record is not Mutable:
        assert hash(row) == hash(same)
        with pytest.raises(dataclasses.FrozenInstanceError):
            row.id = 2


def test_inherited_fields() -> None:
    """A record may add fields to those of its base."""
    row = builder(Extended, ("id", "name", "size"), {}).one((1, "a", 2))
    assert row == Extended(1, "a", 2)
    assert type(row) is Extended
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(row, "size", 3)  # noqa: B010  # the type checker knows it too


def test_checks_of_the_record() -> None:
    """A record's own ``__post_init__`` runs for every row."""
    with pytest.raises(ValueError, match="no such id"):
        builder(Checked, ("id", "name"), {}).one((-1, "a"))


def test_hand_written_construction() -> None:
    """A record's own ``__init__`` or ``__new__``, also that of a base, makes every row."""
    assert builder(Doubled, ("id", "name"), {}).one((4, "a")).id == 8
    assert builder(Marked, ("id", "name"), {}).one((4, "a")).mark == "made"


def test_plain_records_are_filled() -> None:
    """A frozen record that only assigns is filled, not called, which takes a third of the time."""
    calls = builder(User, ("id", "name"), {}).construction
    assert (calls.result, calls.lines[0]) == ("_row", "_row = _new(_twin)")


def test_scalars() -> None:
    """Without a record, a row is its single value."""
    made = builder(None, ("n",), {"n": Conversion(None, Decimal)})
    assert made.one((1,)) == Decimal(1)
    assert made.many([(1,), (2,)]) == [Decimal(1), Decimal(2)]


def test_columns_of_any_name() -> None:
    """Columns may have the names that the generated code uses."""
    names = ("row", "record", "new", "twin", "append", "built", "values", "rows", "one", "many", "self", "match")
    record = dataclasses.make_dataclass("Odd", [(name, int) for name in names], frozen=True, slots=True)
    row = builder(record, names, {name: Conversion(int, misfit) for name in names}).one(tuple(range(len(names))))
    assert dataclasses.astuple(row) == tuple(range(len(names)))


def test_readings() -> None:
    """A value of the exact class is kept, NULL is kept if it is allowed, and others are converted or refused."""
    readings = {"id": Conversion(int, misfit), "name": Conversion(None, str.upper, nullable=True)}
    made = builder(User, ("id", "name"), readings)
    assert made.one((1, "a")) == User(1, "A")
    assert made.one((1, None)) == User(1, None)  # type: ignore[arg-type]
    for row, told in (((None, "a"), ("id", type(None))), (("1", "a"), ("id", str)), ((1, 5), ("name", int))):
        for build in (made.one, lambda row: made.many([row])):
            with pytest.raises(TypeError) as caught:
                build(row)
            assert unfit_column(made, caught.value) == told


def test_errors_of_others() -> None:
    """An exception that no column causes names no column."""

    def broken() -> Any:
        yield (1, "a")
        raise RuntimeError("lost")

    made = builder(User, ("id", "name"), {"id": Conversion(int, misfit)})
    with pytest.raises(RuntimeError) as caught:
        made.many(broken())
    assert unfit_column(made, caught.value) is None
    with pytest.raises(ValueError, match="no such id") as own:
        builder(Checked, ("id", "name"), {}).one((-1, "a"))
    assert unfit_column(builder(Checked, ("id", "name"), {}), own.value) is None
