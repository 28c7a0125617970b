"""Look up types that check has found: the table that ``pydb generate`` writes in, the types of one statement out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydb.sqlfile.definition import TypeName

__all__ = ["NO_TYPES", "StatementTypes", "TypeTable", "types_of"]

TypeTable = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Type words as in ``@param``: ``{"users.by_id": {"parameters": {"id": "int"}, "columns": {"age": "int?"}}}``."""


@dataclass(frozen=True, slots=True)
class StatementTypes:
    """The types of one statement that check has found; they are parsed at its first call, not at load."""

    found: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, TypeName]:
        """The parameters' types."""
        return self._types("parameters")

    @property
    def columns(self) -> dict[str, TypeName]:
        """The columns' types, if the statement has no record."""
        return self._types("columns")

    def _types(self, key: str) -> dict[str, TypeName]:
        words = self.found.get(key, {})
        return {name: TypeName(word.removesuffix("?"), word.endswith("?")) for name, word in words.items()}


NO_TYPES = StatementTypes()


def types_of(table: TypeTable | None, name: str) -> StatementTypes:
    """The types of the statement with that name; empty if the table lacks it."""
    found = (table or {}).get(name)
    return NO_TYPES if found is None else StatementTypes(found)
