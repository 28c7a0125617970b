"""Definitions as bytes and back: a Definition in, bytes out; bytes in, a Definition that decodes them when it is used.

What is stored follows the fields of dataclasses and named tuples, whichever they are: a new field needs nothing here.
"""

from __future__ import annotations

import importlib
import marshal
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from pydb.sqlfile.definition import Definition

__all__ = ["StoredDefinition", "stored"]

_PLAIN = frozenset({type(None), bool, int, float, str, bytes})
_TUPLE, _SET, _DICT, _MEMBER, _RECORD = range(5)
_FIELDS = tuple(field.name for field in fields(Definition))


def stored(definition: Definition) -> bytes:
    """A definition as bytes; raises TypeError where it holds what cannot be stored."""
    return marshal.dumps(_encoded(definition, {}))


def _encoded(value: Any, known: dict[int, Any]) -> Any:
    """A value in tuples that marshal takes, each with what it is in front.  What is there twice stays one object."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if id(value) not in known:
        if kind is tuple:
            made = (_TUPLE, *(_encoded(item, known) for item in value))
        elif kind is frozenset:
            made = (_SET, *(_encoded(item, known) for item in value))
        elif kind is dict:
            made = (_DICT, *((_encoded(key, known), _encoded(item, known)) for key, item in value.items()))
        elif isinstance(value, Enum):
            made = (_MEMBER, kind.__module__, kind.__qualname__, value.name)
        elif names := _field_names(kind):
            items = (_encoded(getattr(value, name), known) for name in names)
            made = (_RECORD, kind.__module__, kind.__qualname__, *items)
        else:
            raise TypeError(f"a {kind.__qualname__} cannot be stored")
        known[id(value)] = made
    return known[id(value)]


def _field_names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass or a named tuple; of another class none."""
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    return tuple(getattr(kind, "_fields", ())) if issubclass(kind, tuple) else ()


def _decoded(value: Any, known: dict[int, Any]) -> Any:
    if type(value) is not tuple:
        return value
    if id(value) not in known:
        kind, *parts = value
        if kind == _TUPLE:
            made: Any = tuple(_decoded(part, known) for part in parts)
        elif kind == _SET:
            made = frozenset(_decoded(part, known) for part in parts)
        elif kind == _DICT:
            made = {_decoded(key, known): _decoded(item, known) for key, item in parts}
        elif kind == _MEMBER:
            module, name, member = parts
            made = _named(module, name)[member]
        else:
            module, name, *items = parts
            made = _named(module, name)(*(_decoded(item, known) for item in items))
        known[id(value)] = made
    return known[id(value)]


def _named(module: str, name: str) -> Any:
    """A class of definitions; nothing else is made of what a file says."""
    found = getattr(importlib.import_module(module), name) if module.startswith("pydb.sqlfile.") else None
    if not (isinstance(found, type) and (_field_names(found) or issubclass(found, Enum))):
        raise TypeError(f"{module}.{name} is no part of a definition")
    return found


class StoredDefinition(Definition):
    """A Definition of which the name is there; the other fields are decoded when one of them is first asked for.

    It is equal to the Definition that was stored, and pickles as one.
    """

    __slots__ = ("_stored",)

    _stored: bytes | None

    @classmethod
    def of(cls, name: str, has_optional: bool, stored: bytes) -> StoredDefinition:
        """The definition of these bytes.  Whether it has optional lines is told too, because loading asks for it."""
        made = object.__new__(cls)
        _set_name(made, name)
        _set_stored(made, stored)
        if not has_optional:
            _set_optional(made, {})
        return made

    def __getattr__(self, name: str) -> Any:
        """Called only for what is not there: a field that was not decoded yet."""
        if name not in _FIELDS:
            raise AttributeError(name)
        if (data := self._stored) is not None:
            definition = _decoded(marshal.loads(data), {})
            for field in _FIELDS:
                object.__setattr__(self, field, getattr(definition, field))
            # Last: a thread that finds None here finds every field.
            _set_stored(self, None)
        return object.__getattribute__(self, name)

    def _plain(self) -> Definition:
        return Definition(*(getattr(self, field) for field in _FIELDS))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, StoredDefinition):
            return self._plain() == other._plain()
        return self._plain() == other

    __hash__ = Definition.__hash__

    def __repr__(self) -> str:
        return repr(self._plain())

    def __reduce__(self) -> tuple[type[Definition], tuple[Any, ...]]:
        return Definition, tuple(getattr(self, field) for field in _FIELDS)


# The slots themselves: a thousand definitions are made at once.
_set_name = Definition.__dict__["name"].__set__
_set_optional = Definition.__dict__["optional"].__set__
_set_stored = StoredDefinition.__dict__["_stored"].__set__
