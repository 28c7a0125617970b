"""The place of a text in the .sql files: an offset in it in; an error with file, line, column and statement out."""

from __future__ import annotations

from typing import NamedTuple

from pydb.errors import SqlFileError

__all__ = ["NOWHERE", "Site"]


class Site(NamedTuple):
    """The place of ``text``: its file, the line and column at which it starts, and the name of its statement.

    ``whole`` is the text of the whole file, or empty if it is not known.
    """

    file: str
    line: int
    text: str = ""
    name: str | None = None
    column: int = 1
    whole: str = ""

    def error(self, message: str, hint: str, *, at: int | None = None) -> SqlFileError:
        """An error at the offset ``at`` of the text; without an offset, at the line in which the text starts."""
        line, column = self._place(at or 0)
        source = self.whole.split("\n", line)[line - 1] if self.whole else None
        return SqlFileError(
            message,
            statement_name=self.name,
            file=self.file,
            line=line,
            hint=hint,
            column=column if at is not None and self.whole else None,
            source=source,
        )

    def rest(self, offset: int) -> Site:
        """The site of the text from ``offset`` on."""
        line, column = self._place(offset)
        return self._replace(line=line, column=column, text=self.text[offset:])

    def _place(self, offset: int) -> tuple[int, int]:
        start = self.text.rfind("\n", 0, offset) + 1
        line = self.line + self.text.count("\n", 0, offset)
        return line, offset - start + (1 if start else self.column)


NOWHERE = Site("", 1)
"""The site of a text that is not in a .sql file."""
