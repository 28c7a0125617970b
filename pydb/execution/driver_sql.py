"""A form's parts in, the text and the order of parameters that a driver's cursor takes out.

What it makes is what Core makes of the same form's ``text()``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from pydb.sqlfile.definition import Placeholder
from pydb.sqlfile.rendering import name_comment, render

__all__ = ["MARKS", "DriverSql", "escaped_marks"]

MARKS: Mapping[str, str] = {"qmark": "?", "format": "%s", "pyformat": "%s"}
"""What stands for a parameter, by the driver's ``paramstyle``; statements for drivers of other styles go by Core."""


class DriverSql:
    """The text of the statement ``name``, its name before it as a comment, for a driver of that ``paramstyle``.

    ``order`` is the names of its marks from left to right, ``lists`` those that are lists for ``IN``; ``takes_mapping``
    says that the driver takes the parameters by name.  ``sql`` is the text when there are no lists.
    """

    def __init__(self, name: str, parts: Sequence[str | Placeholder], paramstyle: str) -> None:
        self._parts = (name_comment(name), *parts)
        self._mark = MARKS[paramstyle]
        self._paramstyle = paramstyle
        placeholders = [part for part in parts if isinstance(part, Placeholder)]
        self.order = tuple(placeholder.name for placeholder in placeholders)
        self.lists = tuple(dict.fromkeys(placeholder.name for placeholder in placeholders if placeholder.sequence))
        # A parameter that stands twice is one parameter to PostgreSQL: of one type, and equal to itself in GROUP BY.
        self.takes_mapping = paramstyle == "pyformat" and len(set(self.order)) < len(self.order)
        self.sql = self.text((0,) * len(self.lists))

    @property
    def names_clash(self) -> bool:
        """Whether a parameter has a name that the mapping has for a value of a list: ``ids_1`` beside ``ids``."""
        return any(re.fullmatch(rf"{name}_[0-9]+", other) for name in self.lists for other in self.order)

    def named(self, name: str, values: Sequence[Any]) -> dict[str, Any]:
        """The values of a list by the names that its marks have in ``text``."""
        return {f"{name}_{n}": value for n, value in enumerate(values, 1)}

    def text(self, sizes: tuple[int, ...]) -> str:
        """The text when the lists have so many values, in the order of ``lists``."""
        return self._rendered(sizes, self.takes_mapping)

    def core_spelling(self, sizes: tuple[int, ...]) -> str:
        """The same as Core would write it, for errors: a mark without a name is quicker, and says less."""
        return self._rendered(sizes, self._paramstyle == "pyformat")

    def _rendered(self, sizes: tuple[int, ...], named: bool) -> str:
        lengths = dict(zip(self.lists, sizes, strict=True))

        def spell(placeholder: Placeholder) -> str:
            name = placeholder.name
            if not placeholder.sequence:
                return f"%({name})s" if named else self._mark
            marks = [f"%({name}_{n + 1})s" if named else self._mark for n in range(lengths[name])]
            return f" ({', '.join(marks)})"

        return render(self._parts, spell, partial(escaped_marks, paramstyle=self._paramstyle))


def escaped_marks(text: str, paramstyle: str) -> str:
    """SQL as a driver of that ``paramstyle`` wants it: where marks begin with a percent sign, others are doubled."""
    return text if paramstyle == "qmark" else text.replace("%", "%%")
