"""The data classes that describe a .sql file: what the parser has read in; Forms, Definitions and their parts out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydb.sqlfile.nested import Nesting
from pydb.sqlfile.optional_lines import Line, OptionalName
from pydb.sqlfile.row_word import RowWord
from pydb.sqlfile.verbs import CHANGES_ROWS
from pydb.support.python_names import parameter_name


@dataclass(frozen=True, slots=True)
class Placeholder:
    """The place of a parameter in a statement; ``sequence`` is true for ``IN (:name)``.

    ``name`` is the parameter's name in Python; ``keyword`` says that the SQL has it without the ``_`` at its end.
    A sequence replaces its brackets too: the parts around it do not contain them.
    """

    name: str
    sequence: bool = False
    keyword: bool = False


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type in a directive: ``int?`` is ``TypeName("int", nullable=True)``."""

    name: str
    nullable: bool = False

    def __str__(self) -> str:
        return f"{self.name}{'?' * self.nullable}"


@dataclass(frozen=True, slots=True)
class RowTemplate:
    """An ``INSERT … VALUES (…) …`` cut so that the bracket can be repeated, once for each row.

    ``row`` includes the brackets.  A template exists only if repeating is safe: VALUES has one bracket, which contains
    every parameter and no sub-query.  ``key`` has the parameters of an upsert's conflict target: rows that share
    their values must not be in one statement, because PostgreSQL updates a row only once in a statement.
    """

    before: str
    row: tuple[str | Placeholder, ...]
    after: str
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One engine's SQL of a statement.

    ``sql`` is the text as written, from the first line after the documentation to the closing ``;``, and
    ``line`` the line of ``file`` on which it starts.
    ``parts`` are the same text without the ``;``, cut at the parameters: strings of SQL and placeholders.
    ``verb`` is the main verb of the statement, after any WITH: ``SELECT``, ``INSERT``, ``UPDATE``, ``DELETE`` or
    another one.
    ``returning`` says whether it has a RETURNING clause.  ``row_template`` is set if a batch of it can be sent as one
    INSERT of many rows.  ``writes_outside`` says what it writes outside the database, if anything.
    ``fixes_columns`` is true if the text lists the columns, without a ``*`` for those of a table.
    ``nesting`` has the levels of nested rows.
    ``lines`` has the lines of a statement with optional lines; its ``parts`` have all lines that are not comments.
    """

    sql: str
    file: str
    line: int
    parts: tuple[str | Placeholder, ...]
    verb: str
    returning: bool
    row_template: RowTemplate | None = None
    writes_outside: str = ""
    fixes_columns: bool = True
    nesting: Nesting | None = None
    lines: tuple[Line, ...] = ()

    @property
    def changes_rows(self) -> bool:
        """Whether the main verb is one of ``CHANGES_ROWS``."""
        return self.verb in CHANGES_ROWS

    def written(self, parameter: str) -> str:
        """The name that a parameter has in the SQL, from its name in Python: ``from`` for ``from_``."""
        found = (part.keyword for part in self.parts if isinstance(part, Placeholder) and part.name == parameter)
        return parameter[:-1] if parameter.endswith("_") and any(found) else parameter


@dataclass(frozen=True, slots=True)
class Definition:
    """A statement as its .sql files define it.  ``forms`` has an entry for each engine on which it exists.

    Parameters have their names in Python: ``from_`` for ``:from``.  ``optional`` has the names that a call may leave
    out, those of optional lines, in the order of their first use.
    """

    name: str
    row_word: RowWord
    record: str | None
    doc: str
    parameters: tuple[str, ...]
    sequences: frozenset[str]
    parameter_types: Mapping[str, TypeName]
    column_types: Mapping[str, TypeName]
    forms: Mapping[str, Form]
    sql: str
    file: str
    line: int
    optional: Mapping[str, OptionalName] = field(default_factory=dict)

    @property
    def nesting(self) -> Nesting | None:
        """The levels of nested rows in the first form; the paths and records of all forms agree."""
        return next((form.nesting for form in self.forms.values()), None)

    @property
    def records(self) -> tuple[str, ...]:
        """The records that it names: the record of its rows and those of their levels."""
        named = (self.record, *(self.nesting.records if self.nesting else ()))
        return tuple(name for name in named if name and name != "scalar")

    @property
    def bound(self) -> tuple[str, ...]:
        """The parameters that are sent to the database; flags and choices are only used in conditions."""
        return tuple(name for name in self.parameters if name not in self.optional or self.optional[name].is_bound)

    def written(self, parameter: str) -> str:
        """The name that a parameter has in the SQL, from its name in Python."""
        return next((form.written(parameter) for form in self.forms.values()), parameter)

    def parameter(self, key: str) -> str:
        """The name in Python of the parameter that a key names, in Python's way or the SQL's; else the key."""
        name = parameter_name(key)
        return name if name in self.parameters else key
