"""Describe what a value becomes in Python: a record's annotation or a type word in, a ``Kind`` out.

``adapters`` converts values for a driver, ``converters`` converts values from a driver.
"""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydb.sqlfile.type_words import SCALARS, TYPE_WORDS, Address, Instant, Network, array_item
from pydb.sqlfile.type_words import Json as JsonDocument

__all__ = [
    *("EITHER_VERSION", "JSON_NULL", "AwareDatetime", "DictOf", "IPAddress", "IPNetwork", "Json", "JsonNull"),
    *("Kind", "ListOf", "base_value", "kind_named", "kind_of", "word_of"),
]


_NAMES: Mapping[Any, str] = {word.type: word.name for word in TYPE_WORDS}

AwareDatetime = Annotated[datetime, Instant]
"""An instant.  A parameter may have any offset; a result is in UTC."""

Json: TypeAlias = Annotated[Any, JsonDocument]
"""Any JSON document: dict, list, str, int, float, bool, and None for JSON's null."""

IPAddress: TypeAlias = IPv4Address | IPv6Address
"""An IP address; for one with a mask PostgreSQL returns an IPv4Interface or IPv6Interface, which are subclasses."""

IPNetwork: TypeAlias = IPv4Network | IPv6Network
"""An IP network."""


class JsonNull(Enum):
    """The class of ``JSON_NULL``."""

    JSON_NULL = "null"


JSON_NULL: Final[Literal[JsonNull.JSON_NULL]] = JsonNull.JSON_NULL
"""JSON's null as a parameter; None is SQL's NULL."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column's value becomes: ``type`` is a Python type, a mark such as Instant or Json, or ListOf or DictOf.

    ``object`` is any type.
    """

    type: Any
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class ListOf:
    """The type of a Kind: a list whose items are of another kind."""

    item: Kind


@dataclass(frozen=True, slots=True)
class DictOf:
    """The type of a Kind: a JSON object whose values are of another kind."""

    item: Kind


EITHER_VERSION: Mapping[Any, tuple[type, ...]] = {
    Address: (IPv4Address, IPv6Address),
    Network: (IPv4Network, IPv6Network),
}
"""The classes of an IP address or network, by their kind."""

_MEMBERS: Mapping[frozenset[Any], Any] = {frozenset(classes): kind for kind, classes in EITHER_VERSION.items()}
"""The unions that are one kind, by their members."""

_DOCUMENT = (dict, list, str, int, float, bool)


def kind_of(annotation: Any) -> Kind:
    """The kind of a record's annotation; ``Any`` and ``object`` mean the driver's value unchanged.

    Raises TypeError for an annotation that no column can have.
    """
    origin = typing.get_origin(annotation)
    if origin in (types.UnionType, typing.Union):
        members = [member for member in typing.get_args(annotation) if member is not type(None)]
        return Kind(_one_type(annotation, members), len(members) < len(typing.get_args(annotation)))
    if origin is Annotated:
        base, *marks = typing.get_args(annotation)
        mark = next((mark for mark in marks if mark in (Instant, JsonDocument)), None)
        return kind_of(base) if mark is None else Kind(mark)
    if hasattr(annotation, "__supertype__"):  # typing.NewType
        return kind_of(annotation.__supertype__)
    for generic, base, made in (
        (dict, dict, DictOf),
        (Mapping, dict, DictOf),
        (list, list, ListOf),
        (Sequence, list, ListOf),
    ):
        if generic in (annotation, origin):
            return Kind(_container(annotation, base, made))
    if annotation is Any or annotation is object:
        return Kind(object)
    if not isinstance(annotation, type):
        raise TypeError(f"{annotation!r} is not a type that a column can have")
    if issubclass(annotation, enum.Enum) and not annotation.__members__:
        raise TypeError(f"{annotation.__name__} is an Enum without members")
    if annotation in _NAMES or issubclass(annotation, (enum.Enum, int, float, str, bytes)):
        return Kind(annotation)
    raise TypeError(f"{annotation.__name__} is not a type that a column can have")


def _one_type(annotation: Any, members: Sequence[Any]) -> Any:
    """The one type of a union's members."""
    kinds = frozenset(kind_of(member).type for member in members)
    if kinds in _MEMBERS:
        return _MEMBERS[kinds]
    if len(kinds) == 1:
        return next(iter(kinds))
    # JSON documents: the application tests whether it is a dict or a list.
    if all(kind in _DOCUMENT or isinstance(kind, ListOf | DictOf) for kind in kinds) and not kinds <= {
        str,
        int,
        float,
        bool,
    }:
        return JsonDocument
    raise TypeError(f"{annotation} is more than one type")


def _container(annotation: Any, base: type, made: type[ListOf | DictOf]) -> Any:
    """``list[int]`` with its items, ``list`` and ``list[Any]`` without."""
    arguments = typing.get_args(annotation)
    if not arguments:
        return base
    if base is dict and arguments[0] is not str:
        raise TypeError(f"{annotation} has keys that are not str, but keys in JSON are str")
    item = kind_of(arguments[-1])
    return base if item.type is object else made(item)


def base_value(kind: Any) -> Any:
    """The plain type that an Enum's members, or a subclass of int, str, float or bytes, are stored as."""
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return type(next(iter(kind)).value)
    for base in (bool, int, float, str, bytes):
        if isinstance(kind, type) and issubclass(kind, base):
            return base
    return kind


def kind_named(name: str, nullable: bool, known: Mapping[str, Any]) -> Kind | None:
    """The kind that a directive's type word means, or None if the word is unknown."""
    array = array_item(name)
    if array is not None:
        item = kind_named(*array, known)
        return None if item is None else Kind(list if item.type is object else ListOf(item), nullable)
    found = SCALARS.get(name, known.get(name))
    return None if found is None else Kind(found, nullable)


def word_of(kind: Kind) -> str:
    """The word for a kind in ``@param`` and ``@column``."""
    if isinstance(kind.type, ListOf):
        return f"{word_of(kind.type.item)}{'?' if kind.type.item.nullable else ''}[]"
    if isinstance(kind.type, DictOf):
        return "dict"
    return _NAMES.get(kind.type) or str(kind.type.__name__)
