"""Read the optional lines of one statement: its tokens and marks in; its lines and optional names out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from pydb.sqlfile.changes import parts_of, refuse_change_of_all
from pydb.sqlfile.definition import TypeName
from pydb.sqlfile.guards import domains
from pydb.sqlfile.lexer import Tokenization
from pydb.sqlfile.line_rules import MarkedText, in_one_alternative, refuse_torn
from pydb.sqlfile.lost_names import refuse_lost_names
from pydb.sqlfile.marks import Mark
from pydb.sqlfile.optional_lines import COMMA_GOES_BEFORE, Line, OptionalName
from pydb.sqlfile.optional_names import optional_names
from pydb.sqlfile.seams import first_word, refuse_seams
from pydb.sqlfile.site import Site
from pydb.sqlfile.source_lines import SourceLine, source_lines
from pydb.sqlfile.syntax import Syntax
from pydb.sqlfile.tokens import TokenList
from pydb.sqlfile.verbs import CHANGES_ROWS

__all__ = ["Marked", "read_marked"]

_NO_PARTS: frozenset[str] = frozenset()
_new = tuple.__new__


class Marked(NamedTuple):
    """The lines of a marked statement, the names that a call may leave out, and all its names in order."""

    lines: tuple[Line, ...]
    optional: Mapping[str, OptionalName]
    names: tuple[str, ...]


def read_marked(
    tokenization: Tokenization,
    code: TokenList,
    marks: Sequence[Mark],
    types: Mapping[str, TypeName],
    verb: str,
    syntaxes: tuple[Syntax, ...],
    read: Callable[[Site], TokenList],
    refuse: Callable[[TokenList], None],
) -> Marked:
    """The optional lines of the statement whose tokens, without the ``;``, are ``code``.

    ``types`` are those that ``@param`` declares, by names in Python.  ``read`` returns the tokens of a site's text.
    ``refuse`` refuses what no statement may contain; it is called with each alternative in the place of its lines.
    Raises SqlFileError.
    """
    site = code.site
    alternatives = {mark.start: read(_alone(mark, site)) for mark in marks if mark.alternative is not None}
    for own in alternatives.values():
        if ";" in own.words:
            raise own.error(
                own.words.index(";"), "an alternative contains a ;", "remove it: the ; of the line above is kept"
            )
    lines = source_lines(code, tokenization.comments, marks, alternatives)
    end = tokenization.code[-1].start
    for i, line in enumerate(lines):
        if line.alternative and not any(in_one_alternative(line, other) for other in lines[line.place : i]):
            refuse(read(_in_place(lines, line, site, end)))
    names = optional_names(lines, types, site)
    changes = verb in CHANGES_ROWS
    text = MarkedText(code, lines, domains(names))
    refuse_torn(text)
    refuse_seams(text, syntaxes, empties=changes)
    refuse_lost_names(text)
    parts = [frozenset(parts_of(text, line, verb)) for line in lines] if changes else repeat(_NO_PARTS)
    made = tuple(map(_line, lines, repeat(site.text), repeat(end), parts))
    refuse_change_of_all(made, verb, site)
    order = dict.fromkeys([name for line in lines if line.binds or line.mark for name in (*line.binds, *_tested(line))])
    return Marked(made, names, tuple(order))


def _blank(text: str) -> str:
    """The text with each character except line ends replaced by a space, so that offsets after it do not change."""
    return "\n".join([" " * len(line) for line in text.split("\n")])


def _alone(mark: Mark, site: Site) -> Site:
    """The SQL of an alternative, at its offset in the statement's text."""
    start = mark.alternative or 0
    return site._replace(text=_blank(site.text[:start]) + site.text[start : mark.start])


def _in_place(lines: Sequence[SourceLine], line: SourceLine, site: Site, end: int) -> Site:
    """The statement's text with an alternative in the place of its lines; the ``;`` is at the offset ``end``."""
    last = next(k for k in range(line.place, len(lines)) if lines[k].alternative) - 1
    parts = [(other.start, other.mark.alternative) for other in lines if other.mark and in_one_alternative(line, other)]
    text = f"{site.text[:end]} {site.text[end + 1 :]}"
    for start, stop in ((lines[line.place].start, lines[last].end), *parts):
        text = text[:start] + _blank(text[start:stop]) + text[stop:]
    return site._replace(text=text)


def _tested(line: SourceLine) -> tuple[str, ...]:
    return tuple([condition.name for condition in line.mark.conditions]) if line.mark else ()


def _line(line: SourceLine, text: str, end: int, parts: frozenset[str]) -> Line:
    """The line without its mark; ``end`` is the offset of the ``;``, which is not part of any line."""
    code, mark, start = line.code, line.mark, line.start
    if mark is None:
        sql = text[start : end if start <= end < line.end else line.end]
    elif mark.alternative is None:
        sql = text[start : mark.start]
        if start <= end < mark.start:
            sql = f"{text[start:end]} {text[end + 1 : mark.start].lstrip()}"
    else:
        # The SQL starts where the dashes were, without the space after them.
        sql = text[start : mark.alternative - 2] + text[mark.alternative : mark.start].removeprefix(" ")
    sql = sql.rstrip()
    condition, first, comma = mark.written if mark else "", "", -1
    if line.span:
        first = code.words[line.first]
        if first in COMMA_GOES_BEFORE:
            first = first_word(code, line.first)
        if code.words[line.last] == ",":
            comma = _comma(line, sql)
    # The named tuple's constructor is avoided, because it takes longer.
    return _new(
        Line, (line.number, sql + "\n", line.guard, condition, line.binds, first, comma, line.alternative, parts)
    )


def _comma(line: SourceLine, sql: str) -> int:
    """The offset in its text of the comma at the end of a line's SQL."""
    return sql.rindex(",") if line.alternative else line.code.tokens[line.last].start - line.start
