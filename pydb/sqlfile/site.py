"""Where a text stands in the .sql files: an offset in it in, an error with its file, line and statement out."""

from __future__ import annotations

from typing import NamedTuple

from pydb.errors import SqlFileError
from pydb.sqlfile.line_starts import LineStarts

__all__ = ["NOWHERE", "Site"]


class Site(NamedTuple):
    """The file, the line at which ``text`` starts in it, and the name of the statement that it belongs to."""

    file: str
    line: int
    text: str = ""
    name: str | None = None

    def error(self, message: str, hint: str, *, at: int = 0) -> SqlFileError:
        """An error at the offset ``at`` of the text."""
        line = LineStarts(self.text, self.line).line(at)
        return SqlFileError(message, statement_name=self.name, file=self.file, line=line, hint=hint)


NOWHERE = Site("", 1)
"""The site of a text that is in no .sql file."""
