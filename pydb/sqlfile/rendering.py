"""A form's parts, text and placeholders, in; its SQL as some reader wants it, out.

The readers are drivers, SQLAlchemy's ``text()``, engines that prepare a statement, and sqlglot; each of them spells
parameters in its own way.
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
    """The name that ``name_comment`` has put in front of this SQL; None where there is none."""
    found = _NAMED.match(sql or "")
    return found.group(1) if found else None


def render(parts: Sequence[str | Placeholder], spell: Spell, text: Callable[[str], str] = _unchanged) -> str:
    """The parts as one text; ``text`` changes what is not a parameter, where a reader needs that."""
    return "".join([text(part) if isinstance(part, str) else spell(part) for part in parts])


def by_name(spell_name: Callable[[str], str]) -> Spell:
    """Spell a parameter by its name, and a sequence so in brackets."""

    def spell(placeholder: Placeholder) -> str:
        spelled = spell_name(placeholder.name)
        return f"({spelled})" if placeholder.sequence else spelled

    return spell


as_written = by_name(":{}".format)
"""``:name``, and for a sequence ``(:name)``."""


def render_with_offsets(parts: Sequence[str | Placeholder], spell: Spell) -> tuple[str, Callable[[int], int]]:
    """The parts as one text, and what turns an offset in it into the offset in the text ``as_written``."""
    sent = source = 0
    marks: list[tuple[int, int]] = []
    for part in parts:
        marks.append((sent, source))
        sent += len(render([part], spell))
        source += len(render([part], as_written))

    def back(offset: int) -> int:
        start, origin = max((mark for mark in marks if mark[0] <= offset), default=(0, 0))
        return origin + offset - start

    return render(parts, spell), back
