"""The type words of @param and @column: a word in, its type and examples out.

This is the one list for loading, calls, commands and generated code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Any
from uuid import UUID

__all__ = [
    *("SCALARS", "TYPE_WORDS", "Address", "Instant", "Json", "Network", "TypeWord"),
    *("array_item", "scalar_of", "word_stored_as"),
]


class Instant:
    """A mark for a ``datetime`` annotation: the value is an instant, aware and in UTC."""


class Json:
    """The kind of any JSON document, including null; ``dict`` and ``list`` are separate kinds."""


class Address:
    """The kind of an IP address of either version, with or without a network mask."""


class Network:
    """The kind of an IP network of either version."""


@dataclass(frozen=True, slots=True)
class TypeWord:
    """A word and its type: a Python type, one of the classes above, or ``object`` for anything.

    ``example`` is a value as typed in a shell, ``module`` the module from which Python code imports the name, and
    ``python`` that name if it differs from the word.  ``stored_as`` is the word for the type in which a database stores
    the values, if it is another one.
    """

    name: str
    type: Any
    example: str | None = None
    module: str = "builtins"
    stored_as: str | None = None
    python: str | None = None


_BYTES, _OBJECT, _ARRAY = "aGVsbG8= (base64)", "'{\"a\": 1}'", "'[1, 2]'"

TYPE_WORDS = (
    TypeWord("int", int, "42"),
    TypeWord("float", float, "1.5"),
    TypeWord("str", str),
    TypeWord("bool", bool, "true"),
    TypeWord("bytes", bytes, _BYTES),
    TypeWord("bytearray", bytearray, _BYTES, stored_as="bytes"),
    TypeWord("memoryview", memoryview, _BYTES, stored_as="bytes"),
    TypeWord("Decimal", Decimal, "9.99", "decimal"),
    TypeWord("date", date, "2026-01-31", "datetime"),
    TypeWord("time", time, "12:30:00", "datetime"),
    TypeWord("datetime", datetime, "2026-01-31T12:00:00", "datetime"),
    TypeWord("AwareDatetime", Instant, "2026-01-31T12:00:00+00:00", "pydb"),
    TypeWord("timedelta", timedelta, "01:30:00", "datetime"),
    TypeWord("UUID", UUID, "12345678-1234-5678-1234-567812345678", "uuid"),
    TypeWord("json", Json, _OBJECT, "pydb", python="Json"),
    TypeWord("dict", dict, _OBJECT, stored_as="json"),
    TypeWord("list", list, _ARRAY, stored_as="json"),
    TypeWord("IPAddress", Address, "192.0.2.1", "pydb"),
    TypeWord("IPNetwork", Network, "192.0.2.0/24", "pydb"),
    TypeWord("IPv4Address", IPv4Address, "192.0.2.1", "ipaddress", stored_as="IPAddress"),
    TypeWord("IPv6Address", IPv6Address, "2001:db8::1", "ipaddress", stored_as="IPAddress"),
    TypeWord("IPv4Interface", IPv4Interface, "192.0.2.1/24", "ipaddress", stored_as="IPAddress"),
    TypeWord("IPv6Interface", IPv6Interface, "2001:db8::1/64", "ipaddress", stored_as="IPAddress"),
    TypeWord("IPv4Network", IPv4Network, "192.0.2.0/24", "ipaddress", stored_as="IPNetwork"),
    TypeWord("IPv6Network", IPv6Network, "2001:db8::/32", "ipaddress", stored_as="IPNetwork"),
    TypeWord("any", object, "text", "typing", python="Any"),
)

SCALARS: Mapping[str, Any] = {word.name: word.type for word in TYPE_WORDS}
"""The type of each word; ``int[]`` is an array of ``int``, ``int?[]`` an array whose items may be NULL."""

_STORED_AS = {word.name: word.stored_as for word in TYPE_WORDS if word.stored_as}


def word_stored_as(name: str) -> str:
    """The word for the type in which a database stores a type's values: ``json`` for ``dict``."""
    return _STORED_AS.get(name, name)


def array_item(name: str) -> tuple[str, bool] | None:
    """The word of an array's items, and whether they may be NULL: ``int?[]``; None if it is not an array."""
    if not name.endswith("[]"):
        return None
    item = name.removesuffix("[]")
    return item.removesuffix("?"), item.endswith("?")


def scalar_of(name: str) -> str:
    """The word without its array brackets: ``int`` for ``int[][]``."""
    while (item := array_item(name)) is not None:
        name = item[0]
    return name
