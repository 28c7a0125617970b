"""Repeat a transaction: a function that runs it in, its result or its last error out.

This module decides which errors are repeated, and whether there is time for another try.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from pydb.engines.base import Rules
from pydb.engines.patience import wait_until
from pydb.engines.waiting import pause
from pydb.errors import DatabaseError, Disconnected, PydbError, Retryable

__all__ = ["Tries", "repeat", "repeats"]

Result = TypeVar("Result")

FIRST_PAUSE = 0.01
"""Seconds; each further pause is random, up to twice as long as the one before, and at most ``LONGEST_PAUSE``."""

LONGEST_PAUSE = 1.0

LEAST_LEFT = 0.002
"""Seconds that must be left for another try."""


@dataclass(slots=True)
class Tries:
    """The limits of tries: ``within`` in seconds, and ``attempts``; None is no limit.

    Raises ValueError for an invalid limit.
    """

    within: float | None
    attempts: int | None
    count: int = 0
    pauses: int = 0
    end: float = field(init=False)

    def __post_init__(self) -> None:
        if self.within is not None and not self.within >= 0:
            raise ValueError("within must be a number of seconds, 0 or more; None means no limit")
        if self.attempts is not None and self.attempts < 1:
            raise ValueError("attempts must be at least 1")
        self.end = math.inf if self.within is None else time.monotonic() + self.within

    @property
    def used_up(self) -> bool:
        """Whether all allowed tries have begun."""
        return self.attempts is not None and self.count >= self.attempts

    def pause(self) -> bool:
        """Wait before the next try, and return True; return False at once if there is no time for another try."""
        left = self.end - time.monotonic()
        if left < LEAST_LEFT:
            return False
        self.pauses += 1
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self.pauses, 10))
        pause(min(random.uniform(0, longest), left / 2))
        return True


def repeats(error: PydbError, rules: Rules, *, was_connected: bool) -> bool:
    """Whether a transaction that failed with this error, and was rolled back, may succeed if it is repeated.

    ``was_connected`` says whether the server was ever reached.  If not, a wrong name is more likely than a short
    failure.
    """
    if isinstance(error, Retryable):
        return True
    orig = error.orig if isinstance(error, DatabaseError) else None
    if isinstance(error, Disconnected):
        return was_connected and not (orig is not None and error.statement is None and rules.cannot_connect(orig))
    return orig is not None and rules.asks_to_repeat(orig)


def repeat(attempt: Callable[[], Result], tries: Tries, may_repeat: Callable[[PydbError], bool]) -> Result:
    """The result of ``attempt``, called again after an error that ``may_repeat``, or the last error."""
    while True:
        tries.count += 1
        try:
            with wait_until(tries.end):
                return attempt()
        except PydbError as error:
            if not may_repeat(error) or tries.used_up or not tries.pause():
                raise
