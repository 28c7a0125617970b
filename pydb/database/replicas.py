"""Decide whether ``read()`` uses a replica: their engine and a position in, the decision out.

Only ``Replicas.wait_for`` waits and asks a server.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine

from pydb.engines.patience import seconds_left
from pydb.engines.positions import Positions
from pydb.engines.waiting import pause

__all__ = ["Behind", "Replicas", "check_wait", "pauses"]

REST = 1.0
"""Seconds during which replicas that have not answered are not used."""

FIRST_PAUSE, LONGEST_PAUSE = 0.001, 0.02
"""Seconds between two queries of a replica's position; each pause is twice as long as the one before it."""


class Behind(Exception):
    """The replica cannot be used for this transaction: it is behind, or its connection is lost."""


def check_wait(wait: float) -> None:
    """Raise ValueError for an invalid time to wait."""
    if not wait >= 0:
        raise ValueError("wait must be a number of seconds, 0 or more")


def pauses(seconds: float) -> Iterator[float]:
    """The pauses between queries, in seconds, until ``seconds`` have passed."""
    deadline = time.monotonic() + seconds
    next_one = FIRST_PAUSE
    while (left := deadline - time.monotonic()) > 0:
        yield min(next_one, left)
        next_one = min(2 * next_one, LONGEST_PAUSE)


@dataclass(slots=True)
class Replicas:
    """The replicas of a primary, which one ``engine`` connects to."""

    engine: Engine
    positions: Positions
    _back_at: float = field(default=-math.inf)
    """The time (``time.monotonic()``) at which replicas that have not answered are tried again."""

    def serves(self, isolation: str | None, after: str | None, now: float) -> bool:
        """Whether a transaction may run on a replica.

        A SERIALIZABLE one may not, because a replica does not know what other transactions read.  One whose ``after``
        is not a position may not either.
        """
        if isolation == "SERIALIZABLE" or now < self._back_at:
            return False
        if after and not (isinstance(after, str) and self.positions.is_position(after)):
            return False
        if self._back_at != -math.inf:
            self._back_at = now + REST  # this transaction tries a replica; meanwhile others use the primary
        return True

    def note_answer(self) -> None:
        """Remember that a replica has answered."""
        self._back_at = -math.inf

    def note_silence(self, now: float) -> None:
        """Remember that no replica has answered."""
        self._back_at = now + REST

    def wait_for(self, conn: Connection, after: str, wait: float) -> None:
        """Wait until the replica has reached the position.  Raises Behind if it does not within ``wait`` seconds."""
        if self._has_reached(conn, after):
            return
        for seconds in pauses(min(wait, seconds_left())):
            pause(seconds)
            if self._has_reached(conn, after):
                return
        raise Behind

    def _has_reached(self, conn: Connection, after: str) -> bool:
        positions = self.positions
        try:
            answer = positions.ask(conn.connection.dbapi_connection, positions.question(after))
            return positions.has_reached(answer, after)
        except conn.dialect.loaded_dbapi.Error as error:
            conn.invalidate(error)
        raise Behind
