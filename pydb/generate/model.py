"""The classes for the model of a typed package: what ``build`` has found in; records, functions and modules out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydb.sqlfile.optional_lines import NameKind, OptionalName
from pydb.sqlfile.row_word import RowWord

__all__ = ["ANY", "Function", "Module", "Package", "Record", "TypeSpec"]


ANY = "any"
"""The type word of an unknown type."""


@dataclass(frozen=True, slots=True)
class TypeSpec:
    """A Python type as a type word of a directive (``int``, ``json``, ``app.types.Role``), and whether it allows None.

    For a level of nested rows, the word is the name of its record.  ``shape`` then says whether the field has one
    record or a tuple of records.
    """

    word: str
    nullable: bool = False
    shape: Literal["value", "record", "tuple"] = "value"

    def __str__(self) -> str:
        return f"{self.word}{'?' if self.nullable else ''}"


@dataclass(frozen=True, slots=True)
class Function:
    """A statement as a function: ``name`` is its last part, ``statement`` its full name.

    ``record`` is a record's name, ``"scalar"`` or None.  ``columns`` are the types of a row's columns; empty if the
    statement returns no rows.  ``parameters`` are in the order of the SQL; ``sequences`` are the parameters in ``IN
    (…)``.  ``key`` are the parameters that a method fills from the record's fields.  ``found`` has the types that the
    SQL does not declare: ``parameters`` and ``columns``, each by name.  ``optional`` are the parameters that a call may
    leave out, by name.  ``uneven`` says that the columns of a row depend on the call.
    """

    name: str
    statement: str
    doc: str
    row_word: RowWord
    record: str | None
    columns: tuple[TypeSpec, ...]
    parameters: tuple[tuple[str, TypeSpec], ...]
    sequences: frozenset[str] = frozenset()
    key: frozenset[str] = frozenset()
    found: Mapping[str, Mapping[str, TypeSpec]] = field(default_factory=dict)
    optional: Mapping[str, OptionalName] = field(default_factory=dict)
    uneven: bool = False

    @property
    def choices(self) -> tuple[OptionalName, ...]:
        """The parameters that are choices: each accepts one of a few words."""
        return tuple(item for item in self.optional.values() if item.kind is NameKind.CHOICE)


@dataclass(frozen=True, slots=True)
class Record:
    """A record class; ``bases`` are dotted names.  ``by_hand_in`` is the application's module that defines it."""

    name: str
    doc: str
    fields: tuple[tuple[str, TypeSpec], ...]
    factories: tuple[Function, ...] = ()
    methods: tuple[Function, ...] = ()
    bases: tuple[str, ...] = ()
    by_hand_in: str | None = None


@dataclass(frozen=True, slots=True)
class Module:
    """The functions of one .sql file; ``parts`` are the names of its folders, and its own name."""

    parts: tuple[str, ...]
    doc: str
    functions: tuple[Function, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """The whole package: ``name`` is dotted; ``sql`` is the SQL's folder or file, relative to the package's folder.

    ``own`` are the top-level names of the project's modules, which are imported in a separate group.
    ``asynchronous`` says that the package also has asynchronous functions.
    """

    name: str
    sql: str
    records: tuple[Record, ...]
    modules: tuple[Module, ...]
    own: frozenset[str] = frozenset()
    asynchronous: bool = False
