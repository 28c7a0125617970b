"""Run context managers in a task: a synchronous one in, an asynchronous one out (``AsyncBlock``), or the reverse.

The synchronous code runs in greenlets; a cancellation of the task interrupts no step of it.  ``AwaitedBlock`` makes an
asynchronous context manager usable in synchronous functions that run in a task.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from types import TracebackType
from typing import Any, Generic, TypeVar

from sqlalchemy.util.concurrency import greenlet_spawn

from pydb.engines.waiting import await_here, finished

__all__ = ["AsyncBlock", "AwaitedBlock"]

Held = TypeVar("Held")
Given = TypeVar("Given")


class AsyncBlock(AbstractAsyncContextManager[Given], Generic[Held, Given]):
    """An ``async with`` block around a synchronous one.

    ``given`` converts the value that ``as`` of the synchronous block would bind into the value that ``as`` of this
    block binds.
    ``entered``, if any, returns a context manager that the task itself enters.
    """

    __slots__ = ("_block", "_entered", "_given", "_mark")

    def __init__(
        self,
        block: AbstractContextManager[Held],
        given: Callable[[Held], Given],
        entered: Callable[[Held], AbstractContextManager[None]] | None = None,
    ) -> None:
        self._block, self._given, self._entered = block, given, entered
        self._mark: AbstractContextManager[None] | None = None

    async def __aenter__(self) -> Given:
        held = await finished(greenlet_spawn(self._block.__enter__), stops=True, undo=self._undo)
        if self._entered is not None:
            self._mark = self._entered(held)
            self._mark.__enter__()
        return self._given(held)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        if self._mark is not None:
            self._mark.__exit__(None, None, None)
        return await finished(self._exit(kind, error, traceback), stops=False)

    def _undo(self, cancelled: BaseException) -> Coroutine[Any, Any, object]:
        return self._exit(type(cancelled), cancelled, cancelled.__traceback__)

    async def _exit(self, *raised: Any) -> bool | None:
        try:
            # Get the method from the class, as ExitStack does.
            return await greenlet_spawn(type(self._block).__exit__, self._block, *raised)
        except asyncio.CancelledError as error:
            if error is raised[1]:
                return False
            raise


class AwaitedBlock(AbstractContextManager[Given]):
    """A ``with`` block, around an asynchronous one, for synchronous functions that run in a task."""

    __slots__ = ("_block",)

    def __init__(self, block: AbstractAsyncContextManager[Given]) -> None:
        self._block = block

    def __enter__(self) -> Given:
        return await_here(self._block.__aenter__())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        return await_here(self._block.__aexit__(kind, error, traceback))
