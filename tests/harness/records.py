"""Record classes of every kind, each with the fields id and name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar


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
