"""The data of a database's catalogue: tables, columns and keys.  The engine modules fill it in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydb.describe.facts import EngineFacts, facts_of

__all__ = ["Catalogue", "ColumnFacts", "Reference", "TableFacts", "is_own_table", "without_own_tables"]

_OWN_TABLE = re.compile(r"(?<![^\s.])pydb_(?:migrations|once)(?![^_\s.])")


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column of a table or view.

    ``type`` is the engine's own spelling, in lower case.  ``kind`` is what its values can be relied on to be
    (``int num real text blob bool temporal json other``), or None where the engine enforces nothing.
    ``magnitude`` is the largest absolute value the schema allows, or None when it sets no finite limit.
    ``origin`` is the table and column whose values a view's column has.
    ``optional`` says that an INSERT may leave the column out and still store a value.
    """

    name: str
    type: str
    nullable: bool
    kind: str | None = None
    magnitude: float | None = None
    optional: bool = False
    generated: bool = False
    origin: tuple[str, str] | None = None


Reference = tuple[tuple[str, ...], str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table or view.

    ``schema`` is the name of its schema, where the engine has several.  ``visible`` says that its bare name means it;
    ``name`` is that name, or ``schema.table``.
    ``keys`` are the sets of columns whose values no two rows share, ``references`` its foreign keys as (columns,
    table, columns there), ``constraints`` the names of its UNIQUE, FOREIGN KEY and CHECK constraints.
    """

    name: str
    columns: Mapping[str, ColumnFacts]
    keys: tuple[frozenset[str], ...] = ()
    is_view: bool = False
    references: frozenset[Reference] = frozenset()
    constraints: frozenset[str] = frozenset()
    schema: str | None = None
    visible: bool = True

    @property
    def bare_name(self) -> str:
        """The name without the schema's."""
        return self.name if self.visible else self.name.removeprefix(f"{self.schema}.")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The tables by name as the catalogue spells it; ``namespaces`` are the names that their schemas go by.

    ``functions`` are the functions that the schema defines itself, in lower case.  ``sizes`` say of how many queries
    each view consists, by its name in lower case, views before those that use them.  ``views`` has each view's query,
    or its CREATE VIEW, by its name in ``tables``.  ``facts`` are those of the engine.
    """

    engine: str
    tables: Mapping[str, TableFacts]
    namespaces: frozenset[str] = frozenset({"main", "public"})
    functions: frozenset[str] = frozenset()
    sizes: Mapping[str, int] = field(default_factory=dict)
    views: Mapping[str, str] = field(default_factory=dict)
    facts: EngineFacts = field(init=False, repr=False, compare=False)
    _folded: dict[str, TableFacts] = field(default_factory=dict, init=False, repr=False, compare=False)
    _qualified: dict[tuple[str, str], TableFacts] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", facts_of(self.engine))
        for table in self.tables.values():
            self.sharpen(table)

    def fold_table(self, name: str, *, quoted: bool) -> str:
        """The form of a table name or alias in which two spellings of the same name are equal."""
        return self.facts.fold_table(name, quoted=quoted)

    def fold_column(self, name: str, *, quoted: bool) -> str:
        """The form of a column name in which two spellings of the same name are equal."""
        return self.facts.fold_column(name, quoted=quoted)

    def sharpen(self, view: TableFacts) -> None:
        """Let ``table`` return from now on what a view's query proved; ``tables`` does not change."""
        name = self.fold_table(view.bare_name, quoted=True)
        if view.visible:
            self._folded[name] = view
        if view.schema is not None:
            self._qualified[view.schema, name] = view

    def origin(self, table: str, column: str) -> tuple[str, str] | None:
        """The table and column whose values a view's column has; None for what is no view's."""
        facts = self.tables.get(table)
        found = facts.columns.get(column) if facts is not None else None
        return None if found is None else found.origin

    def table(self, folded_name: str, schema: str | None = None) -> TableFacts | None:
        """The table of that folded name, in the schema of that folded name where one is written; or None."""
        if schema is None:
            return self._folded.get(folded_name)
        if self._qualified:
            return self._qualified.get((schema, folded_name))
        return self._folded.get(folded_name) if schema.lower() in self.namespaces else None


def is_own_table(name: str) -> bool:
    """Whether a table, perhaps with its schema's name before its own, is one that pydb itself writes to."""
    return _OWN_TABLE.search(name) is not None


def without_own_tables(fingerprint: Mapping[str, str]) -> dict[str, str]:
    """A fingerprint without the tables that pydb itself writes to: the journal of migrations, and the keys of once=."""
    return {name: text for name, text in fingerprint.items() if not is_own_table(name)}
