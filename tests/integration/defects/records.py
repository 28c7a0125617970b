"""The records of the planted defects."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from pydb import AwareDatetime


@dataclass(frozen=True, slots=True)
class Customer:
    """A correct record."""

    id: int
    name: str
    email: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class CustomerOrder:
    """This record promises more than an outer join guarantees."""

    id: int
    name: str
    total: Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """One number that is never None."""

    total: Decimal


@dataclass(frozen=True, slots=True)
class Named:
    """One text that is never None."""

    label: str


@dataclass(frozen=True, slots=True)
class Birthday:
    """One date."""

    birthday: date


@dataclass(frozen=True, slots=True)
class Joined:
    """One instant."""

    joined_at: AwareDatetime


@dataclass(frozen=True, slots=True)
class Document:
    """A field for each type of the documents."""

    body: dict[str, object]
    picture: bytes | None
    token: UUID | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """The fields have other types than their columns."""

    id: str
    name: int
    birthday: bool
    credit: bytes


@dataclass(frozen=True, slots=True)
class Worried:
    """A field may be None, but its column is never NULL."""

    id: int
    name: str | None


@dataclass(frozen=True, slots=True)
class Impossible:
    """No column can have the type of this annotation."""

    id: complex
