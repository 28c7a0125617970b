"""The results of describing: a DescribedStatement with its columns and parameters, or the engine's Refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pydb.describe.analysis.statement_analysis import Analysis
from pydb.sqlfile.definition import Definition, Form, Placeholder
from pydb.sqlfile.line_starts import LineStarts
from pydb.sqlfile.nested import Level

__all__ = [
    *(
        "DescribedColumn",
        "DescribedLevel",
        "DescribedParameter",
        "DescribedStatement",
        "LevelProblem",
        "Refusal",
        "Traits",
        "parameter_places",
        "place_of",
    ),
]


@dataclass(frozen=True, slots=True)
class DescribedColumn:
    """A result column.

    ``type`` is the engine's name of the type, None if it has none.  ``words`` are the Python types that fit, as
    ``@column`` spells them, the likeliest first; empty if any type may fit.  ``certain`` says that ``@column`` or the
    analysis has decided ``nullable``; if not, the column counts as nullable because nothing is known.
    ``unless_infinite`` says that it is NULL only if a computation meets infinities: ``Inf - Inf`` is NULL on SQLite.
    ``unless_none`` says that it is NULL only if a parameter is None: one that may be None, or whose type is unknown.
    ``said`` is the type that the project declares for the table's column, if any.
    """

    name: str
    type: str | None
    words: tuple[str, ...]
    nullable: bool
    table: str | None = None
    column: str | None = None
    certain: bool = True
    unless_infinite: bool = False
    unless_none: bool = False
    said: str | None = None


@dataclass(frozen=True, slots=True)
class DescribedParameter:
    """A parameter: ``types`` are the engine types that its places require; ``words`` are as for a column.

    ``certain`` is false if the only evidence for a text is a place that converts any value to text.  ``declared`` is
    the type that ``@param`` declares.  ``said`` is the type that the project declares for the columns that it is stored
    in or compared with.
    """

    name: str
    types: tuple[str, ...]
    words: tuple[str, ...]
    nullable: bool
    sequence: bool = False
    certain: bool = True
    declared: str | None = None
    said: str | None = None

    @property
    def word(self) -> str | None:
        """The type word of its values; None if it is unknown."""
        return self.declared or (self.words[0] if self.words else None)


@dataclass(frozen=True, slots=True)
class DescribedLevel:
    """A level of nested rows; ``level`` is None for the root.

    ``fields`` has the numbers of its columns, by the names of the fields.  The column of a json level is among those of
    its parent.  ``key`` has the numbers of the key's columns.  ``absent`` says that the level may be absent although
    its parent is present.
    """

    level: Level | None
    fields: Mapping[str, int]
    key: tuple[int, ...]
    absent: bool = False

    @property
    def path(self) -> str:
        """The path of the level; an empty string for the root."""
        return self.level.path if self.level is not None else ""


@dataclass(frozen=True, slots=True)
class LevelProblem:
    """A problem with the key of a level of nested rows; ``checked`` is false if the key could not be checked.

    ``loses_rows`` says that the key does not identify the rows of its level.  If it is false, the key may be NULL.
    """

    message: str
    hint: str
    loses_rows: bool
    checked: bool = True


@dataclass(frozen=True, slots=True)
class Traits:
    """What the syntax tree of a statement shows besides its columns and parameters.

    ``at_most_one``: the statement certainly returns or changes at most one row, or one root of nested rows.
    ``ordered``: the order of its rows is total.  ``arbitrary_limit``: a LIMIT chooses among rows whose order is not
    total.  ``table`` is the table that it writes, in lower case.  ``key`` are the columns of that table's key that it
    compares with parameters of the same names.  ``inserts`` has the tables of its INSERTs, each with its list of
    columns, in lower case.  ``counting`` are the parameters of LIMIT and OFFSET.  ``objects`` has, by the label of each
    json level, the values of its objects by their keys; None if they are unknown.
    """

    at_most_one: bool = False
    ordered: bool = False
    arbitrary_limit: bool = False
    table: str | None = None
    key: frozenset[str] = frozenset()
    inserts: tuple[tuple[str, frozenset[str]], ...] = ()
    counting: frozenset[str] = frozenset()
    level_problems: tuple[LevelProblem, ...] = ()
    objects: Mapping[str, Mapping[str, DescribedColumn] | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DescribedStatement:
    """One form of a statement, as its engine and the schema describe it; nothing was run.

    ``columns`` is empty for a statement that returns no rows.  ``levels`` are the levels of nested rows, the root
    first.  A column of a level is nullable if it may be NULL although its level is present.

    For a statement with optional lines, ``variants`` has the described variants, by the arguments that select them
    (``statuses,order=oldest``).  The other fields are true of every call, but ``traits`` are those of the first
    variant.  ``uneven`` says that the variants return different columns; ``columns`` then has the columns of all
    variants, by name.  ``analysis`` is the analysis of the statement's text, if the caller asked to keep it.
    """

    definition: Definition
    engine: str
    form: Form
    columns: tuple[DescribedColumn, ...]
    parameters: Mapping[str, DescribedParameter]
    traits: Traits
    variants: Mapping[str, DescribedStatement] = field(default_factory=dict)
    uneven: bool = False
    levels: tuple[DescribedLevel, ...] = ()
    analysis: Analysis | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The engine refuses a form: its message, and the place; lines and columns are counted from 1.

    ``shown_by`` is the key of the first refused variant; None if the engine refuses all variants for the same reason.
    ``others`` are the further refusals of a statement with optional lines.
    """

    definition: Definition
    engine: str
    form: Form
    message: str
    line: int
    column: int | None
    shown_by: str | None = None
    others: tuple[Refusal, ...] = ()


def place_of(form: Form, offset: int | None) -> tuple[int, int | None]:
    """The line in the file, and the column, of a character of the SQL ``as_written``.

    Without an offset, it is the first line of the SQL, and no column.
    """
    if offset is None:
        return form.line, None
    for part, written, sent, end in _written(form):
        if offset < end:
            index = written + (offset - sent if isinstance(part, str) else 0)
            return LineStarts(form.sql, form.line).place(index)
    return LineStarts(form.sql, form.line).place(max(len(form.sql) - 1, 0))


def parameter_places(form: Form) -> dict[str, tuple[int, int]]:
    """The line and column of each parameter's first occurrence."""
    lines = LineStarts(form.sql, form.line)
    places: dict[str, tuple[int, int]] = {}
    for part, written, _, _ in _written(form):
        if isinstance(part, Placeholder) and part.name not in places:
            places[part.name] = lines.place(written)
    return places


def _written(form: Form) -> Iterator[tuple[str | Placeholder, int, int, int]]:
    """Each part, with its position in the form's SQL, and its start and end in the SQL ``as_written``."""
    written, sent = 0, 0
    for part in form.parts:
        if isinstance(part, str):
            start = max(form.sql.find(part, written), written)
            yield part, start, sent, sent + len(part)
            written, sent = start + len(part), sent + len(part)
        else:
            end = sent + len(part.name) + (3 if part.sequence else 1)
            yield part, written, sent, end
            # The brackets of a list may be in the SQL or added by pydb, so the next part is searched for.
            written, sent = written + len(part.name), end
