"""The classes for a database's catalogue: what an engine reads in, a Catalogue of tables, columns and keys out."""

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

    ``type`` is the engine's own spelling, in lower case.  ``kind`` is the kind of values that the engine guarantees
    (``int num real text blob bool temporal json other``), or None if it guarantees none.  ``magnitude`` is the largest
    absolute value that the schema allows, or None if it sets no finite limit.  ``origin`` is, for a column of a view,
    the table and column from which the values come.  ``optional`` says that an INSERT may omit the column and still
    store a value.
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

    ``schema`` is the name of its schema, if the engine has several.  ``visible`` says that SQL can name it without the
    schema; ``name`` is then the bare name, else ``schema.table``.  ``keys`` are the sets of columns that are unique.
    ``references`` are its foreign keys, each as (columns, referenced table, referenced columns).  ``constraints`` are
    the names of its UNIQUE, FOREIGN KEY and CHECK constraints.
    ``special`` is ``sequence``, ``partition`` or ``extension`` for what the engine lists as a table, and other engines
    need not have.
    """

    name: str
    columns: Mapping[str, ColumnFacts]
    keys: tuple[frozenset[str], ...] = ()
    is_view: bool = False
    references: frozenset[Reference] = frozenset()
    constraints: frozenset[str] = frozenset()
    schema: str | None = None
    visible: bool = True
    special: str = ""

    @property
    def bare_name(self) -> str:
        """The name without the schema's name."""
        return self.name if self.visible else self.name.removeprefix(f"{self.schema}.")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The tables and views of a database, by the names that the database reports.

    ``namespaces`` are the schema names that may be written before a table's name.  ``functions`` are the names of the
    functions that the schema defines, in lower case.  ``sizes`` has the number of queries that each view expands to, by
    its name in lower case; a view comes before the views that use it.  ``views`` has each view's query, or its CREATE
    VIEW, by its name in ``tables``.  ``facts`` are the facts of the engine.
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
        """The folded form of a table name or alias: two spellings of the same name have the same folded form."""
        return self.facts.fold_table(name, quoted=quoted)

    def fold_column(self, name: str, *, quoted: bool) -> str:
        """The folded form of a column name: two spellings of the same name have the same folded form."""
        return self.facts.fold_column(name, quoted=quoted)

    def sharpen(self, view: TableFacts) -> None:
        """Make ``table`` return this view, with what its query proves, from now on; ``tables`` does not change."""
        name = self.fold_table(view.bare_name, quoted=True)
        if view.visible:
            self._folded[name] = view
        if view.schema is not None:
            self._qualified[view.schema, name] = view

    def origin(self, table: str, column: str) -> tuple[str, str] | None:
        """The table and column from which a view's column gets its values; None for any other column."""
        facts = self.tables.get(table)
        found = facts.columns.get(column) if facts is not None else None
        return None if found is None else found.origin

    def table(self, folded_name: str, schema: str | None = None) -> TableFacts | None:
        """The table of that folded name, or None; ``schema`` is the folded name of the schema, if the SQL names one."""
        if schema is None:
            return self._folded.get(folded_name)
        if self._qualified:
            return self._qualified.get((schema, folded_name))
        return self._folded.get(folded_name) if schema.lower() in self.namespaces else None


def is_own_table(name: str) -> bool:
    """Whether a table is one that pydb itself writes to; ``name`` may begin with a schema's name."""
    return _OWN_TABLE.search(name) is not None


def without_own_tables(fingerprint: Mapping[str, str]) -> dict[str, str]:
    """A fingerprint without pydb's own tables: the journal of migrations, and the keys of ``once=``."""
    return {name: text for name, text in fingerprint.items() if not is_own_table(name)}
