"""Show a place in a line of SQL: the line and a column in; the line, with a ``^`` under that place, out.

The file is not trusted, so the line is escaped: it can neither control a terminal nor begin a new record in a log.
"""

from __future__ import annotations

from unicodedata import category, east_asian_width

from pydb.support.escapes import escape_of, escaped

__all__ = ["pointed"]

INDENT = "    "
WIDTH = 100
"""The maximum width of the line, in columns of a terminal; a longer line is cut on both sides of the place."""
BEFORE = 60
"""The number of these columns before the place, in a line that is cut."""
TAB = 4


def pointed(line: str, column: int | None) -> str:
    """The line, indented, and below it a ``^`` under the character at ``column``, counted from 1 in characters.

    Without a column there is no ``^``.  A column after the end of the line is the place directly after it.
    """
    line = line.rstrip()
    place = len(line) if column is None else min(column - 1, len(line))
    place = len(line[:place].expandtabs(TAB))
    line = line.expandtabs(TAB)
    left = min(len(line) - len(line.lstrip()), place)
    cells = _cells(line[left:])
    at = place - left if column is not None else 0
    start, end = _window(cells, at)
    before = "…" * (start > 0)
    shown = f"{INDENT}{before}{''.join(cells[start:end])}{'…' * (end < len(cells))}"
    if column is None:
        return shown
    return f"{shown}\n{INDENT}{' ' * (len(before) + sum(map(_width, cells[start:at])))}^"


def _cells(line: str) -> list[str]:
    """The characters of the line as they are displayed: each is unchanged, or its escape."""
    displayed, position, cells = escaped(line), 0, []
    for character in line:
        length = 1 if displayed[position] == character else len(escape_of(character))
        cells.append(displayed[position : position + length])
        position += length
    return cells


def _window(cells: list[str], at: int) -> tuple[int, int]:
    """The first and the last cell, exclusive, that are displayed."""
    widths = [*map(_width, cells)]
    if sum(widths) <= WIDTH:
        return 0, len(cells)
    start, end = at, at
    used = 0
    while start > 0 and used + widths[start - 1] <= BEFORE:
        start -= 1
        used += widths[start]
    while end < len(cells) and used + widths[end] <= WIDTH:
        used += widths[end]
        end += 1
    return start, end


def _width(text: str) -> int:
    """The columns of a terminal that a text needs: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(0 if category(one) in ("Mn", "Me") else 2 if east_asian_width(one) in "WF" else 1 for one in text)
