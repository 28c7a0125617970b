"""What stands for an argument that is left out.  Nothing comes in; ``ABSENT`` goes out.

``pydb.ABSENT`` passed to a statement is the same as not passing the argument, where None is NULL.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal, NoReturn

__all__ = ["ABSENT", "Absent"]


class Absent(Enum):
    """The type of ``ABSENT``, its one member, so that ``str | Absent`` can be written and narrowed with ``is``."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "pydb.ABSENT"

    def __bool__(self) -> NoReturn:
        """Raise TypeError: ``if title`` would take an empty text for one that is left out."""
        raise TypeError("pydb.ABSENT is neither true nor false; compare with: is pydb.ABSENT")


ABSENT: Literal[Absent.ABSENT] = Absent.ABSENT
