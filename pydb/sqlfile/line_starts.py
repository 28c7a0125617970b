"""Turn offsets into lines: a text in, the line and column of any of its characters out.

What walks through a text from its start counts as it goes; what looks up here and there asks here.
"""

from __future__ import annotations

import re
from bisect import bisect

__all__ = ["LineStarts"]

_ENDS = re.compile("\n")


class LineStarts:
    """The lines of a text, of which the first has the number ``first``; a place is found without counting again."""

    def __init__(self, text: str, first: int = 1) -> None:
        self.starts = [0, *(end.end() for end in _ENDS.finditer(text))]
        self.first = first

    def line(self, offset: int) -> int:
        """The number of the line that the character at ``offset`` stands in."""
        return self.first + bisect(self.starts, offset) - 1

    def place(self, offset: int) -> tuple[int, int]:
        """The same, and the column, counted from 1."""
        index = bisect(self.starts, offset) - 1
        return self.first + index, offset - self.starts[index] + 1

    def start(self, line: int) -> int:
        """The offset at which a line begins."""
        return self.starts[line - self.first]
