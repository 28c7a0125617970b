"""Render SQL for one reader: a form's parts, text and placeholders, in; its SQL with that reader's parameters out.

The readers are drivers, SQLAlchemy's ``text()``, engines that prepare a statement, and sqlglot; each of them spells
parameters differently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pydb.sqlfile.definition import Placeholder

__all__ = ["as_written", "by_name", "name_comment", "named_in", "render", "render_with_offsets"]

_NAMED = re.compile(r"/\* (\S+) \*/ ")

Spell = Callable[[Placeholder], str]
"""How a reader spells a parameter."""


def _unchanged(text: str) -> str:
    return text


def name_comment(name: str) -> str:
    """The comment that each statement carries in front, so that logs and activity views show its name."""
    return f"/* {name} */ "


def named_in(sql: str | None) -> str | None:
    """The name that ``name_comment`` has put in front of this SQL; None if there is none."""
    found = _NAMED.match(sql or "")
    return found.group(1) if found else None


def render(parts: Sequence[str | Placeholder], spell: Spell, text: Callable[[str], str] = _unchanged) -> str:
    """The parts as one text; ``text`` is applied to each part that is not a parameter."""
    return "".join([text(part) if isinstance(part, str) else spell(part) for part in parts])


def by_name(spell_name: Callable[[str], str]) -> Spell:
    """Spell a parameter by its name, and a sequence by its name in brackets."""

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
