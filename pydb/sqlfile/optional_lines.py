"""Choose the optional lines of a call: a form's lines and the state of each optional name in, a variant's text out.

The data classes for marks are here too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
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
"""The condition of a line: for each name in its mark and the groups around it, the states in which it is present."""

States = Mapping[str, str]
"""The state of each optional name in one call."""

COMMA_GOES_BEFORE: Final = frozenset(
    {
        *(")", "]", ";", "SELECT", "INSERT", "UPDATE", "DELETE", "VALUES", "SET", "FROM", "WHERE", "GROUP", "HAVING"),
        *("WINDOW", "ORDER", "ROWS", "RANGE", "GROUPS", "LIMIT", "OFFSET", "FETCH", "FOR", "RETURNING", "UNION"),
        *("EXCEPT", "INTERSECT", "ON", ""),
    }
)
"""The comma at the end of a line is removed if one of these words follows, because the lines between are absent."""


class NameKind(StrEnum):
    """The kind of a name in conditions."""

    VALUE = "value"
    """A parameter that is bound."""

    FLAG = "flag"
    """True or false, in conditions only."""

    CHOICE = "choice"
    """One of a few words, in conditions only."""


class OptionalName(NamedTuple):
    """A name that a call may leave out.

    ``name`` is its name in Python.  ``states`` are its possible states; the first is its state if a call leaves it
    out: ``LEFT_OUT``, or the default of a choice.  A value that is passed is ``GIVEN``; None is ``NULL`` if
    ``:x given`` or ``:x is null`` names it.  ``takes_null`` is true if ``:x is null`` does.  A value is ``needed`` if
    no condition names it: it must be passed if a line that binds it is present.
    """

    name: str
    kind: NameKind
    states: tuple[str, ...]
    takes_null: bool = False
    needed: bool = False

    @property
    def is_bound(self) -> bool:
        """Whether its value is sent to the database."""
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
        """The default of a choice; an empty text if it has none."""
        return self.states[0]


class Line(NamedTuple):
    """A line of a marked statement, or several lines that one string continues over.

    ``text`` is its SQL without the mark, with the line end.  ``guard`` is empty for a line that is always present,
    and ``condition`` is its own mark as written.  ``binds`` has its parameters, by their names in Python, ``first`` its
    first word in capitals, or an empty text if it has no SQL.  ``comma`` is the offset in ``text`` of the comma at the
    end of its SQL, or -1.  ``alternative`` is true if it is a comment in the file.  ``parts`` are the required parts of
    a change to which the line contributes: ``set``, ``columns`` to insert, ``where`` for a column that chooses rows;
    ``head of set`` is the word UPDATE before SET.
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
    """For each line, whether it is present in a call with these states."""
    return [holds(line.guard, states) for line in lines]


def assembled(lines: Sequence[Line], states: States, *, keep_lines: bool = False) -> str:
    """The SQL of the variant for a call with these states.

    With ``keep_lines``, each absent line becomes an empty line, so that later lines keep their numbers.
    """
    present = is_there(lines, states)
    texts = [
        line.text if there else "\n" * (line.text.count("\n") if keep_lines else 0)
        for line, there in zip(lines, present, strict=True)
    ]
    with_code = [i for i, line in enumerate(lines) if present[i] and line.first]
    firsts = [*(lines[i].first for i in with_code), ""]
    for i, following in zip(with_code, firsts[1:], strict=True):
        line = lines[i]
        # A comma before such a word is not in the text as written, so lines between them are absent.
        if line.comma >= 0 and following in COMMA_GOES_BEFORE:
            texts[i] = line.text[: line.comma] + line.text[line.comma + 1 :]
    return "".join(texts)
