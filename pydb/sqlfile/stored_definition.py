"""Definitions as bytes: the bytes of a Definition in; out, a Definition that decodes them when it is used."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from pydb.sqlfile.definition import Definition
from pydb.sqlfile.stored_nouns import restored

__all__ = ["StoredDefinition"]

_FIELDS = tuple(field.name for field in fields(Definition))


class StoredDefinition(Definition):
    """A Definition whose name is available at once; the other fields are decoded when one of them is first read.

    It is equal to the Definition that was stored, and pickles as one.
    """

    __slots__ = ("_stored",)

    _stored: bytes | None

    @classmethod
    def of(cls, name: str, has_optional: bool, stored: bytes) -> StoredDefinition:
        """The definition of these bytes.  ``has_optional`` is passed too, because loading reads it."""
        made = object.__new__(cls)
        _set_name(made, name)
        _set_stored(made, stored)
        if not has_optional:
            _set_optional(made, {})
        return made

    def __getattr__(self, name: str) -> Any:
        """Decode the fields: Python calls this only for a missing attribute."""
        if name not in _FIELDS:
            raise AttributeError(name)
        if (data := self._stored) is not None:
            definition = restored(data)
            for field in _FIELDS:
                object.__setattr__(self, field, getattr(definition, field))
            # Last, so that a thread that finds None here finds every field.
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


# Setters of the slots, for speed: a load makes a thousand definitions at once.
_set_name = Definition.__dict__["name"].__set__
_set_optional = Definition.__dict__["optional"].__set__
_set_stored = StoredDefinition.__dict__["_stored"].__set__
