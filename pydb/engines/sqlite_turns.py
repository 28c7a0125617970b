"""Writers of one SQLite file take turns: a database path in, a context that is held by one writer at a time out.

SQLite's busy timeout polls, so among many writers some starve.  An advisory lock (flock) on a file beside the
database queues them, across threads and processes; https://man7.org/linux/man-pages/man2/flock.2.html.  Where there is
no flock, or the folder cannot be written, the busy timeout alone decides.  Not for network file systems.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

from pydb import errors

try:
    import fcntl
except ModuleNotFoundError:  # Windows
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger("pydb")


class _Place:
    """A thread's place in the line; ``descriptor`` is the locked file once it is ``ready``."""

    __slots__ = ("descriptor", "ready")

    def __init__(self) -> None:
        self.descriptor: int | None = None
        self.ready = threading.Event()


class WriteTurns:
    """The queue of those who write to one database file; ``path`` is None for a database in memory.

    ``timeout`` is how many seconds a writer waits for its turn before it gets ``Busy``.
    """

    def __init__(self, path: str | None, timeout: float) -> None:
        self._lock_path = f"{path}-lock" if path is not None and fcntl is not None else None
        self._timeout = timeout
        self.wal_settled = path is None
        self._descriptors: set[int] = set()
        self._start_line()
        _all.add(self)

    def _start_line(self) -> None:
        self._mutex = threading.Lock()
        self._line: deque[_Place] = deque()
        self._doorman_waits = False

    def forget_parent(self) -> None:
        """Own nothing of what the parent held when it forked this process."""
        for descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors.clear()
        self._start_line()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the turn for the length of the block.  Raises Busy after the timeout."""
        descriptor = self._take()
        try:
            yield
        finally:
            if descriptor is not None:
                self._release(descriptor)

    def _take(self) -> int | None:
        """The locked file, or None where writers do not queue."""
        with self._mutex:
            descriptor = self._open()
            if descriptor is None:
                return None
            if not self._doorman_waits and _try_lock(descriptor):
                return descriptor
            place = _Place()
            self._line.append(place)
            if self._doorman_waits:
                self._release(descriptor)
            else:
                self._doorman_waits = True
                threading.Thread(target=self._wait, args=(descriptor,), name="pydb-write-turn", daemon=True).start()
        place.ready.wait(self._timeout)
        with self._mutex:
            if place.descriptor is None:
                self._line.remove(place)
                raise errors.Busy(
                    f"other writers kept the database for {self._timeout:g} seconds",
                    hint="keep writing transactions short; a begin() inside a begin() waits for itself",
                )
        return place.descriptor

    def _wait(self, descriptor: int) -> None:
        """Wait in the kernel's queue for this process's threads, one after the other.

        That queue is what makes it fair between processes, and flock has no timeout: one thread waits for all,
        and outlives their patience when it must.
        """
        waiting: int | None = descriptor
        while waiting is not None:
            fcntl.flock(waiting, fcntl.LOCK_EX)
            waiting = self._hand_over(waiting)

    def _hand_over(self, descriptor: int) -> int | None:
        """Give the locked file to the first in line; the file to wait for on behalf of the next."""
        with self._mutex:
            if self._line:
                place = self._line.popleft()
                place.descriptor = descriptor
                place.ready.set()
            else:
                self._release(descriptor)
            following = self._open() if self._line else None
            self._doorman_waits = following is not None
            return following

    def _open(self) -> int | None:
        if self._lock_path is None:
            return None
        try:
            descriptor = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            self._do_without(error)
            return None
        self._descriptors.add(descriptor)
        return descriptor

    def _do_without(self, error: OSError) -> None:
        log.info("writers of this database do not queue: no lock file (%s)", error.strerror)
        self._lock_path = None

    def _release(self, descriptor: int) -> None:
        # Unlocked, not only closed: a child forked meanwhile may hold a copy.
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        self._descriptors.discard(descriptor)
        os.close(descriptor)

    def switch_to_wal(self, dbapi_connection: Any) -> None:
        """Put the file into WAL mode, once; a file that cannot be switched stays as it is, and the log says so."""
        if self.wal_settled or _is_wal(dbapi_connection):
            self.wal_settled = True
            return
        self.wal_settled = True
        try:
            # SQLite does not wait when it switches: under the turn nobody else of ours is in the way.
            with self.turn():
                deadline = time.monotonic() + self._timeout
                while not _try_wal(dbapi_connection) and time.monotonic() < deadline:
                    time.sleep(0.01)
        except errors.Busy:
            pass
        if not _is_wal(dbapi_connection):
            log.warning("the database file stays without WAL: readers will wait for writers")


_all: WeakSet[WriteTurns] = WeakSet()


def _forget_parent() -> None:
    for turns in _all:
        turns.forget_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parent)


def _is_wal(dbapi_connection: Any) -> bool:
    try:
        return bool(dbapi_connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal")
    except sqlite3.OperationalError:
        return False


def _try_wal(dbapi_connection: Any) -> bool:
    """Whether there is nothing left to try: the switch is done, or refused for good."""
    try:
        dbapi_connection.execute("PRAGMA journal_mode = WAL").fetchone()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return True


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
