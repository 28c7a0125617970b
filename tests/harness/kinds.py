"""Annotations that a record's fields may have, each with its kind."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, NewType, Optional
from uuid import UUID

from pydb import AwareDatetime
from pydb.sqlfile.type_words import Instant
from pydb.values.kinds import Kind


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
