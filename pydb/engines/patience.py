"""Limit waits to a deadline: the deadline of ``Database.run`` in, timeouts that do not exceed it out.

Pools, connections and locks have their own timeouts.  In a block of ``wait_until``, none of them waits beyond the
deadline.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine

from pydb.engines.pool import SlotPool
from pydb.support.blocks import guarded_block

LEAST_CONNECT = 0.5
"""Seconds that a new connection may take at least: with less time left, no try is begun."""

LEAST_PING = 0.25
"""Seconds within which a pooled connection must show that it is alive, at least."""

_LOCK_TIMEOUT = "pydb_lock_timeout"

_end: ContextVar[float] = ContextVar("pydb_end", default=math.inf)
_lock_limit: ContextVar[float] = ContextVar("pydb_lock_limit", default=math.inf)
_spent: ContextVar[float] = ContextVar("pydb_spent", default=0.0)


class ConnectingTimeout(float):
    """pydb's own timeout for the server's answers while a connection is made."""


@guarded_block
def wait_until(end: float, lock_limit: float = math.inf) -> Iterator[None]:
    """Let no wait in the block last beyond ``end``, a time of ``time.monotonic()``.

    A wait for one lock also lasts no longer than ``lock_limit`` seconds.
    """
    before, limit_before = _end.get(), _lock_limit.get()
    try:
        try:
            _end.set(min(end, before))
            _lock_limit.set(min(lock_limit, limit_before))
            yield
        finally:
            _end.set(before)
            _lock_limit.set(limit_before)
    except BaseException:  # an interrupt may have come before everything was restored
        _end.set(before)
        _lock_limit.set(limit_before)
        raise


def seconds_left() -> float:
    """The seconds until the deadline; infinity without a deadline."""
    end = _end.get()
    return end if end == math.inf else max(0.0, end - time.monotonic())


def connect_timeout(seconds: float) -> float:
    """The timeout for a new connection, in seconds: ``seconds``, or less if less time is left.

    A failed ping of a pooled connection has used up a part of the time.
    """
    spent = _spent.get()
    _spent.set(0.0)
    return max(LEAST_CONNECT, min(seconds - spent, seconds_left()))


def limit_connecting(options: dict[str, Any]) -> None:
    """Limit ``connect_timeout`` in a driver's options, and pydb's timeouts for answers, to the time that is left."""
    seconds = connect_timeout(options.get("connect_timeout") or 10)
    options["connect_timeout"] = seconds
    for name in ("read_timeout", "write_timeout"):
        if isinstance(options.get(name), ConnectingTimeout):
            options[name] = ConnectingTimeout(min(options[name], seconds))


def ping_timeout(seconds: float) -> float:
    """The timeout for a ping of a pooled connection: half of the timeout for a new connection."""
    return max(LEAST_PING, min(seconds / 2, seconds_left()))


@contextmanager
def pinging() -> Iterator[None]:
    """Count the time of a failed ping as time of the new connection that replaces the dead one."""
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        _spent.set(time.monotonic() - begun)
        raise


def keep_lock_timeout(engine: Engine, seconds: float) -> None:
    """Remember the lock timeout to which the engine's connections are set."""
    engine.update_execution_options(**{_LOCK_TIMEOUT: seconds})


def shorter_lock_timeout(engine: Engine) -> float | None:
    """The seconds that a transaction may wait for a lock, if that is less than its connection's setting; else None."""
    left = min(seconds_left(), _lock_limit.get())
    usual: float = engine.get_execution_options().get(_LOCK_TIMEOUT, math.inf)
    return left if left < usual else None


def lock_timeout(seconds: float) -> float:
    """The timeout for a lock, in seconds: ``seconds``, or less if less time is left."""
    return min(seconds, seconds_left(), _lock_limit.get())


class PatientPool(SlotPool):
    """A pool in which no caller waits for a connection beyond the deadline."""

    __module__ = SlotPool.__module__  # the name of its logger

    _limit: float = 30.0

    @property
    def _timeout(self) -> float:
        return min(self._limit, seconds_left())

    @_timeout.setter
    def _timeout(self, seconds: float) -> None:
        self._limit = seconds

    def recreate(self) -> Any:
        """A new pool like this one, with the full timeout even if less time is left here."""
        limit, pool = self._limit, super().recreate()
        pool._timeout = limit
        return pool


class AsyncPatientPool(PatientPool):
    """A ``PatientPool`` for connections of an asynchronous driver."""

    __module__ = PatientPool.__module__  # the name of its logger

    _is_asyncio = True
