"""The pool of ``Database``'s connections: SQLAlchemy's QueuePool, from which an interrupt loses no connection.

QueuePool counts its connections up and down, and shares a mutex among threads: an exception at the wrong bytecode, a
signal's or another thread's, loses a connection's slot for ever, or leaves the mutex locked.  Here a slot is an object
that lives as long as its entry of the pool, and what threads share they change by single operations of C.
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
"""Seconds after which a waiting caller looks for a connection again, without a notification."""

_SLOT = "pydb_slot"


class _Slot:
    """The right to one connection."""

    __slots__ = ("__weakref__",)


class _Idle:
    """The unused entries, with the interface that QueuePool needs."""

    def __init__(self, maxsize: int = 0, use_lifo: bool = False) -> None:
        self.maxsize, self.use_lifo = maxsize, use_lifo
        self.entries: deque[ConnectionPoolEntry] = deque()

    def get(self, _block: bool = False, _timeout: float | None = None) -> ConnectionPoolEntry:
        """An entry.  Raises Empty."""
        try:
            return self.entries.pop() if self.use_lifo else self.entries.popleft()
        except IndexError:
            raise Empty from None

    def qsize(self) -> int:
        """The number of unused entries."""
        return len(self.entries)


class SlotPool(QueuePool):
    """A QueuePool whose slots are counted by the entries that live."""

    __module__ = QueuePool.__module__  # the name of its log

    _queue_class = _Idle  # type: ignore[assignment]

    def __init__(self, creator: Any, **options: Any) -> None:
        # Not a WeakSet, whose callbacks an interrupt can come in too: there Python would lose it.
        self._slots: set[ref[_Slot]] = set()
        self._waiting: deque[Bell] = deque()
        super().__init__(creator, **options)

    @property
    def _overflow(self) -> int:
        return self._living() - self._pool.maxsize

    @_overflow.setter
    def _overflow(self, _count: int) -> None:
        """QueuePool counts; here the slots are there."""

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
                    slot = None  # it would live as long as the exception, whose frames have it
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
        """A slot for one more connection; None if the maximum is reached."""
        limit = None if self._max_overflow == -1 else self.size() + self._max_overflow
        for known in list(self._slots):
            if known() is None:
                self._slots.discard(known)
        if limit is not None and self._living() >= limit:
            return None
        slot = _Slot()
        self._slots.add(ref(slot))
        # None if other threads were faster.
        return slot if limit is None or self._living() <= limit else None

    def _living(self) -> int:
        return sum(known() is not None for known in list(self._slots))

    def _collected(self) -> bool:
        """Whether slots are free that only garbage had: an exception with a cycle keeps what its frames have."""
        before = self._living()
        gc.collect()
        return self._living() < before or self._pool.qsize() > 0

    def _wait(self, seconds: float) -> None:
        """Wait until an entry comes back, or so many seconds."""
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
