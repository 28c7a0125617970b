"""Record classes without a database: what a row becomes, and which classes and columns are refused."""

from __future__ import annotations

import copy
import dataclasses
import enum
import pickle
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

import pytest

from pydb.errors import RecordError
from pydb.values.converters import Conversion, misfit
from pydb.values.kinds import Kind
from pydb.values.records import columns_differ, field_kinds, records_by_name
from pydb.values.row_builder import builder, unfit_column


@dataclass(frozen=True, slots=True)
class User:
    id: int
    name: str


@dataclass(frozen=True)
class Open:
    id: int
    name: str


@dataclass
class Mutable:
    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    id: int
    name: str = "nobody"


@dataclass(frozen=True, slots=True)
class Derived(User):
    pass


@dataclass(frozen=True, slots=True)
class Extended(User):
    size: int


@dataclass(frozen=True, slots=True)
class Checked:
    id: int
    name: str

    def __post_init__(self) -> None:
        if self.id < 0:
            raise ValueError("no such id")


@dataclass(frozen=True, slots=True)
class Computed:
    id: int
    name: str
    label: str = field(init=False, default="computed")
    kinds: ClassVar[int] = 3


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Weak:
    id: int
    name: str


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Boxed(Generic[T]):
    id: int
    name: str


@dataclass(frozen=True, slots=True, order=True)
class Ordered:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Doubled:
    id: int
    name: str

    def __init__(self, id: int, name: str) -> None:
        object.__setattr__(self, "id", id * 2)
        object.__setattr__(self, "name", name)


class Marking:
    mark = ""

    def __new__(cls, *_values: Any, **_fields: Any) -> Any:
        made = super().__new__(cls)
        object.__setattr__(made, "mark", "made")
        return made


@dataclass(frozen=True, slots=True)
class Marked(Marking):
    id: int
    name: str


RECORDS = [User, Open, Mutable, Named, Derived, Checked, Computed, Weak, Boxed, Ordered]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_row_is_the_record(record: Any) -> None:
    """What is built of a row is the record in every respect, however the record is declared."""
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
    """A record may add fields to those of another."""
    row = builder(Extended, ("id", "name", "size"), {}).one((1, "a", 2))
    assert row == Extended(1, "a", 2)
    assert type(row) is Extended
    with pytest.raises(dataclasses.FrozenInstanceError):
        row.size = 3


def test_checks_of_the_record() -> None:
    """A record's own ``__post_init__`` runs for every row."""
    with pytest.raises(ValueError, match="no such id"):
        builder(Checked, ("id", "name"), {}).one((-1, "a"))


def test_hand_written_construction() -> None:
    """A record's own ``__init__`` or ``__new__``, a base's too, makes every row, as its author meant."""
    assert builder(Doubled, ("id", "name"), {}).one((4, "a")).id == 8
    assert builder(Marked, ("id", "name"), {}).one((4, "a")).mark == "made"


def test_plain_records_are_filled() -> None:
    """A frozen record that only assigns is filled, not called: that is three times as fast."""
    calls = builder(User, ("id", "name"), {}).construction
    assert (calls.result, calls.lines[0]) == ("_row", "_row = _new(_twin)")


def test_scalars() -> None:
    """Without a record, a row is its one value."""
    made = builder(None, ("n",), {"n": Conversion(None, Decimal)})
    assert made.one((1,)) == Decimal(1)
    assert made.many([(1,), (2,)]) == [Decimal(1), Decimal(2)]


def test_columns_of_any_name() -> None:
    """Names that the generated code itself uses are names of columns like others."""
    names = ("row", "record", "new", "twin", "append", "built", "values", "rows", "one", "many", "self", "match")
    record = dataclasses.make_dataclass("Odd", [(name, int) for name in names], frozen=True, slots=True)
    row = builder(record, names, {name: Conversion(int, misfit) for name in names}).one(tuple(range(len(names))))
    assert dataclasses.astuple(row) == tuple(range(len(names)))


def test_readings() -> None:
    """A value of the exact class stays, NULL stays where it may, others are converted or refused."""
    readings = {"id": Conversion(int, misfit), "name": Conversion(None, str.upper, nullable=True)}
    made = builder(User, ("id", "name"), readings)
    assert made.one((1, "a")) == User(1, "A")
    assert made.one((1, None)) == User(1, None)  # type: ignore[arg-type]
    for row, told in (((None, "a"), ("id", type(None))), (("1", "a"), ("id", str)), ((1, 5), ("name", int))):
        for build in (made.one, lambda row: made.many([row])):
            with pytest.raises(TypeError) as caught:
                build(row)  # type: ignore[operator]
            assert unfit_column(made, caught.value) == told


def test_errors_of_others() -> None:
    """An exception that no column is to blame for is not blamed on one."""

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


def test_columns_that_differ() -> None:
    """Fields without a column and columns without a field are told, and their order is of no matter."""
    assert columns_differ(User, ("id", "name"), ("name", "id")) is None
    assert columns_differ(User, ("id", "name"), ("id",)) == "record User has no column for field name"
    assert columns_differ(User, ("id", "name"), ("id", "name", "x", "y")) == "record User has no field for column x, y"
    both = "record User has no column for field name and no field for column title"
    assert columns_differ(User, ("id", "name"), ("id", "title")) == both


def test_field_kinds() -> None:
    """The fields that ``__init__`` takes are those that columns fill."""
    assert field_kinds(User) == {"id": Kind(int), "name": Kind(str)}
    assert field_kinds(Computed) == {"id": Kind(int), "name": Kind(str)}
    assert list(field_kinds(Extended)) == ["id", "name", "size"]


def record_of(annotation: Any) -> type:
    """A record with one field of that annotation."""
    return dataclasses.make_dataclass("Wrong", [("x", annotation)], frozen=True, slots=True)


WRONG: dict[str, Callable[[], object]] = {
    "field x: set is not a type that a column can have": lambda: field_kinds(record_of(set)),
    "field x: int | str is more than one type": lambda: field_kinds(record_of(int | str)),
    "an annotation names Nowhere": lambda: field_kinds(record_of("Nowhere")),
    "Colour is not a dataclass": lambda: records_by_name([enum.Enum("Colour", "RED")]),  # type: ignore[list-item]
    "int is not a dataclass": lambda: records_by_name([5]),  # type: ignore[list-item]
    "User is not an iterable of records": lambda: records_by_name(User),  # type: ignore[arg-type]
    "NoneType is not an iterable of records": lambda: records_by_name(None),  # type: ignore[arg-type]
    "field x: Empty is an Enum without members": lambda: field_kinds(record_of(enum.Enum("Empty", ""))),
    "two records are named User": lambda: records_by_name([User, dataclasses.make_dataclass("User", ["a"])]),
}


@pytest.mark.parametrize("message", WRONG)
def test_wrong_records(message: str) -> None:
    """A class that cannot be a record is refused in words."""
    with pytest.raises(RecordError) as caught:
        WRONG[message]()
    assert message in str(caught.value)


def test_records_of_a_module() -> None:
    """A module gives the dataclasses that it has."""
    module = types.ModuleType("records")
    vars(module).update(User=User, Open=Open, other=5, Colour=enum.Enum("Colour", "RED"))
    assert records_by_name(module) == {"User": User, "Open": Open}
    assert records_by_name([User, User]) == {"User": User}
