"""Compare a value with its annotation: both in; a message that says what is wrong, or None, out.

The comparison is stricter than ``isinstance``: a bool is not an int, a datetime is not a date, and an instant must have
an offset.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal

from sqlalchemy import Row

from pydb.sqlfile.type_words import Instant

__all__ = ["broken_promise", "broken_row", "hints_of", "is_open"]


def broken_promise(value: Any, annotation: Any, where: str = "the result") -> str | None:
    """The difference between the value and the annotation, with its place and type; None if the value fits."""
    if annotation is Any or annotation is object:
        return None
    if annotation is None or annotation is type(None):
        return None if value is None else _wrong(value, annotation, where)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if isinstance(annotation, typing.TypeVar):
        return None
    if hasattr(annotation, "__value__"):  # a type alias
        return broken_promise(value, annotation.__value__, where)
    if hasattr(annotation, "__supertype__"):  # typing.NewType
        return broken_promise(value, annotation.__supertype__, where)
    if origin in (types.UnionType, typing.Union):
        return _broken_union(value, annotation, arguments, where)
    if origin is Annotated:
        return _broken_annotated(value, arguments, where)
    if origin is Literal:
        return None if value in arguments else f"{where} is not one of {annotation}"
    if origin is not None:
        return _broken_generic(value, annotation, origin, arguments, where)
    return _broken_plain(value, annotation, where)


def broken_row(value: Any, annotation: Any) -> Any:
    """The row that breaks the promise; if the value is not a list, the value itself."""
    items = typing.get_args(annotation)
    if not isinstance(value, list) or len(items) != 1:
        return value
    return next((item for item in value if broken_promise(item, items[0]) is not None), value)


def _broken_union(value: Any, annotation: Any, arguments: tuple[Any, ...], where: str) -> str | None:
    if value is None and type(None) in arguments:
        return None
    members = [member for member in arguments if member is not type(None)]
    found = [broken_promise(value, member, where) for member in members]
    if None in found:
        return None
    return found[0] if len(found) == 1 else _wrong(value, annotation, where)


def _broken_annotated(value: Any, arguments: tuple[Any, ...], where: str) -> str | None:
    base, *marks = arguments
    if Instant in marks:
        aware = type(value) is datetime and value.tzinfo is not None
        return None if aware else f"{where} is annotated as AwareDatetime but is {_kind(value)}"
    return broken_promise(value, base, where)


def _broken_generic(value: Any, annotation: Any, origin: Any, arguments: tuple[Any, ...], where: str) -> str | None:
    if isinstance(origin, type) and issubclass(origin, Row):
        # The columns of some statements depend on the call: Row[*tuple[Any, ...]].
        some = bool(arguments) and typing.get_origin(arguments[0]) is typing.Unpack
        return None if some and isinstance(value, Row) else _broken_items(value, arguments, where)
    if not isinstance(value, origin):
        return _wrong(value, annotation, where)
    if origin is tuple and Ellipsis not in arguments:
        return _broken_items(value, arguments, where)
    if isinstance(value, Mapping):
        keys, items = arguments
        found = (broken_promise(key, keys, f"a key of {where}") for key in value)
        inside = (broken_promise(item, items, f"an item of {where}") for item in value.values())
        return next(filter(None, (*found, *inside)), None)
    return next(filter(None, (broken_promise(item, arguments[0], f"an item of {where}") for item in value)), None)


def _broken_items(value: Any, arguments: tuple[Any, ...], where: str) -> str | None:
    names = getattr(value, "_fields", None) or tuple(map(str, range(len(value))))
    if len(value) != len(arguments):
        return f"{where} has {len(value)} columns, but the annotation has {len(arguments)}"
    found = (
        broken_promise(item, annotation, f"column {name}")
        for name, item, annotation in zip(names, value, arguments, strict=True)
    )
    return next(filter(None, found), None)


def _broken_plain(value: Any, annotation: Any, where: str) -> str | None:
    if isinstance(annotation, type) and is_dataclass(annotation):
        return _broken_record(value, annotation, where)
    if not isinstance(annotation, type):
        return f"{where}: it cannot be checked whether a value is {annotation}"
    if not isinstance(value, annotation):
        return _wrong(value, annotation, where)
    lax = (annotation is int and isinstance(value, bool)) or (annotation is date and isinstance(value, datetime))
    if lax and not issubclass(annotation, Enum):
        return _wrong(value, annotation, where)
    if annotation is datetime and isinstance(value, datetime) and value.tzinfo is not None:
        return f"{where} is annotated as a naive datetime but has a time zone"
    return None


def _broken_record(value: Any, annotation: Any, where: str) -> str | None:
    if type(value) is not annotation:
        return _wrong(value, annotation, where)
    hints = hints_of(annotation)
    found = (
        broken_promise(getattr(value, item.name), hints[item.name], f"{annotation.__name__}.{item.name}")
        for item in fields(annotation)
    )
    return next(filter(None, found), None)


def is_open(annotation: Any) -> bool:
    """Whether the annotation contains ``Any``, as ``list[Any]`` does; JSON does not count."""
    if typing.get_origin(annotation) is Annotated:
        return False
    if isinstance(annotation, type) and is_dataclass(annotation):
        return any(map(is_open, hints_of(annotation).values()))
    return annotation is Any or any(map(is_open, typing.get_args(annotation)))


def hints_of(of: Any) -> dict[str, Any]:
    """The annotations of a class or function, resolved."""
    return _hints(of)


@cache
def _hints(of: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(of, include_extras=True)


def _wrong(value: Any, annotation: Any, where: str) -> str:
    said = annotation.__name__ if isinstance(annotation, type) and not typing.get_args(annotation) else annotation
    return f"{where} is annotated as {said} but is {_kind(value)}"


def _kind(value: Any) -> str:
    if isinstance(value, Iterator):
        return "an iterator"
    if isinstance(value, datetime):
        return "an aware datetime" if value.tzinfo is not None else "a naive datetime"
    return "None" if value is None else type(value).__name__
