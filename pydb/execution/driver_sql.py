"""Write SQL for a driver's cursor: a form's parts in, the text and the order of its parameters out.

The text is the same that Core compiles from the form's ``text()``.
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
"""The placeholder for a parameter, by the driver's ``paramstyle``; drivers with other styles take the Core path."""


class DriverSql:
    """The text of the statement ``name`` for a driver with that ``paramstyle``, after a comment with the name.

    ``order`` has the names of its placeholders from left to right; ``lists`` has those that are lists for ``IN``.
    ``takes_mapping`` says that the driver takes parameters by name.  ``sql`` is the text, if there are no lists.
    """

    def __init__(self, name: str, parts: Sequence[str | Placeholder], paramstyle: str) -> None:
        self._parts = (name_comment(name), *parts)
        self._mark = MARKS[paramstyle]
        self._paramstyle = paramstyle
        placeholders = [part for part in parts if isinstance(part, Placeholder)]
        self.order = tuple(placeholder.name for placeholder in placeholders)
        self.lists = tuple(dict.fromkeys(placeholder.name for placeholder in placeholders if placeholder.sequence))
        # PostgreSQL must see a parameter that is used twice as one parameter: with one type, and equal in GROUP BY.
        self.takes_mapping = paramstyle == "pyformat" and len(set(self.order)) < len(self.order)
        self.sql = self.text((0,) * len(self.lists))

    @property
    def names_clash(self) -> bool:
        """Whether a parameter has the name of a list's value in the mapping: ``ids_1`` beside the list ``ids``."""
        return any(re.fullmatch(rf"{name}_[0-9]+", other) for name in self.lists for other in self.order)

    def named(self, name: str, values: Sequence[Any]) -> dict[str, Any]:
        """The values of a list, by the names of its placeholders in ``text``."""
        return {f"{name}_{n}": value for n, value in enumerate(values, 1)}

    def text(self, sizes: tuple[int, ...]) -> str:
        """The text for lists of these sizes, in the order of ``lists``."""
        return self._rendered(sizes, self.takes_mapping)

    def core_spelling(self, sizes: tuple[int, ...]) -> str:
        """The text as Core would write it, for errors: placeholders with names are clearer, but slower."""
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
    """SQL with its percent signs doubled, if placeholders of that ``paramstyle`` begin with a percent sign."""
    return text if paramstyle == "qmark" else text.replace("%", "%%")
