"""Turn signals that end a program into an exception: SIGINT, SIGTERM or SIGHUP in, Interrupted in the main thread out.

The command line owns its process and turns signals into ``Interrupted`` (``raised``).  The library installs no
handler: a step that must be done completely runs in ``held_back``, which delays the exception to its end.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

__all__ = ["Interrupted", "held_back", "interruption", "raised", "swallowed"]

NUMBERS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

AGAIN = 0.01
"""The delay before a signal is sent again if Python has discarded its exception, in seconds."""

PATIENCE = 10.0
"""The time that further signals wait while the program cleans up or finishes its step, in seconds."""


class Interrupted(KeyboardInterrupt):
    """A signal asks the program to end; ``number`` is the number of the signal.

    It is a KeyboardInterrupt, because drivers handle that class: psycopg cancels the running statement.
    """

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__()
        self.number = number


class _Signals:
    """The state of this process: the number of steps that delay signals, the waiting signal, the first one's time."""

    def __init__(self) -> None:
        self.steps = 0
        self.waiting: int | None = None
        self.first: float | None = None
        self.sent: int | None = None
        self.again: threading.Timer | None = None

    def arrive(self, number: int, _frame: FrameType | None) -> None:
        """The handler of each signal."""
        now = time.monotonic()
        # A ``finally`` block that runs because of an earlier signal must run to its end.
        ending = interruption(sys.exception()) is not None
        patient = self.first is None or now - self.first <= PATIENCE
        self.first = now if self.first is None else self.first
        if not patient or not (ending or self.steps):
            self.sent = number
            raise Interrupted(number)
        if not ending and self.waiting is None:
            self.waiting = number

    def lost(self, hook: Callable[[UnraisableHookArgs], object], lost: UnraisableHookArgs) -> None:
        """The hook for exceptions that Python discards, for example in a destructor: the signal is sent again later."""
        if isinstance(lost.exc_value, Interrupted):
            self.again = threading.Timer(AGAIN, os.kill, (os.getpid(), lost.exc_value.number))
            self.again.daemon = True
            self.again.start()
        else:
            hook(lost)


_signals = _Signals()


@contextmanager
def raised() -> Iterator[None]:
    """Raise Interrupted for the first signal in the block; while it ends the program, others wait for ``PATIENCE``.

    This works only in the main thread, because other threads get no signals.  A signal that is ignored, as under nohup,
    stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = {number: signal.getsignal(number) for number in NUMBERS}
    caught = [number for number, handler in previous.items() if handler not in (signal.SIG_IGN, None)]
    hook = sys.unraisablehook
    _signals.waiting = _signals.first = _signals.sent = None
    try:
        sys.unraisablehook = partial(_signals.lost, hook)
        for number in caught:
            signal.signal(number, _signals.arrive)
        yield
    finally:
        # Everything is done and reported, so a signal that arrives now has nothing to end.
        _signals.steps += 1
        if _signals.again is not None:
            _signals.again.cancel()
        for number in caught:
            signal.signal(number, previous[number])
        sys.unraisablehook = hook
        _signals.steps -= 1


@contextmanager
def held_back() -> Iterator[None]:
    """Delay a signal until the end of the block: for a short step that must be done completely."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _signals.steps += 1
    try:
        yield
    finally:
        _signals.steps -= 1
        if not _signals.steps and _signals.waiting is not None:
            number, _signals.waiting = _signals.waiting, None
            raise Interrupted(number)


def swallowed() -> Interrupted | None:
    """The Interrupted that was raised in a place where C code discards exceptions and reports another error.

    SQLite's authorizer is such a place: what its callback raises becomes "not authorized".
    """
    return None if _signals.sent is None else Interrupted(_signals.sent)


def interruption(error: BaseException | None) -> KeyboardInterrupt | None:
    """The exception if it is a KeyboardInterrupt, or the KeyboardInterrupt that was raised before it; else None."""
    found, seen = [error], set()
    while found:
        error = found.pop()
        if isinstance(error, KeyboardInterrupt):
            return error
        if error is not None and id(error) not in seen:
            seen.add(id(error))
            found += [error.__context__, error.__cause__]
    return None
