"""Cut a statement out of its file: a form in; its header, documentation and SQL, with all comments, out."""

from __future__ import annotations

from collections.abc import Sequence

from pydb.sqlfile.definition import Form
from pydb.sqlfile.header import LOOKS_LIKE_HEADER
from pydb.sqlfile.loader import file_text

__all__ = ["statement_text"]


def statement_text(form: Form) -> str:
    """The lines from the header of the form to the end of its SQL, unchanged."""
    lines = file_text(form.file).split("\n")
    first = form.line - 1
    while first > 0 and not LOOKS_LIKE_HEADER.match(lines[first]):
        first -= 1
    return "\n".join(lines[first : _end(lines, form)]).rstrip()


def _end(lines: Sequence[str], form: Form) -> int:
    """The end of the form: alternatives may follow its semicolon."""
    end = form.line - 1 + len(form.sql.split("\n"))
    last = max((line.number for line in form.lines), default=end)
    return min(max(end, last), len(lines))
