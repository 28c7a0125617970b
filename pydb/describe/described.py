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

    ``type`` is the engine's spelling, None where it has none; ``words`` are the Python types that fit, as
    ``@column`` spells them, the likeliest first, none where any may.  ``certain`` says that ``nullable`` was
    settled by ``@column`` or by the analysis; if not, it counts as nullable because nothing is known.
    ``unless_infinite`` says that it is NULL only where infinities meet: ``Inf - Inf`` is NULL on SQLite.
    ``unless_none`` says that it is NULL only where a parameter is None that may be None, or whose type is not known.
    ``said`` is the type that the project says of the table's column, if any.
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
    """A parameter: ``types`` are the engine types that its places ask for; ``words`` as for a column.

    A text is not ``certain`` if its place converts any value to a text.  ``declared`` is what ``@param`` says,
    and ``said`` what the project says of the columns that it meets.
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
        """The type word of its values, where it is known."""
        return self.declared or (self.words[0] if self.words else None)


@dataclass(frozen=True, slots=True)
class DescribedLevel:
    """A level of nested rows; ``level`` is None for the root.

    ``fields`` are the numbers of its columns by their fields' names, a json level's column among those of its parent;
    ``key`` are numbers too.  ``absent`` says that it may be absent where its parent is there.
    """

    level: Level | None
    fields: Mapping[str, int]
    key: tuple[int, ...]
    absent: bool = False

    @property
    def path(self) -> str:
        """Its path; that of the root is empty."""
        return self.level.path if self.level is not None else ""


@dataclass(frozen=True, slots=True)
class LevelProblem:
    """What is wrong with the key of a level of nested rows, or that it could not be ``checked``.

    ``loses_rows`` says that the key does not identify the rows of its level; a key may also be NULL.
    """

    message: str
    hint: str
    loses_rows: bool
    checked: bool = True


@dataclass(frozen=True, slots=True)
class Traits:
    """What the syntax tree of a statement says besides its columns and parameters.

    ``at_most_one`` says that it is certain that it gives or changes one row at most, or one root of nested rows;
    ``ordered`` that its rows come in one order only, ``arbitrary_limit`` that a LIMIT chooses among rows whose order is
    not total.  ``table`` is the table that it writes, in lower case; ``key`` are the columns of that table's key that
    it compares with parameters of their names.  ``inserts`` are the tables of its INSERTs, each with the columns of
    its list, in lower case.  ``counting`` are the parameters that LIMIT or OFFSET counts with.
    ``objects`` are the values by their keys of the objects in each json level, by the level's label; None where that
    is unknown.
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

    ``columns`` is empty for a statement that gives no rows.  ``levels`` are those of nested rows, the root first, whose
    columns are nullable given that their level is there.

    Of a statement with optional lines, ``variants`` are those that were described, by what calls them
    (``statuses,order=oldest``); the rest is what holds of every call, and ``traits`` are those of the first variant.
    ``uneven`` says that they give different columns; ``columns`` are then those of any, by name.
    ``analysis`` is the walk over the tree of one text, where it was asked for.
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
    """The engine refuses a form: in its own words, and where, lines and columns counted from 1.

    ``shown_by`` is the first variant that it refuses, by its key, None if it refuses all of them for the same reason.
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

    Without an offset, the SQL's first line and no column.
    """
    if offset is None:
        return form.line, None
    for part, written, sent, end in _written(form):
        if offset < end:
            index = written + (offset - sent if isinstance(part, str) else 0)
            return LineStarts(form.sql, form.line).place(index)
    return LineStarts(form.sql, form.line).place(max(len(form.sql) - 1, 0))


def parameter_places(form: Form) -> dict[str, tuple[int, int]]:
    """The line and column where each parameter first appears."""
    lines = LineStarts(form.sql, form.line)
    places: dict[str, tuple[int, int]] = {}
    for part, written, _, _ in _written(form):
        if isinstance(part, Placeholder) and part.name not in places:
            places[part.name] = lines.place(written)
    return places


def _written(form: Form) -> Iterator[tuple[str | Placeholder, int, int, int]]:
    """Each part, its position in the form's SQL, and its start and end in the SQL ``as_written``."""
    written, sent = 0, 0
    for part in form.parts:
        if isinstance(part, str):
            start = max(form.sql.find(part, written), written)
            yield part, start, sent, sent + len(part)
            written, sent = start + len(part), sent + len(part)
        else:
            end = sent + len(part.name) + (3 if part.sequence else 1)
            yield part, written, sent, end
            # Where the brackets of a list stand depends on who wrote them: the next part is searched for.
            written, sent = written + len(part.name), end
