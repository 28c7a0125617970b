"""Store frozen values as bytes and back: dataclasses, named tuples and enums of pydb in, bytes for a cache file out.

All their fields are stored: a new field needs no change here.
"""

from __future__ import annotations

import hashlib
import importlib
import marshal
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any

__all__ = ["digest_of", "restored", "stored"]

_PLAIN = frozenset({type(None), bool, int, float, str, bytes})
_TUPLE, _SET, _DICT, _MEMBER = -1, -2, -3, -4
"""The kinds of nodes; that of a record is the number of its class."""

_HOMES = ("pydb.sqlfile.", "pydb.describe.")
"""The parts of pydb whose classes can be stored."""

_Node = tuple[int, tuple[Any, ...], tuple[int, ...]]
"""A kind and its items; the last tuple lists the places of items that are numbers of earlier nodes."""


def stored(value: Any) -> bytes:
    """A value as bytes; raises TypeError if it contains something that cannot be stored."""
    return marshal.dumps(_Nodes(value).content())


def digest_of(value: Any) -> bytes:
    """The SHA-256 of a value, the same for equal values; raises TypeError as ``stored`` does."""
    # In version 0 the bytes do not depend on object identity or on interned strings.
    return hashlib.sha256(marshal.dumps(_Nodes(value).content(), 0)).digest()


def restored(data: bytes) -> Any:
    """The value that was stored.  Raises an exception of any type for bytes that ``stored`` has not made."""
    classes, nodes, root = marshal.loads(data)
    makers = [_named(module, name) for module, name in classes]
    made: list[Any] = []
    for kind, items, places in nodes:
        if places:
            items = list(items)
            for place in places:
                items[place] = made[items[place]]
        if kind >= 0:
            made.append(makers[kind](*items))
        elif kind == _TUPLE:
            made.append(tuple(items))
        elif kind == _SET:
            made.append(frozenset(items))
        elif kind == _DICT:
            made.append(dict(zip(items[::2], items[1::2], strict=True)))
        else:
            number, name = items
            made.append(makers[number][name])
    return made[-1] if nodes else root


class _Nodes:
    """A value as a list of nodes, each after those that it contains; equal parts are one node.

    A list is decoded without recursion, and equal parts only once: most columns occur in many statements.
    """

    def __init__(self, value: Any) -> None:
        self._classes: dict[tuple[str, str], int] = {}
        self._nodes: list[_Node] = []
        self._known: dict[int, int] = {}
        self._equal: dict[bytes, int] = {}
        self._root = None if not _is_plain(value) else value
        if not _is_plain(value):
            self._number(value)

    def content(self) -> tuple[Any, ...]:
        """The list in types that marshal knows: the classes, the nodes, and a value that is not a node."""
        return tuple(self._classes), tuple(self._nodes), self._root

    def _number(self, value: Any) -> int:
        """The number of the node of a value."""
        if id(value) not in self._known:
            node = self._node(value)
            key = marshal.dumps(node, 0)
            if key not in self._equal:
                self._equal[key] = len(self._nodes)
                self._nodes.append(node)
            self._known[id(value)] = self._equal[key]
        return self._known[id(value)]

    def _node(self, value: Any) -> _Node:
        kind = type(value)
        if kind is tuple:
            return self._with(_TUPLE, value)
        if kind is frozenset:
            # Sorted, so that equal values have equal bytes.
            return self._with(_SET, sorted(value, key=repr))
        if kind is dict:
            return self._with(_DICT, [part for item in value.items() for part in item])
        if isinstance(value, Enum):
            return _MEMBER, (self._class(kind), value.name), ()
        if not _field_names(kind):  # type: ignore[arg-type]
            raise TypeError(f"a {kind.__qualname__} cannot be stored")
        return self._with(self._class(kind), _fields_of(kind)(value))  # type: ignore[arg-type]

    def _with(self, kind: int, parts: Sequence[Any]) -> _Node:
        # Most parts are plain: a call for each of them would take most of the time.
        places = [n for n, part in enumerate(parts) if type(part) not in _PLAIN and not _is_plain(part)]
        if not places:
            return kind, tuple(parts), ()
        items = list(parts)
        for place in places:
            items[place] = self._number(items[place])
        return kind, tuple(items), tuple(places)

    def _class(self, kind: type[Any]) -> int:
        return self._classes.setdefault((kind.__module__, kind.__qualname__), len(self._classes))


@cache
def _fields_of(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """A function that returns the values of all fields of an object of that class."""
    first, *others = _field_names(kind)  # type: ignore[arg-type]
    return attrgetter(first, *others) if others else lambda value: (getattr(value, first),)


def _is_plain(value: Any) -> bool:
    """Whether marshal stores a value as it is, in bytes that are equal for equal values."""
    kind = type(value)
    return kind in _PLAIN or (kind is tuple and all(map(_is_plain, value)))


@cache
def _field_names(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a dataclass or a named tuple; empty for another class."""
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    return tuple(getattr(kind, "_fields", ())) if issubclass(kind, tuple) else ()


@cache
def _named(module: str, name: str) -> Any:
    """A class of pydb that can be stored; a cache file cannot create anything else."""
    found = getattr(importlib.import_module(module), name) if module.startswith(_HOMES) else None
    if not (isinstance(found, type) and (_field_names(found) or issubclass(found, Enum))):
        raise TypeError(f"{module}.{name} is not a class that can be stored")
    return found
