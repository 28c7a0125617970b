"""Store frozen values: dataclasses, named tuples and enums of pydb in, bytes for a cache file out, and the reverse.

All their fields are stored: a new field needs no change here.
"""

from __future__ import annotations

import hashlib
import importlib
import marshal
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any

__all__ = ["digest_of", "restored", "stored"]

_PLAIN = frozenset({type(None), bool, int, float, str, bytes})
_TUPLE, _SET, _DICT, _MEMBER, _RECORD = range(5)
_HOMES = ("pydb.sqlfile.", "pydb.describe.")
"""The parts of pydb whose classes can be stored."""


def stored(value: Any) -> bytes:
    """A value as bytes; raises TypeError if it contains something that cannot be stored."""
    return marshal.dumps(_encoded(value, {}))


def digest_of(value: Any) -> bytes:
    """The SHA-256 of a value, the same for equal values; raises TypeError as ``stored`` does."""
    # In version 0 the bytes do not depend on object identity or on interned strings.
    return hashlib.sha256(marshal.dumps(_encoded(value, {}), 0)).digest()


def restored(data: bytes) -> Any:
    """The value that was stored.  Raises an exception of any type for bytes that ``stored`` has not made."""
    return _decoded(marshal.loads(data), {})


def _encoded(value: Any, known: dict[int, Any]) -> Any:
    """A value as tuples for marshal, each with its kind first; an object that occurs twice stays one object."""
    kind = type(value)
    if kind in _PLAIN:  # only for a whole value, which is rare; the parts are tested below
        return value
    if id(value) not in known:
        if kind is tuple:
            made = (_TUPLE, *[item if type(item) in _PLAIN else _encoded(item, known) for item in value])
        elif kind is frozenset:
            # Sorted, so that equal values have equal bytes.
            made = (_SET, *(_encoded(item, known) for item in sorted(value, key=repr)))
        elif kind is dict:
            made = (_DICT, *((_encoded(key, known), _encoded(item, known)) for key, item in value.items()))
        elif isinstance(value, Enum):
            made = (_MEMBER, kind.__module__, kind.__qualname__, value.name)
        elif names := _field_names(kind):  # type: ignore[arg-type]
            items = [getattr(value, name) for name in names]
            parts = [item if type(item) in _PLAIN else _encoded(item, known) for item in items]
            made = (_RECORD, kind.__module__, kind.__qualname__, *parts)
        else:
            raise TypeError(f"a {kind.__qualname__} cannot be stored")
        known[id(value)] = made
    return known[id(value)]


@cache
def _field_names(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a dataclass or a named tuple; empty for another class."""
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    return tuple(getattr(kind, "_fields", ())) if issubclass(kind, tuple) else ()


def _decoded(value: Any, known: dict[int, Any]) -> Any:
    if type(value) is not tuple:
        return value
    if id(value) not in known:
        kind, *parts = value
        if kind == _TUPLE:
            made: Any = tuple([_decoded(part, known) if type(part) is tuple else part for part in parts])
        elif kind == _SET:
            made = frozenset(_decoded(part, known) for part in parts)
        elif kind == _DICT:
            made = {_decoded(key, known): _decoded(item, known) for key, item in parts}
        elif kind == _MEMBER:
            module, name, member = parts
            made = _named(module, name)[member]
        else:
            module, name, *items = parts
            made = _named(module, name)(*[_decoded(item, known) if type(item) is tuple else item for item in items])
        known[id(value)] = made
    return known[id(value)]


@cache
def _named(module: str, name: str) -> Any:
    """A class of pydb that can be stored; a cache file cannot create anything else."""
    found = getattr(importlib.import_module(module), name) if module.startswith(_HOMES) else None
    if not (isinstance(found, type) and (_field_names(found) or issubclass(found, Enum))):
        raise TypeError(f"{module}.{name} is not a class that can be stored")
    return found
