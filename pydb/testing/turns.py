"""Share the one connection of a test between blocks: the blocks that begin in, one block at a time out.

In production each block has its own connection.  Here the blocks of several threads wait for each other, and a block
inside another one of the same thread is refused.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from pydb.engines.pool import LOOK
from pydb.engines.waiting import Bell, bell, in_task
from pydb.errors import NotIsolated

__all__ = ["OneConnectionPool", "Turns"]

_CALLS = {
    **{name: f"{name}()" for name in ("run", "run_read", "apply", "position")},
    "begin": "begin()",
    "read": "read()",
    "_begin": "begin()",
    "_read_on": "read()",
}
"""The names of ``Database`` functions in the caller's code."""

_HINT = "pass the connection on, or use pydb_fresh_db"


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A block that has the turn or waits for it: the call that began it, and the place of the call."""

    call: str
    place: str

    def __str__(self) -> str:
        return f"{self.call} at {self.place}"


class Turns:
    """The turns on one connection.  A block waits for the previous one for at most ``seconds``."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._waiting: deque[Bell] = deque()
        self._block: Block | None = None
        # The turn does not belong to a thread: a framework may begin and end a block in two threads of its pool.
        self._around: ContextVar[Block | None] = ContextVar("pydb_block", default=None)
        self._announced: ContextVar[Block | None] = ContextVar("pydb_announced", default=None)

    def announce(self) -> None:
        """Remember the caller, because the block begins in another task, which does not show its caller."""
        self._announced.set(_beginning())

    @contextmanager
    def around(self) -> Iterator[None]:
        """Mark this context as inside the block that has the turn, because ``take`` was called in another task."""
        before = self._around.get()
        self._around.set(self._block)
        try:
            yield
        finally:
            self._around.set(before)

    def take(self) -> None:
        """Wait for the turn.  Raises NotIsolated inside the block that has the turn, and after the timeout."""
        block = (in_task() and self._announced.get()) or _beginning()
        holder = self._block
        if holder is not None and holder is self._around.get():
            raise NotIsolated(
                f"{block} is inside the block of {holder}: in a test they would be one transaction", hint=_HINT
            )
        deadline = time.monotonic() + self.seconds
        while not self._claimed(block):
            left = deadline - time.monotonic()
            if left <= 0:
                message = f"{block} timed out after {self.seconds:g} s, waiting for the block of {self._block}"
                hint = "a test has one connection: end that block first, or use pydb_fresh_db"
                raise NotIsolated(message, hint=hint)
            turn = bell()
            self._waiting.append(turn)
            if self._block is not None:
                turn.wait(min(LOOK, left))
        self._around.set(block)

    def _claimed(self, block: Block) -> bool:
        with self._lock:
            if self._block is None:
                self._block = block
            return self._block is block

    def give(self) -> None:
        """End the turn of any block."""
        self._block = None
        with suppress(IndexError):
            self._waiting.popleft().ring()

    @property
    def holder(self) -> str | None:
        """The block that has the turn."""
        return None if self._block is None else str(self._block)


def _beginning() -> Block:
    """The block that begins here: the call into pydb that is nearest to the program's code."""
    frame = sys._getframe(1)
    call = "connect()"
    while frame.f_back is not None and _is_inside(frame.f_globals.get("__name__", "")):
        call = _CALLS.get(frame.f_code.co_name, call)
        frame = frame.f_back
    return Block(call, f"{_shortest(frame.f_code.co_filename)}:{frame.f_lineno}")


def _is_inside(module: str) -> bool:
    top = module.partition(".")[0]
    return top in ("sqlalchemy", "contextlib") or (top == "pydb" and not module.startswith("pydb.sample"))


def _shortest(file: str) -> str:
    relative = os.path.relpath(file)
    return file if relative.startswith("..") else relative


class OneConnectionPool(StaticPool):
    """A connection pool whose users share one connection, in turn; ``failed`` is called if there is none."""

    __module__ = StaticPool.__module__  # the name of its log

    # create_engine passes only options that are parameters here, and no keyword-only parameters.
    def __init__(
        self, creator: Any, turns: Turns | None = None, failed: Callable[[], None] | None = None, **options: Any
    ) -> None:
        super().__init__(creator, **options)
        self._turns = turns
        self._failed = failed

    def recreate(self) -> OneConnectionPool:
        """Make a new pool like this one."""
        pool: Any = super().recreate()
        pool._turns, pool._failed = self._turns, self._failed
        return pool  # type: ignore[no-any-return]

    def _do_get(self) -> ConnectionPoolEntry:
        if self._turns is None:
            return super()._do_get()
        self._turns.take()
        try:
            return super()._do_get()
        except BaseException:  # also the cancellation of a task that connects
            try:
                if self._failed is not None:
                    self._failed()
            finally:
                self._turns.give()
            raise

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        # If this entry's test has ended, the turn belongs to another one.
        if self._turns is not None and self.__dict__.get("connection") is record:
            self._turns.give()
