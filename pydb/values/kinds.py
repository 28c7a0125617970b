"""What a value becomes in Python: a record's annotation or a type word in, a ``Kind`` out.

``adapters`` has the values on their way in to a driver, ``converters`` those on their way out of it.
"""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydb.sqlfile.type_words import SCALARS, TYPE_WORDS, Instant

__all__ = ["AwareDatetime", "Kind", "base_value", "kind_named", "kind_of", "word_of"]


_NAMES: Mapping[Any, str] = {word.type: word.name for word in TYPE_WORDS}

AwareDatetime = Annotated[datetime, Instant]
"""An instant.  It goes in with any offset and comes out in UTC."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column's value becomes: ``type`` is a Python type, or Instant or Json, and ``object`` for anything."""

    type: Any
    nullable: bool = False


def kind_of(annotation: Any) -> Kind:
    """The kind that a record's annotation asks for; ``Any`` and ``object`` ask for none (the driver's value).

    Raises TypeError for an annotation that no column can have.
    """
    nullable = False
    origin = typing.get_origin(annotation)
    if origin in (types.UnionType, typing.Union):
        members = [member for member in typing.get_args(annotation) if member is not type(None)]
        nullable = len(members) < len(typing.get_args(annotation))
        kinds = {kind_of(member).type for member in members}
        if len(kinds) != 1:
            raise TypeError(f"{annotation} is more than one type")
        return Kind(kinds.pop(), nullable)
    if origin is Annotated:
        base, *marks = typing.get_args(annotation)
        return Kind(Instant) if Instant in marks else kind_of(base)
    if hasattr(annotation, "__supertype__"):  # typing.NewType
        return kind_of(annotation.__supertype__)
    for generic, base in ((dict, dict), (Mapping, dict), (list, list), (Sequence, list)):
        if generic in (annotation, origin):
            return Kind(base)
    if annotation is Any or annotation is object:
        return Kind(object)
    if not isinstance(annotation, type):
        raise TypeError(f"{annotation!r} is not a type that a column can have")
    if issubclass(annotation, enum.Enum) and not annotation.__members__:
        raise TypeError(f"{annotation.__name__} is an Enum without members")
    if annotation in SCALARS.values() or issubclass(annotation, (enum.Enum, int, float, str, bytes)):
        return Kind(annotation)
    raise TypeError(f"{annotation.__name__} is not a type that a column can have")


def base_value(kind: Any) -> Any:
    """The plain type that an Enum's members, or a subclass of int, str, float or bytes, are stored as."""
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return type(next(iter(kind)).value)
    for base in (bool, int, float, str, bytes):
        if isinstance(kind, type) and issubclass(kind, base):
            return base
    return kind


def kind_named(name: str, nullable: bool, known: Mapping[str, Any]) -> Kind | None:
    """The kind that a directive's type word means, or None when the word names nothing that is known."""
    found = SCALARS.get(name, known.get(name))
    return None if found is None else Kind(found, nullable)


def word_of(kind: Kind) -> str:
    """The word for a kind in ``@param`` and ``@column``."""
    return _NAMES.get(kind.type) or str(kind.type.__name__)


# Values in: each function takes a value and returns what a driver gets, or raises Unfit.
