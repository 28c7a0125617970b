"""The value for an argument that is left out: nothing in, ``ABSENT`` out.

Passing ``pydb.ABSENT`` to a statement is the same as leaving the argument out.  None is NULL.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal, NoReturn

__all__ = ["ABSENT", "Absent"]


class Absent(Enum):
    """The type of ``ABSENT``, which is its only member.  Type checkers narrow ``str | Absent`` by ``is ABSENT``."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "pydb.ABSENT"

    def __bool__(self) -> NoReturn:
        """Raise TypeError: ``if title`` could not distinguish empty text from an argument that is left out."""
        raise TypeError("pydb.ABSENT is neither true nor false; compare with: is pydb.ABSENT")


ABSENT: Literal[Absent.ABSENT] = Absent.ABSENT
