"""Convert results: a driver's value in, the value of a record's field out; with helpers for the engines' converters."""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Any
from uuid import UUID, SafeUUID

from pydb.sqlfile.type_words import Json
from pydb.values.adapters import unchanged
from pydb.values.kinds import EITHER_VERSION, DictOf, Kind, ListOf, base_value

__all__ = [
    *("BOOLEANS", "Converter", "Conversion", "byte_array", "decimal_of_number", "json_of_text", "misfit"),
    *("conversion_for", "real_number", "uuid_of_text", "whole_number"),
]

Converter = Callable[[Any], Any]
"""A function that converts a driver's value, which is never None; it raises an Exception if the value does not fit."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """How a driver's values of one column become a field's.

    Values of the class ``exact`` are used unchanged; ``convert`` converts or refuses other values, and refuses None.
    """

    exact: type | None
    convert: Converter
    nullable: bool = False

    def value(self, given: Any) -> Any:
        """The field's value.  Raises an Exception if the driver's value does not fit."""
        as_it_is = (given is None and self.nullable) or (self.exact is not None and type(given) is self.exact)
        return given if as_it_is else self.convert(given)


def misfit(value: Any) -> Any:
    """Raise TypeError: no value of another type fits."""
    raise TypeError("not of the field's type")


def whole_number(value: Any) -> int:
    """The int of a Decimal, as some engines return a sum of integers.  Raises TypeError for anything else."""
    if type(value) is not Decimal or value != value.to_integral_value():
        raise TypeError("not a whole number")
    return int(value)


def real_number(value: Any) -> float:
    """The float nearest to an int or a Decimal.  Raises TypeError for anything else."""
    if type(value) is not int and type(value) is not Decimal:
        raise TypeError("not a number")
    return float(value)


def decimal_of_number(value: Any) -> Decimal:
    """A Decimal from a driver's number; from a float, its 15 significant digits that are always exact."""
    return Decimal("%.15g" % value) if type(value) is float else Decimal(value)  # noqa: UP031, f"" takes longer


_new, _is_safe = object.__new__, SafeUUID.unknown
_set_int: Any = vars(UUID)["int"].__set__
_set_is_safe: Any = vars(UUID)["is_safe"].__set__


def uuid_of_text(value: str) -> UUID:
    """``UUID(value)``, but twice as fast for the format that databases write."""
    digits = value.replace("-", "")
    if len(digits) != 32:
        return UUID(value)
    made: UUID = _new(UUID)
    _set_int(made, int(digits, 16))
    _set_is_safe(made, _is_safe)
    return made


_scan: Any = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def json_of_text(value: str) -> Any:
    """``json.loads(value)``, but twice as fast for a text without white space around its value."""
    try:
        made, end = _scan(value, 0)
    except Exception:
        return json.loads(value)
    return made if end == len(value) else json.loads(value)


def byte_array(value: bytes) -> bytearray:
    """A bytearray of bytes.  Raises TypeError for anything else: ``bytearray(3)`` would be three zeros."""
    return bytearray(memoryview(value))


BOOLEANS: Mapping[Any, bool] = {0: False, 1: True}

_NEARLY_EXACT: Mapping[Any, Converter] = {
    int: whole_number,
    float: real_number,
    Decimal: decimal_of_number,
    UUID: uuid_of_text,
    Json: unchanged,
}
"""Converters for types that a driver returns itself: it may return another type for sums, literals and keys as text."""


_ADDRESSES: Mapping[Any, tuple[type, ...]] = {
    **EITHER_VERSION,
    **{type_: (type_,) for type_ in (IPv4Address, IPv6Address, IPv4Interface, IPv6Interface, IPv4Network, IPv6Network)},
}


def conversion_for(kind: Kind, converters: Mapping[Any, Converter | None]) -> Conversion | None:
    """How an engine's values become ``kind``; None if any value fits.

    ``converters`` are those of the engine; None for a type means that its driver returns the type itself.
    """
    if kind.type is object:
        return None
    if kind.type in converters:
        convert = converters[kind.type]
        if convert is not None:
            return Conversion(None, convert, kind.nullable)
        exact = None if kind.type is Json else kind.type
        return Conversion(exact, _NEARLY_EXACT.get(kind.type, misfit), kind.nullable)
    if isinstance(kind.type, ListOf | DictOf):
        return _conversion_of_items(kind, converters)
    if kind.type in _ADDRESSES:
        return Conversion(None, _instance_of(_ADDRESSES[kind.type]), kind.nullable)
    if kind.type in (dict, list):
        loads = converters[Json]
        return Conversion(kind.type, misfit if loads is None else _json_of(kind.type, loads), kind.nullable)
    plain = conversion_for(Kind(base_value(kind.type)), converters)
    if plain is None:
        return Conversion(None, misfit, kind.nullable)
    return Conversion(None, _of_subclass(kind.type, plain), kind.nullable)


def _conversion_of_items(kind: Kind, converters: Mapping[Any, Converter | None]) -> Conversion:
    """The conversion of a list or dict whose items are of one kind."""
    container = list if isinstance(kind.type, ListOf) else dict
    whole = conversion_for(Kind(container), converters)
    item = conversion_for(kind.type.item, converters)
    assert whole is not None
    if item is None:
        return Conversion(whole.exact, whole.convert, kind.nullable)
    if container is list:
        return Conversion(None, lambda value: [item.value(given) for given in whole.value(value)], kind.nullable)
    return Conversion(
        None, lambda value: {key: item.value(given) for key, given in whole.value(value).items()}, kind.nullable
    )


def _instance_of(types: tuple[type, ...]) -> Converter:
    return lambda value: value if isinstance(value, types) else misfit(value)


def _json_of(kind: type, loads: Converter) -> Converter:
    def load(value: Any) -> Any:
        made = loads(value)
        return made if type(made) is kind else misfit(made)

    return load


def _of_subclass(kind: Any, plain: Conversion) -> Converter:
    """The converter to a member of an Enum, or to an instance of a subclass of int, str, float or bytes."""
    if not issubclass(kind, enum.Enum):
        return lambda value: kind(plain.value(value))
    members = kind._value2member_map_

    def to_member(value: Any) -> Any:
        found = members.get(value) if type(value) is plain.exact else None
        return kind(plain.value(value)) if found is None else found

    return to_member
