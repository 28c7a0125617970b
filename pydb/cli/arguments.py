"""Read parameters from the command line: ``key=value`` in, Python values out.

``key:=JSON`` is read as JSON.  ``key=value`` is read by the parameter's type.  If no type is known, a whole number in
its shortest spelling is an int, a decimal number is a Decimal, ``true``, ``false`` and ``null`` are those values, a
text that starts with ``[`` or ``{`` is JSON, and everything else is text: ``007``, ``+1`` and ``1e5`` stay as typed.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum, EnumType
from typing import Any
from uuid import UUID

from pydb.errors import PydbError
from pydb.sqlfile.definition import Definition, TypeName
from pydb.sqlfile.optional_lines import NameKind
from pydb.sqlfile.type_words import TYPE_WORDS, array_item
from pydb.support.escapes import shortened

__all__ = ["NO_CLASSES", "Classes", "convert", "displayed", "exact_json", "keys", "parameters"]

WHOLE = re.compile(r"-?[1-9][0-9]{0,30}|0")
FRACTION = re.compile(r"-?(?:[1-9][0-9]*|0)\.[0-9]+")
DURATION = re.compile(r"(-?)(?:([0-9]+) days?,? )?([0-9]+):([0-5][0-9]):([0-5][0-9](?:\.[0-9]{1,6})?)")
WORDS = {"true": True, "false": False, "null": None}

Classes = Mapping[str, type]
"""Classes by the name that a statement's directives use: ``module.Class``."""

NO_CLASSES: Classes = {}


def parameters(definition: Definition, pairs: Iterable[str], classes: Classes = NO_CLASSES) -> dict[str, Any]:
    """The parameters of one call, by their names in Python.

    A sequence is given by several arguments with the same key, or by one JSON list.  Raises PydbError for an argument
    that is not ``key=value``, for a key that is given twice, and for a value that its type refuses.
    """
    given: dict[str, list[Any]] = {}
    for number, pair in enumerate(pairs, 1):
        key, value = _split(pair, number, definition, classes)
        given.setdefault(key, []).append(value)
    return {key: _one_or_many(key, values, definition) for key, values in given.items()}


def displayed(definition: Definition, name: str) -> str:
    """A parameter as ``pydb list`` shows it: ``id``, ``statuses?`` if it may be left out, ``order=newest|oldest``.

    The first value of a choice is its default; ``order?=name|id`` has none.
    """
    written, optional = definition.written(name), definition.optional.get(name)
    if optional is None:
        return written
    if optional.kind is NameKind.CHOICE:
        return f"{written}{'' if optional.default else '?'}={'|'.join(optional.values)}"
    return f"{written}?"


def keys(definition: Definition, pairs: Iterable[str]) -> list[str]:
    """The parameters' names in ``key=value`` arguments.  Raises PydbError for an argument of another form."""
    return [_key(pair, number, definition) for number, pair in enumerate(pairs, 1)]


def _key(pair: str, number: int, definition: Definition) -> str:
    left, equals, _ = pair.partition("=")
    key = definition.parameter(left.removesuffix(":"))
    if not equals or not key.isidentifier():
        # The message does not repeat the argument, which may be a part of a value.
        raise PydbError(f"argument {number} after the statement's name is not key=value", hint="write key=value")
    return key


def _split(pair: str, number: int, definition: Definition, classes: Classes) -> tuple[str, Any]:
    key = _key(pair, number, definition)
    left, _, text = pair.partition("=")
    if left.endswith(":"):
        return key, _json(key, text)
    type_name = _type_of(key, definition)
    if type_name is not None and key in definition.sequences and text.startswith("["):
        return key, convert(key, text, replace(type_name, name=f"{type_name.name}[]"), classes)
    return key, convert(key, text, type_name, classes)


def _type_of(key: str, definition: Definition) -> TypeName | None:
    """The type of the parameter's values; a choice is always a text."""
    declared, optional = definition.parameter_types.get(key), definition.optional.get(key)
    if optional is None or optional.is_bound:
        return replace(declared, nullable=True) if declared and optional and optional.takes_null else declared
    return TypeName("bool" if optional.kind is NameKind.FLAG else "str")


def _one_or_many(key: str, values: list[Any], definition: Definition) -> Any:
    if key in definition.sequences:
        return values[0] if len(values) == 1 and isinstance(values[0], list) else values
    if len(values) > 1:
        raise PydbError(f"{shortened(key)} is given {len(values)} times, but {definition.name} takes one value")
    return values[0]


def convert(key: str, text: str, type_name: TypeName | None, classes: Classes = NO_CLASSES) -> Any:
    """One value, read by its declared type; without a type, by the rules of this module."""
    if type_name is None:
        return _plain(key, text)
    if type_name.nullable and text == "null":
        return None
    if type_name.name == "any":
        return _plain(key, text)
    members = _members(classes.get(type_name.name))
    try:
        if (item := array_item(type_name.name)) is not None:
            return [_item(key, value, TypeName(*item), classes) for value in _list(text)]
        return _member(text, members) if members else CONVERTERS.get(type_name.name, str)(text)
    except (ValueError, InvalidOperation, binascii.Error, RecursionError):
        # "from None": the converter's own message would repeat the value.
        example = EXAMPLES["list"] if array_item(type_name.name) else EXAMPLES.get(type_name.name, "|".join(members))
        raise PydbError(
            f"{key} takes a value of type {type_name.name}", hint=f"{key}={example}" if example else None
        ) from None


