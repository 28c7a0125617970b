"""Wait in a thread or in a task: seconds or a Bell in; out, a wait that blocks the thread or awaits.

The callers need not know which of the two it is.  In a thread, a wait blocks the thread.  In a task of an event loop,
SQLAlchemy runs synchronous functions in greenlets (``greenlet_spawn``): there a wait awaits, and the loop continues.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy.util import concurrency

__all__ = ["Bell", "await_here", "bell", "finished", "in_task", "pause"]

Result = TypeVar("Result")

PATIENCE = 10.0
"""Seconds that unfinished work may take to end after its task was cancelled."""

await_here = concurrency.await_only
"""Await an awaitable from synchronous code and return its result; only if ``in_task()``."""


def in_task() -> bool:
    """Whether the current code is a synchronous function in a task of an event loop, and so can await."""
    # Without greenlet no code can: https://docs.sqlalchemy.org/en/21/orm/extensions/asyncio.html
    return "greenlet" in sys.modules and concurrency.in_greenlet()


def pause(seconds: float) -> None:
    """Wait for that many seconds."""
    if in_task():
        await_here(asyncio.sleep(seconds))
    else:
        time.sleep(seconds)


class Bell:
    """A wait that ends when any thread calls ``ring``; it can be used once."""

    __slots__ = ("_silence",)

    def __init__(self) -> None:
        self._silence: Any = threading.Lock()
        self._silence.acquire()

    def ring(self) -> None:
        """Wake up the waiting caller, now or later."""
        self._silence.release()

    def wait(self, seconds: float) -> bool:
        """Wait; return whether the bell has rung within that many seconds."""
        return self._silence.acquire(timeout=seconds)  # type: ignore[no-any-return]


class _TaskBell(Bell):
    """A bell for a caller in a task."""

    __slots__ = ("_loop",)

    def __init__(self) -> None:
        self._silence = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def ring(self) -> None:
        with suppress(RuntimeError):  # the loop is closed, and its tasks have ended
            self._loop.call_soon_threadsafe(self._silence.set)

    def wait(self, seconds: float) -> bool:
        return await_here(self._rung(seconds))

    async def _rung(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._silence.wait()
        return self._silence.is_set()  # type: ignore[no-any-return]


def bell() -> Bell:
    """A bell for a caller in this thread or task."""
    return _TaskBell() if in_task() else Bell()


async def finished(
    work: Coroutine[Any, Any, Result],
    *,
    stops: bool,
    undo: Callable[[BaseException], Coroutine[Any, Any, object]] | None = None,
) -> Result:
    """The result of the coroutine; a cancellation of this task is raised only after the coroutine has ended.

    With ``stops``, the cancellation also cancels the coroutine, once, and it can finish its clean-up.  If the coroutine
    succeeds nevertheless, ``undo`` is called with the cancellation.  Work that takes longer than ``PATIENCE`` after the
    cancellation is cancelled again.
    """
    task = asyncio.create_task(work)
    cancelled: asyncio.CancelledError | None = None
    deadline: float | None = None
    loop = asyncio.get_running_loop()
    while not task.done():
        try:
            await asyncio.wait([task], timeout=None if deadline is None else max(0.0, deadline - loop.time()))
        except asyncio.CancelledError as error:
            if cancelled is None:
                cancelled, deadline = error, loop.time() + PATIENCE
                if stops:
                    task.cancel()
        if deadline is not None and loop.time() >= deadline:
            deadline = loop.time() + PATIENCE
            task.cancel()
    if cancelled is None:
        return task.result()
    if undo is not None and not task.cancelled() and task.exception() is None:
        await finished(undo(cancelled), stops=False)
    raise cancelled
