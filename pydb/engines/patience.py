"""Limit waits to a deadline: a deadline of ``Database.run`` in, timeouts cut to the time that is left out.

Pools, connections and locks have their own timeouts.  In ``wait_until`` none of them waits beyond the deadline.
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
"""Seconds that making a connection may take at least: a try with less time is not begun."""

LEAST_PING = 0.25
"""Seconds that a pooled connection may take at least to show that it is alive."""

_LOCK_TIMEOUT = "pydb_lock_timeout"

_end: ContextVar[float] = ContextVar("pydb_end", default=math.inf)
_lock_limit: ContextVar[float] = ContextVar("pydb_lock_limit", default=math.inf)
_spent: ContextVar[float] = ContextVar("pydb_spent", default=0.0)


class ConnectingTimeout(float):
    """A timeout of pydb's for the answers while connecting."""


@guarded_block
def wait_until(end: float, lock_limit: float = math.inf) -> Iterator[None]:
    """Limit each wait of the block to this time of ``time.monotonic()``; for one lock at most ``lock_limit``."""
    before, limit_before = _end.get(), _lock_limit.get()
    try:
        try:
            _end.set(min(end, before))
            _lock_limit.set(min(lock_limit, limit_before))
            yield
        finally:
            _end.set(before)
            _lock_limit.set(limit_before)
    except BaseException:  # an interrupt may have come before all was set back
        _end.set(before)
        _lock_limit.set(limit_before)
        raise


def seconds_left() -> float:
    """Seconds until the deadline; infinite without one."""
    end = _end.get()
    return end if end == math.inf else max(0.0, end - time.monotonic())


def connect_timeout(seconds: float) -> float:
    """The timeout for making a connection, cut to what is left of it.

    A pooled connection that has just been found dead has used up part of it.
    """
    spent = _spent.get()
    _spent.set(0.0)
    return max(LEAST_CONNECT, min(seconds - spent, seconds_left()))


def limit_connecting(options: dict[str, Any]) -> None:
    """Cut ``connect_timeout`` in a driver's options, and pydb's timeouts for answers, to the time that is left."""
    seconds = connect_timeout(options.get("connect_timeout") or 10)
    options["connect_timeout"] = seconds
    for name in ("read_timeout", "write_timeout"):
        if isinstance(options.get(name), ConnectingTimeout):
            options[name] = ConnectingTimeout(min(options[name], seconds))


def ping_timeout(seconds: float) -> float:
    """The timeout for asking a pooled connection whether it is alive: half of that for making one."""
    return max(LEAST_PING, min(seconds / 2, seconds_left()))


@contextmanager
def pinging() -> Iterator[None]:
    """Let the time that a failing ping takes count for the connection that is made instead."""
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        _spent.set(time.monotonic() - begun)
        raise


def keep_lock_timeout(engine: Engine, seconds: float) -> None:
    """Remember what the engine's connections are set to."""
    engine.update_execution_options(**{_LOCK_TIMEOUT: seconds})


def shorter_lock_timeout(engine: Engine) -> float | None:
    """Seconds that a transaction may wait for a lock, where less is left than its connection is set to; else None."""
    left = min(seconds_left(), _lock_limit.get())
    usual: float = engine.get_execution_options().get(_LOCK_TIMEOUT, math.inf)
    return left if left < usual else None


def lock_timeout(seconds: float) -> float:
    """The timeout for waiting for a lock, cut to what is left."""
    return min(seconds, seconds_left(), _lock_limit.get())


class PatientPool(SlotPool):
    """SQLAlchemy's pool, in which no caller waits for a connection beyond the deadline."""

    __module__ = SlotPool.__module__  # the name of its log

    _limit: float = 30.0

    @property
    def _timeout(self) -> float:
        return min(self._limit, seconds_left())

    @_timeout.setter
    def _timeout(self, seconds: float) -> None:
        self._limit = seconds

    def recreate(self) -> Any:
        """A new pool like this one, with its own timeout whatever is left here."""
        limit, pool = self._limit, super().recreate()
        pool._timeout = limit
        return pool


class AsyncPatientPool(PatientPool):
    """The same, for connections of an asynchronous driver."""

    __module__ = PatientPool.__module__  # the name of its log

    _is_asyncio = True