def _list(text: str) -> list[Any]:
    made = exact_json(text)
    return made if isinstance(made, list) else _refuse()


def _item(key: str, value: Any, type_name: TypeName, classes: Classes) -> Any:
    """One item of an array: in JSON it is a text, or the value itself."""
    if value is None:
        return None if type_name.nullable else _refuse()
    if isinstance(value, str | list):
        return convert(key, value if isinstance(value, str) else json.dumps(value), type_name, classes)
    return convert(key, json.dumps(value, default=str), type_name, classes)


def _members(kind: type | None) -> dict[str, Enum]:
    """The members of an Enum by the text of their values; empty for a class that is not an Enum."""
    members: list[Any] = list(kind) if isinstance(kind, EnumType) else []
    return {str(member.value): member for member in members}


def _member(text: str, members: Mapping[str, Enum]) -> Enum:
    return members[text] if text in members else _refuse()


def _plain(key: str, text: str) -> Any:
    if text in WORDS:
        return WORDS[text]
    if WHOLE.fullmatch(text):
        return int(text)
    if FRACTION.fullmatch(text):
        return Decimal(text)
    return _json(key, text) if text.startswith(("[", "{")) else text


def _json(key: str, text: str) -> Any:
    try:
        return exact_json(text)
    except (ValueError, RecursionError):
        name = shortened(key)
        hint = f"write text that starts with [ or {{ as {name}:='\"[text\"'"
        raise PydbError(f"the value of {name} is not JSON", hint=hint) from None


def exact_json(text: str) -> Any:
    """Read JSON without loss: a number with a fraction is a float if a float has its exact value, else a Decimal.

    Raises ValueError for text that is not JSON, such as ``NaN`` and ``Infinity``, and for a key given twice in an
    object.
    """
    return json.loads(text, parse_float=_fraction, parse_constant=lambda name: _refuse(), object_pairs_hook=_keys_once)


def _keys_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _refuse()


def _fraction(text: str) -> float | Decimal:
    exact, near = Decimal(text), float(text)
    return near if math.isfinite(near) and Decimal(repr(near)) == exact else exact


def _refuse() -> Any:
    raise ValueError("unfit")


def _bool(text: str) -> bool:
    return text in ("true", "1") or (text not in ("false", "0") and _refuse())


def _float(text: str) -> float:
    value = float(text)
    return _refuse() if math.isinf(value) and "inf" not in text.lower() else value


def _whole(text: str) -> int:
    return int(text) if re.fullmatch(r"[+-]?[0-9]+", text) else _refuse()


def _fine(text: str) -> str:
    """Refuse more than six digits after the decimal point of a second, because Python would drop them."""
    return _refuse() if re.search(r"[.,][0-9]{7}", text) else text


def _timestamp(text: str) -> datetime:
    value = datetime.fromisoformat(_fine(text))
    return _refuse() if value.tzinfo else value


def _instant(text: str) -> datetime:
    value = datetime.fromisoformat(_fine(text))
    return value if value.tzinfo else _refuse()


def _time(text: str) -> time:
    return time.fromisoformat(_fine(text))


def _duration(text: str) -> timedelta:
    match = DURATION.fullmatch(text)
    if match is None:
        return timedelta(seconds=float(text))
    sign, days, hours, minutes, seconds = match.groups()
    value = timedelta(days=int(days or 0), hours=int(hours), minutes=int(minutes), seconds=float(seconds))
    return -value if sign else value


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


EXAMPLES = {word.name: word.example for word in TYPE_WORDS if word.example}

CONVERTERS: Mapping[str, Callable[[str], Any]] = {
    "AwareDatetime": _instant,
    "Decimal": Decimal,
    "UUID": UUID,
    "bool": _bool,
    "bytearray": lambda text: bytearray(_bytes(text)),
    "bytes": _bytes,
    "date": date.fromisoformat,
    "datetime": _timestamp,
    "IPAddress": lambda text: ipaddress.ip_interface(text) if "/" in text else ipaddress.ip_address(text),
    "IPNetwork": ipaddress.ip_network,
    "IPv4Address": ipaddress.IPv4Address,
    "IPv4Interface": ipaddress.IPv4Interface,
    "IPv4Network": ipaddress.IPv4Network,
    "IPv6Address": ipaddress.IPv6Address,
    "IPv6Interface": ipaddress.IPv6Interface,
    "IPv6Network": ipaddress.IPv6Network,
    "any": str,
    "dict": json.loads,
    "float": _float,
    "int": _whole,
    "json": json.loads,
    "list": json.loads,
    "memoryview": lambda text: memoryview(_bytes(text)),
    "str": str,
    "time": _time,
    "timedelta": _duration,
}
