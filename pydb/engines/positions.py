"""Compare servers' positions in their writes: a primary's position in; out, whether a replica has reached it.

A position is a text that only its engine can read.  An engine that has replicas registers a subclass as its part
``positions``.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Connection

from pydb.engines import part, registration

__all__ = ["Positions", "positions_of"]


class Positions:
    """The positions of an engine; this one is for engines without replicas.

    ``kept``: the engine's servers keep positions.
    """

    kept: ClassVar[bool] = False

    def __init__(self, engine: str) -> None:
        self.engine = engine

    def current(self, conn: Connection, *, needed: bool) -> str:
        """The position of the primary, behind all that it has committed; '' where there is none.

        Raises PydbError where the server keeps none and it is ``needed``.
        """
        return ""

    def is_position(self, position: str) -> bool:
        """Whether the text is a position of this engine's.  It may come from anywhere."""
        return False

    def question(self, position: str) -> str:
        """SQL that asks a replica for its position, outside of a transaction.  It has no parameters."""
        return ""

    def ask(self, driver: Any, question: str) -> str | None:
        """The answer of the server that this driver's connection is to."""
        return None

    def has_reached(self, answer: str | None, position: str) -> bool:
        """Whether a server with this answer shows all that was committed before the position."""
        return True


def positions_of(engine: str) -> Positions:
    """The positions of the engine of that name."""
    if "positions" not in registration(engine).parts:
        return Positions(engine)
    made: Positions = part(engine, "positions")
    return made
