"""The nouns that describing gives: DescribedStatement, its columns and parameters, or the engine's Refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydb.describe.nullability import Analysis
from pydb.statement import Definition, Form

__all__ = ["DescribedColumn", "DescribedParameter", "DescribedStatement", "Refusal", "place_of"]


@dataclass(frozen=True, slots=True)
class DescribedColumn:
    """A result column.

    ``type`` is the engine's spelling, None where it has none; ``words`` are the Python types that fit, as
    ``@column`` spells them, the likeliest first, none where any may.  ``certain`` says that ``nullable`` was
    settled by ``@column`` or by the analysis; otherwise it is nullable for want of knowledge.
    ``unless_infinite`` says that it is NULL only where infinities meet: ``Inf - Inf`` is NULL on SQLite.
    """

    name: str
    type: str | None
    words: tuple[str, ...]
    nullable: bool
    table: str | None = None
    column: str | None = None
    certain: bool = True
    unless_infinite: bool = False


@dataclass(frozen=True, slots=True)
class DescribedParameter:
    """A parameter: ``types`` are the engine types that its places ask for; ``words`` as for a column.

    Not ``certain`` is a text that stands where anything is made a text.
    """

    name: str
    types: tuple[str, ...]
    words: tuple[str, ...]
    nullable: bool
    sequence: bool = False
    certain: bool = True


@dataclass(frozen=True, slots=True)
class DescribedStatement:
    """One form of a statement, as its engine and the schema describe it; nothing was run.

    ``columns`` is empty for a statement that gives no rows.  ``analysis`` is the walk over its tree.
    """

    definition: Definition
    engine: str
    form: Form
    columns: tuple[DescribedColumn, ...]
    parameters: Mapping[str, DescribedParameter]
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Refusal:
    """The engine refuses a form: in its own words, and where, lines and columns counted from 1."""

    definition: Definition
    engine: str
    form: Form
    message: str
    line: int
    column: int | None


def place_of(form: Form, offset: int | None) -> tuple[int, int | None]:
    """The line in the file, and the column, of a character of ``source_text(form.pieces)``.

    Without an offset, the SQL's first line and no column.
    """
    if offset is None:
        return form.line, None
    written, sent = 0, 0
    for piece in form.pieces:
        if isinstance(piece, str):
            start = max(form.sql.find(piece, written), written)
            if offset < sent + len(piece):
                return _line_and_column(form, start + offset - sent)
            written, sent = start + len(piece), sent + len(piece)
        else:
            length = len(piece.name) + (3 if piece.sequence else 1)
            if offset < sent + length:
                return _line_and_column(form, written)
            # Where the brackets of a list stand depends on who wrote them: the next piece is searched for.
            written, sent = written + len(piece.name), sent + length
    return _line_and_column(form, len(form.sql) - 1)


def _line_and_column(form: Form, index: int) -> tuple[int, int]:
    before = form.sql[: max(index, 0)]
    return form.line + before.count("\n"), len(before) - (before.rfind("\n") + 1) + 1
