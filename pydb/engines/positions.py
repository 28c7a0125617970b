"""Compare positions in the log of writes: a primary's position in; out, whether a replica has reached it.

A position is a text that only its engine understands.  An engine with replicas registers a subclass of ``Positions`` as
its part ``positions``.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Connection

from pydb.engines import part, registration

__all__ = ["Positions", "positions_of"]


class Positions:
    """The positions of an engine; this class itself is for engines without replicas.

    ``kept`` says that the engine's servers have positions.
    """

    kept: ClassVar[bool] = False

    def __init__(self, engine: str) -> None:
        self.engine = engine

    def current(self, conn: Connection, *, needed: bool) -> str:
        """The position of the primary, after everything that it has committed; '' if it has no position.

        Raises PydbError if the position is ``needed`` and the server has none.
        """
        return ""

    def is_position(self, position: str) -> bool:
        """Whether the text, which may come from any source, is a position of this engine."""
        return False

    def question(self, position: str) -> str:
        """SQL without parameters that asks a replica for its position, outside a transaction."""
        return ""

    def ask(self, driver: Any, question: str) -> str | None:
        """The answer of the server to which this connection of the driver is open."""
        return None

    def has_reached(self, answer: str | None, position: str) -> bool:
        """Whether a server with this answer shows everything that was committed before the position."""
        return True


def positions_of(engine: str) -> Positions:
    """The positions of the engine of that name."""
    if "positions" not in registration(engine).parts:
        return Positions(engine)
    made: Positions = part(engine, "positions")
    return made
