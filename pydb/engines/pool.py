"""The pool of ``Database``: SQLAlchemy's options in, a QueuePool that loses no connection at an interrupt out.

QueuePool counts its connections, and its threads share a mutex.  An exception of a signal handler or of another thread
can come between any two bytecodes.  In QueuePool it may lose a connection's slot forever, or leave the mutex locked.
In this pool, a slot is an object that exists as long as its entry of the pool.  Threads change what they share by
single operations in C, which no exception can divide.
"""

from __future__ import annotations

import gc
import time
from collections import deque
from contextlib import suppress
from typing import Any
from weakref import ref

from sqlalchemy import exc
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.util.queue import Empty

from pydb.engines.waiting import Bell, bell

__all__ = ["SlotPool"]

LOOK = 0.05
"""Seconds after which a waiting caller looks for a connection again, even without a notification."""

_SLOT = "pydb_slot"


class _Slot:
    """The right to one connection."""

    __slots__ = ("__weakref__",)


class _Idle:
    """The unused entries of the pool, with the interface that QueuePool needs."""

    def __init__(self, maxsize: int = 0, use_lifo: bool = False) -> None:
        self.maxsize, self.use_lifo = maxsize, use_lifo
        self.entries: deque[ConnectionPoolEntry] = deque()

    def get(self, _block: bool = False, _timeout: float | None = None) -> ConnectionPoolEntry:
        """Remove and return an entry.  Raises Empty."""
        try:
            return self.entries.pop() if self.use_lifo else self.entries.popleft()
        except IndexError:
            raise Empty from None

    def qsize(self) -> int:
        """The number of unused entries."""
        return len(self.entries)


class SlotPool(QueuePool):
    """A QueuePool in which the number of existing slots limits the connections."""

    __module__ = QueuePool.__module__  # the name of its logger

    _queue_class = _Idle  # type: ignore[assignment]

    def __init__(self, creator: Any, **options: Any) -> None:
        # Not a WeakSet: Python would lose an interrupt that comes in one of its callbacks.
        self._slots: set[ref[_Slot]] = set()
        self._waiting: deque[Bell] = deque()
        super().__init__(creator, **options)

    @property
    def _overflow(self) -> int:
        return self._living() - self._pool.maxsize

    @_overflow.setter
    def _overflow(self, _count: int) -> None:
        """Do nothing: QueuePool sets its count, but here the slots count."""

    def _do_get(self) -> ConnectionPoolEntry:
        deadline = time.monotonic() + self._timeout
        while True:
            with suppress(Empty):
                return self._pool.get(False)
            slot = self._free_slot()
            if slot is not None:
                try:
                    entry = self._create_connection()
                    entry.record_info[_SLOT] = slot  # type: ignore[index]
                except BaseException:
                    slot = None  # else the slot would exist as long as the exception, whose frames refer to it
                    raise
                return entry
            remaining = deadline - time.monotonic()
            if remaining <= 0 and not self._collected():
                raise exc.TimeoutError(
                    f"QueuePool limit of size {self.size()} overflow {self._max_overflow} reached, "
                    f"connection timed out, timeout {self._timeout:0.2f}",
                    code="3o7r",
                )
            self._wait(max(0.0, min(LOOK, remaining)))

    def _free_slot(self) -> _Slot | None:
        """A slot for a new connection; None if the pool has its maximum of slots."""
        limit = None if self._max_overflow == -1 else self.size() + self._max_overflow
        for known in list(self._slots):
            if known() is None:
                self._slots.discard(known)
        if limit is not None and self._living() >= limit:
            return None
        slot = _Slot()
        self._slots.add(ref(slot))
        # Another thread may have taken the last slot meanwhile.
        return slot if limit is None or self._living() <= limit else None

    def _living(self) -> int:
        return sum(known() is not None for known in list(self._slots))

    def _collected(self) -> bool:
        """Whether garbage collection has freed slots: a reference cycle of an exception keeps its frames' objects."""
        before = self._living()
        gc.collect()
        return self._living() < before or self._pool.qsize() > 0

    def _wait(self, seconds: float) -> None:
        """Wait until an entry is returned, but no longer than ``seconds``."""
        waiter = bell()
        self._waiting.append(waiter)
        try:
            if not self._pool.qsize():
                waiter.wait(seconds)
        finally:
            with suppress(ValueError, IndexError):
                self._waiting.remove(waiter)

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        idle: _Idle = self._pool  # type: ignore[assignment]
        if 0 < idle.maxsize <= len(idle.entries):
            try:
                record.close()
            finally:
                record.record_info.pop(_SLOT, None)  # type: ignore[union-attr]
        else:
            idle.entries.append(record)
        with suppress(IndexError):
            self._waiting.popleft().ring()
