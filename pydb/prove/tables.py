"""Find the tables that all engines have: their catalogues in; each table, with what a row needs on all of them, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from pydb.describe.catalogue import Catalogue, ColumnFacts, TableFacts
from pydb.describe.type_mapping import words_of
from pydb.prove.adverse import AdverseColumn, AdverseTable
from pydb.prove.held_values import Limits, limits_of
from pydb.sqlfile.type_words import word_stored_as

__all__ = ["Table", "TableColumn", "common_tables"]


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table: ``word`` is a type word that fits on every engine, or None.

    ``choices`` are the texts in a type or a constraint; ``only`` is true if no others are allowed.
    ``generated`` columns are read but never written.
    """

    name: str
    word: str | None
    nullable: bool
    limits: Limits
    choices: tuple[str, ...] = ()
    only: bool = False
    generated: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table that all the engines have.  ``references`` are its foreign keys as (columns, table, columns there)."""

    name: str
    columns: tuple[TableColumn, ...]
    key: frozenset[str]
    references: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = ()

    @property
    def written(self) -> list[TableColumn]:
        """The columns that an INSERT names."""
        return [column for column in self.columns if not column.generated]


def common_tables(catalogues: Sequence[Catalogue], adverse: Sequence[Sequence[AdverseTable]]) -> list[Table]:
    """The tables of the first catalogue that the others have too, with their common columns, parents first.

    ``adverse`` are the tables of each engine as ``AdverseValues`` returns them.
    """
    first, *others = catalogues
    named = [{_bare(table.name): table for table in tables} for tables in adverse]
    found = []
    for name, facts in first.tables.items():
        same = [facts, *(table for other in others if (table := _same(other, name)) is not None)]
        if (
            not facts.is_view
            and not facts.special
            and len(same) == len(catalogues)
            and not any(table.is_view for table in same)
        ):
            known = [tables.get(name.rpartition(".")[2].lower()) for tables in named]
            found.append(_table(same, catalogues, known))
    return _parents_first(found)


def _same(catalogue: Catalogue, name: str) -> TableFacts | None:
    return next((table for key, table in catalogue.tables.items() if key.lower() == name.lower()), None)


def _bare(name: str) -> str:
    return name.rpartition(".")[2].strip('"`').lower()


def _table(
    same: Sequence[TableFacts], catalogues: Sequence[Catalogue], adverse: Sequence[AdverseTable | None]
) -> Table:
    first = same[0]
    engines = [catalogue.engine for catalogue in catalogues]
    columns = []
    for name, column in first.columns.items():
        forms = [column, *(found for table in same[1:] if (found := _column_of(table, name)) is not None)]
        if len(forms) == len(same):
            known = [_adverse_column(table, name) for table in adverse]
            words = tuple(_text(word) for table in adverse if table for word in table.words)
            columns.append(_column(name, forms, engines, known, words))
    names = {column.name for column in columns}
    references = sorted(
        (tuple(here), table, _there(there, table, catalogues[0]))
        for here, table, there in first.references
        if names.issuperset(here)
    )
    return Table(first.name, tuple(columns), next(iter(first.keys), frozenset()), tuple(references))


def _there(columns: Sequence[str], table: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The foreign keys; one that names no columns refers to the primary key of its table."""
    parent = _same(catalogue, table)
    if parent is None or all(column in parent.columns for column in columns):
        return tuple(columns)
    return tuple(sorted(next(iter(parent.keys), frozenset())))


def _column_of(table: TableFacts, name: str) -> ColumnFacts | None:
    return next((column for key, column in table.columns.items() if key.lower() == name.lower()), None)


def _adverse_column(table: AdverseTable | None, name: str) -> AdverseColumn | None:
    return next((column for column in table.columns if _bare(column.name) == name.lower()), None) if table else None


def _common(one: set[str], other: set[str]) -> set[str]:
    return one & other if one and other else one or other


def _column(
    name: str,
    forms: Sequence[ColumnFacts],
    engines: Sequence[str],
    adverse: Iterable[AdverseColumn | None],
    words: Sequence[str],
) -> TableColumn:
    fitting = [
        tuple(map(word_stored_as, words_of(form.type, engine))) for form, engine in zip(forms, engines, strict=True)
    ]
    enumerated = [_labels(column) for column in adverse if column is not None]
    labels = reduce(_common, map(set, enumerated), set[str]())
    word = next((word for word in fitting[0] if all(word in others for others in fitting[1:])), None)
    if word is None and not any(fitting):
        word = "str" if labels else _word_of_kinds(forms)
    return TableColumn(
        name=name,
        word=word,
        nullable=all(form.nullable for form in forms),
        limits=limits_of(form.type for form in forms),
        choices=tuple(sorted(labels)) if labels else tuple(dict.fromkeys(words)),
        only=bool(labels),
        generated=any(form.generated for form in forms),
    )


_KINDS = {"int": "int", "num": "Decimal", "text": "str", "bool": "bool", "json": "json", "blob": "bytes"}


def _word_of_kinds(forms: Sequence[ColumnFacts]) -> str | None:
    """The type word of a type that the schema defines over another one, such as a domain."""
    kinds = {form.kind for form in forms}
    return _KINDS.get(kinds.pop() or "") if len(kinds) == 1 else None


def _labels(column: AdverseColumn) -> list[str]:
    """The texts that a type lists; empty for a type that allows other texts."""
    literals = column.literals.plain if column.literals is not None else ()
    texts = [_text(literal) for literal in literals if "'" in literal]
    is_enum = column.type.lower().startswith(("enum", "set")) or any(
        literal.startswith("CAST('") for literal in literals[:1]
    )
    return texts if is_enum else []


def _text(literal: str) -> str:
    inner = literal[literal.index("'") + 1 : literal.rindex("'")]
    return inner.replace("''", "'")


def _parents_first(tables: Sequence[Table]) -> list[Table]:
    """The tables, each after the tables that it refers to, as far as possible."""
    left: dict[str, Table] = {table.name: table for table in tables}
    ordered: list[Table] = []
    while left:
        waiting = [name for name, table in left.items() if not _needs(table, left)]
        ordered += [left.pop(name) for name in waiting or [next(iter(left))]]
    return ordered


def _needs(table: Table, left: Mapping[str, Table]) -> set[str]:
    return {there for _, there, _ in table.references if there in left and there != table.name}
