"""Optional lines: the nouns that the marks of a statement become, and which of its lines a call has.

In: the lines of a form with their guards, and the state of each optional name.  Out: the text of that variant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final, NamedTuple

from pydb.support.absent import ABSENT

__all__ = [
    *(
        "COMMA_GOES_BEFORE",
        "GIVEN",
        "LEFT_OUT",
        "NULL",
        "TRUE",
        "Guard",
        "Line",
        "NameKind",
        "OptionalName",
        "States",
    ),
    *("assembled", "holds", "is_there"),
]

LEFT_OUT: Final = ""
GIVEN: Final = "given"
NULL: Final = "null"
TRUE: Final = "true"

Guard = Mapping[str, frozenset[str]]
"""When a line is there: for each name of its conditions, and those of the groups around it, the states that fit."""

States = Mapping[str, str]
"""The state of each optional name in one call."""

COMMA_GOES_BEFORE: Final = frozenset(
    {
        *(")", "]", ";", "SELECT", "INSERT", "UPDATE", "DELETE", "VALUES", "SET", "FROM", "WHERE", "GROUP", "HAVING"),
        *("WINDOW", "ORDER", "ROWS", "RANGE", "GROUPS", "LIMIT", "OFFSET", "FETCH", "FOR", "RETURNING", "UNION"),
        *("EXCEPT", "INTERSECT", "ON", ""),
    }
)
"""Before these words a comma at the end of a line goes, where the lines that stood between are not there."""


class NameKind(StrEnum):
    """What a name in conditions stands for."""

    VALUE = "value"
    """A parameter that is bound."""

    FLAG = "flag"
    """True or false, in conditions only."""

    CHOICE = "choice"
    """One of a few words, in conditions only."""


class OptionalName(NamedTuple):
    """A name that a call may leave out.

    ``name`` is that in Python.  ``states`` are what it can be in a call; the first is that of a call that leaves it
    out: ``LEFT_OUT``, or the default of a choice.  A value that is passed is ``GIVEN``, and ``NULL`` is a None that
    counts: where ``:x given`` or ``:x is null`` names it.  ``takes_null`` says that ``:x is null`` does.  A value is
    ``needed`` when no condition names it: it is passed where a line that binds it is there.
    """

    name: str
    kind: NameKind
    states: tuple[str, ...]
    takes_null: bool = False
    needed: bool = False

    @property
    def is_bound(self) -> bool:
        """Whether it is sent, where a line binds it."""
        return self.kind is NameKind.VALUE

    @property
    def left_out(self) -> Any:
        """What can be passed in place of leaving the name out: None, False, ``ABSENT`` or the default of a choice."""
        if self.kind is NameKind.FLAG:
            return False
        if self.kind is NameKind.CHOICE:
            return self.default or None
        return ABSENT if self.needed or NULL in self.states else None

    @property
    def values(self) -> tuple[str, ...]:
        """The values of a choice."""
        return tuple(filter(None, self.states)) if self.kind is NameKind.CHOICE else ()

    @property
    def default(self) -> str:
        """The default of a choice; an empty text where it may be left out."""
        return self.states[0]


class Line(NamedTuple):
    """A line of a marked statement, or several that one string runs through.

    ``text`` is its SQL without the mark, with the line end.  ``guard`` is empty for a line that is always there, and
    ``condition`` its own mark as written.  ``binds`` has the parameters that stand in it, by their names in Python,
    ``first`` its first word in capitals, an empty text where it has no SQL.  ``comma`` is where in ``text`` the comma
    at the end of its SQL stands, or -1.  ``alternative`` says that it is a comment in the file.  ``parts`` are what a
    change must have and the line has some of: ``set``, ``columns`` to insert, ``where`` for a column that chooses rows.
    """

    number: int
    text: str
    guard: Guard
    condition: str = ""
    binds: tuple[str, ...] = ()
    first: str = ""
    comma: int = -1
    alternative: bool = False
    parts: frozenset[str] = frozenset()


def holds(guard: Guard, states: States) -> bool:
    """Whether the states of a call fit a guard."""
    return all(states[name] in allowed for name, allowed in guard.items())


def is_there(lines: Sequence[Line], states: States) -> list[bool]:
    """For each line whether a call with these states has it."""
    return [holds(line.guard, states) for line in lines]


def assembled(lines: Sequence[Line], states: States, *, keep_lines: bool = False) -> str:
    """The SQL of the variant that a call with these states has.

    With ``keep_lines`` each line that is not there leaves an empty one, so that what follows keeps its line number.
    """
    present = is_there(lines, states)
    texts = [
        line.text if there else "\n" * (line.text.count("\n") if keep_lines else 0)
        for line, there in zip(lines, present, strict=True)
    ]
    with_code = [i for i, line in enumerate(lines) if present[i] and line.first]
    for i, following in pairwise(with_code):
        line = lines[i]
        # The text as written has no such comma, so that it can only come from lines that are not there.
        if line.comma >= 0 and lines[following].first in COMMA_GOES_BEFORE:
            texts[i] = line.text[: line.comma] + line.text[line.comma + 1 :]
    return "".join(texts)
