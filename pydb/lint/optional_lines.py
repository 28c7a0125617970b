"""Lint optional lines: a statement with marks in, the findings about its variants and false alarms of sqlfluff out."""

from __future__ import annotations

from collections.abc import Iterator

from pydb.errors import ParameterError
from pydb.lint.own_rules import own_violations
from pydb.lint.sqlfluff_style import INDENT, TERMINATOR
from pydb.sqlfile.definition import Form
from pydb.sqlfile.lexer import tokenize
from pydb.sqlfile.line_starts import LineStarts
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import Parsed
from pydb.sqlfile.variants import chosen, variant

__all__ = ["is_false_alarm", "is_marked", "variant_violations"]


def is_marked(form: Form, number: int) -> bool:
    """Whether the line of that number ends in a mark."""
    return any(line.number == number and line.condition for line in form.lines)


def is_false_alarm(form: Form, code: str, number: int) -> bool:
    """Whether sqlfluff's finding in that line cannot be avoided in a statement with optional lines.

    A ``;`` on its own line stays if the line above it is left out.  An optional OFFSET has its own line, and so has
    its LIMIT.
    """
    here = [line for line in form.lines if line.number == number]
    if code == TERMINATOR:
        return any(line.guard for line in here)
    optional_offset = any(line.guard and line.first == "OFFSET" for line in form.lines)
    return code == INDENT and optional_offset and any(line.first in ("LIMIT", "OFFSET") for line in here)


def variant_violations(parsed: Parsed, engine: str | None) -> Iterator[tuple[str, int, str]]:
    """The findings of pydb's own rules in the variants, each once, as (code, line in the file, message)."""
    definition = definition_of({engine: parsed})
    found: dict[tuple[str, int, str], None] = {}
    for key in chosen(definition):
        try:
            one = variant(definition, next(iter(definition.forms)), key, keep_lines=True)
        except ParameterError:
            continue
        lines = LineStarts(one.sql, parsed.form.line)
        for code, offset, message in own_violations(tokenize(one.sql, next(iter(one.forms))), parsed.notes.doc):
            found[code, lines.line(offset), message] = None
    yield from found
