"""Render SQL for one reader: the texts and placeholders of a form in, its SQL with the reader's parameters out.

A reader is a driver, SQLAlchemy's ``text()``, an engine that prepares a statement, or sqlglot.  Each of them spells
parameters differently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pydb.sqlfile.definition import Placeholder

__all__ = ["as_written", "by_name", "name_comment", "named_in", "render", "render_with_offsets"]

_NAMED = re.compile(r"/\* (\S+) \*/ ")

Spell = Callable[[Placeholder], str]
"""A function that spells a parameter for a reader."""


def _unchanged(text: str) -> str:
    return text


def name_comment(name: str) -> str:
    """The comment before each statement, with its name for logs and activity views."""
    return f"/* {name} */ "


def named_in(sql: str | None) -> str | None:
    """The name in the comment that ``name_comment`` has put before this SQL; None if there is none."""
    found = _NAMED.match(sql or "")
    return found.group(1) if found else None


def render(parts: Sequence[str | Placeholder], spell: Spell, text: Callable[[str], str] = _unchanged) -> str:
    """The parts as one text; ``text`` converts each part that is not a parameter."""
    return "".join([text(part) if isinstance(part, str) else spell(part) for part in parts])


def by_name(spell_name: Callable[[str], str]) -> Spell:
    """A spelling of parameters by their names, and of sequences by their names in brackets."""

    def spell(placeholder: Placeholder) -> str:
        spelled = spell_name(placeholder.name)
        return f"({spelled})" if placeholder.sequence else spelled

    return spell


as_written = by_name(":{}".format)
"""``:name``, and for a sequence ``(:name)``."""


def render_with_offsets(parts: Sequence[str | Placeholder], spell: Spell) -> tuple[str, Callable[[int], int]]:
    """The parts as one text, and a function that turns its offsets into offsets in the text ``as_written``."""

    def back(offset: int) -> int:
        sent = source = 0
        marks: list[tuple[int, int]] = []
        for part in parts:
            marks.append((sent, source))
            sent += len(render([part], spell))
            source += len(render([part], as_written))
        start, origin = max((mark for mark in marks if mark[0] <= offset), default=(0, 0))
        return origin + offset - start

    return render(parts, spell), back
