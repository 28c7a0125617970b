"""The types that check has found: the table that ``pydb generate`` writes in, those of one statement out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydb.sqlfile.definition import TypeName

__all__ = ["NO_TYPES", "StatementTypes", "TypeTable", "types_of"]

TypeTable = Mapping[str, Mapping[str, Mapping[str, str]]]
"""``{"users.by_id": {"parameters": {"id": "int"}, "columns": {"age": "int?"}}}``: type words, as in ``@param``."""


@dataclass(frozen=True, slots=True)
class StatementTypes:
    """What check has found of one statement's parameters, and of its columns where it has no record."""

    parameters: Mapping[str, TypeName] = field(default_factory=dict)
    columns: Mapping[str, TypeName] = field(default_factory=dict)


NO_TYPES = StatementTypes()


def types_of(table: TypeTable | None, name: str) -> StatementTypes:
    """The types of the statement of that name; none where the table does not have it."""
    found = (table or {}).get(name)
    if found is None:
        return NO_TYPES
    return StatementTypes(_words(found.get("parameters", {})), _words(found.get("columns", {})))


def _words(words: Mapping[str, str]) -> dict[str, TypeName]:
    return {name: TypeName(word.removesuffix("?"), word.endswith("?")) for name, word in words.items()}
