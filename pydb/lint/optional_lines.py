"""Optional lines in lint: a statement with marks in; where they stand, and what only its variants show, out."""

from __future__ import annotations

from collections.abc import Iterator

from pydb.errors import ParameterError
from pydb.lint.own_rules import own_violations
from pydb.sqlfile.definition import Form
from pydb.sqlfile.lexer import tokenize
from pydb.sqlfile.line_starts import LineStarts
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import Parsed
from pydb.sqlfile.variants import chosen, variant

__all__ = ["marked_lines", "variant_violations"]


def marked_lines(form: Form) -> frozenset[int]:
    """The numbers of the lines that end in a mark."""
    return frozenset(line.number for line in form.lines if line.condition)


def variant_violations(parsed: Parsed, engine: str | None) -> Iterator[tuple[str, int, str]]:
    """What pydb's own rules find in the variants, each once, as (code, line in the file, message)."""
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
