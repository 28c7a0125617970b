"""Annotations that a record's fields may have, each with its kind."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address
from typing import Annotated, Any, NewType, Optional
from uuid import UUID

from pydb import AwareDatetime, IPAddress, IPNetwork, Json
from pydb.sqlfile.type_words import Address, Instant, Network
from pydb.sqlfile.type_words import Json as JsonDocument
from pydb.values.kinds import DictOf, Kind, ListOf


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
    (Mapping[str, int] | None, Kind(DictOf(Kind(int)), True)),
    (list, Kind(list)),
    (list[Any], Kind(list)),
    (list[int], Kind(ListOf(Kind(int)))),
    (list[int | None] | None, Kind(ListOf(Kind(int, True)), True)),
    (list[list[str]], Kind(ListOf(Kind(ListOf(Kind(str)))))),
    (Sequence[str], Kind(ListOf(Kind(str)))),
    (Json, Kind(JsonDocument)),
    (Json | None, Kind(JsonDocument, True)),
    (dict[str, Any] | list[Any], Kind(JsonDocument)),
    (dict[str, Any] | list[Any] | str | None, Kind(JsonDocument, True)),
    (IPAddress, Kind(Address)),
    (IPv4Address | None, Kind(IPv4Address, True)),
    (IPNetwork | None, Kind(Network, True)),
    (Any, Kind(object)),
    (object, Kind(object)),
]
