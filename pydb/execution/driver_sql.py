"""A form's parts in, the text and the order of parameters that a driver's cursor takes out.

What it makes is what Core makes of the same form's ``text()``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydb.sqlfile.definition import Placeholder

__all__ = ["MARKS", "DriverSql", "escaped"]

MARKS: Mapping[str, str] = {"qmark": "?", "format": "%s", "pyformat": "%s"}
"""What stands for a parameter, by the driver's ``paramstyle``; drivers of other styles take the ordinary road."""


class DriverSql:
    """The text of the statement ``name``, its name before it as a comment, for a driver of that ``paramstyle``.

    ``order`` is the names of its marks from left to right, ``lists`` those that are lists for ``IN``; ``named`` says
    that the driver takes a mapping instead.  ``sql`` is the text when there are no lists.
    """

    def __init__(self, name: str, parts: Sequence[str | Placeholder], paramstyle: str) -> None:
        self._parts = (f"/* {name} */ ", *parts)
        self._mark = MARKS[paramstyle]
        self._paramstyle = paramstyle
        placeholders = [part for part in parts if isinstance(part, Placeholder)]
        self.order = tuple(part.name for part in placeholders)
        self.lists = tuple(dict.fromkeys(part.name for part in placeholders if part.sequence))
        # A parameter that stands twice is one parameter to PostgreSQL: of one type, and equal to itself in GROUP BY.
        self.named = paramstyle == "pyformat" and len(set(self.order)) < len(self.order)
        self.sql = self.text((0,) * len(self.lists))

    def text(self, sizes: tuple[int, ...]) -> str:
        """The text when the lists have so many values, in the order of ``lists``."""
        return "".join(self._spelled(dict(zip(self.lists, sizes, strict=True)), self.named))

    def shown(self, sizes: tuple[int, ...]) -> str:
        """The same as Core would write it, for errors: a mark without a name is quicker, and says less."""
        return "".join(self._spelled(dict(zip(self.lists, sizes, strict=True)), self._paramstyle == "pyformat"))

    def _spelled(self, sizes: Mapping[str, int], named: bool) -> Iterator[str]:
        for part in self._parts:
            if isinstance(part, str):
                yield escaped(part, self._paramstyle)
            elif part.sequence:
                marks = [f"%({part.name}_{n + 1})s" if named else self._mark for n in range(sizes[part.name])]
                yield f" ({', '.join(marks)})"
            else:
                yield f"%({part.name})s" if named else self._mark


def escaped(text: str, paramstyle: str) -> str:
    """SQL as a driver of that ``paramstyle`` wants it: where marks begin with a percent sign, others are doubled."""
    return text if paramstyle == "qmark" else text.replace("%", "%%")
