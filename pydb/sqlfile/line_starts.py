"""Find the line of an offset: a text in, the line and column of any of its characters out.

This is for code that looks up offsets in any order; code that reads a text from start to end counts its lines itself.
"""

from __future__ import annotations

import re
from bisect import bisect

__all__ = ["LineStarts"]

_ENDS = re.compile("\n")


class LineStarts:
    """The lines of a text, numbered from ``first``; a lookup does not read the text again."""

    def __init__(self, text: str, first: int = 1) -> None:
        self.starts = [0, *[end.end() for end in _ENDS.finditer(text)]]
        self.first = first

    def line(self, offset: int) -> int:
        """The number of the line that contains the character at ``offset``."""
        return self.first + bisect(self.starts, offset) - 1

    def place(self, offset: int) -> tuple[int, int]:
        """The number of the line that contains the character at ``offset``, and its column, counted from 1."""
        index = bisect(self.starts, offset) - 1
        return self.first + index, offset - self.starts[index] + 1

    def start(self, line: int) -> int:
        """The offset at which a line begins."""
        return self.starts[line - self.first]
