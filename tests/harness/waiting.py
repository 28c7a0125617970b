"""Wait for events: a condition in, its first true answer out.

No test depends on the number of seconds that something takes, because a busy machine would make it fail.  A test waits
for the event itself, and ``ALARM`` ends the wait if the event does not happen.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

ALARM = 60.0
"""Seconds after which what did not happen has failed: for every timeout that a sound program never reaches."""


def wait_until(condition: Callable[[], Any], what: str) -> Any:
    """The condition's first true answer; fails after ``ALARM``."""
    deadline = time.monotonic() + ALARM
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.005)
    raise AssertionError(f"this did not happen: {what}")
