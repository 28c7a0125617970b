"""Writers of one SQLite file take turns: a database path in, a context that is held by one writer at a time out.

SQLite's busy timeout polls, so among many writers some starve.  Advisory locks (flock) on files beside the database
queue them, across threads and processes; https://man7.org/linux/man-pages/man2/flock.2.html.  Where there is no flock,
or the folder cannot be written, the busy timeout alone decides.  Not for network file systems.
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
from pydb.engines.forks import ChildStep, in_child

try:
    import fcntl
except ModuleNotFoundError:  # Windows
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger("pydb")


class _FileLocks:
    """Two files with locks: who waits for the turn has the queue, who has the turn has left the queue.

    With one lock alone, a writer that lets it go and wants it again at once is faster than those it wakes up.
    """

    def __init__(self, path: str) -> None:
        self._turn = os.open(f"{path}-lock", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            self._queue = os.open(f"{path}-queue", os.O_RDWR | os.O_CREAT, 0o666)
        except OSError:
            os.close(self._turn)
            raise

    def try_take(self) -> bool:
        """Take the turn if nobody has it or waits for it."""
        try:
            self._take(fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def take(self) -> None:
        """Wait for the turn."""
        self._take(fcntl.LOCK_EX)

    def _take(self, how: int) -> None:
        fcntl.flock(self._queue, how)
        fcntl.flock(self._turn, how)
        fcntl.flock(self._queue, fcntl.LOCK_UN)

    def release(self) -> None:
        """Let the turn go, or the place in the queue."""
        # Unlocked, not only closed: a child forked meanwhile may hold a copy.
        fcntl.flock(self._turn, fcntl.LOCK_UN)
        fcntl.flock(self._queue, fcntl.LOCK_UN)
        self.close()

    def close(self) -> None:
        """Close the files without unlocking what the parent process has locked."""
        os.close(self._turn)
        os.close(self._queue)


class _Waiter:
    """A thread in its process's line; it has the turn once it is ``ready``."""

    __slots__ = ("locks", "ready")

    def __init__(self) -> None:
        self.locks: _FileLocks | None = None
        self.ready = threading.Event()


class WriteQueue:
    """The queue of those who write to one database file; ``path`` is None for a database in memory.

    ``timeout`` is how many seconds a writer waits for its turn before it gets ``Busy``.
    """

    def __init__(self, path: str | None, timeout: float) -> None:
        self._path = path if fcntl is not None else None
        self._timeout = timeout
        self.wal_settled = path is None
        self._held: set[_FileLocks] = set()
        self._start_line()
        _all.add(self)

    def _start_line(self) -> None:
        self._mutex = threading.Lock()
        self._line: deque[_Waiter] = deque()
        self._lock_thread_runs = False

    def after_fork_in_child(self) -> None:
        """Own nothing of what the parent held when it forked this process."""
        for locks in self._held:
            locks.close()
        self._held.clear()
        self._start_line()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the turn for the length of the block.  Raises Busy after the timeout."""
        locks = self._take()
        try:
            yield
        finally:
            if locks is not None:
                self._release(locks)

    def _take(self) -> _FileLocks | None:
        """The turn, or None where writers do not queue."""
        with self._mutex:
            if not self._lock_thread_runs:
                locks = self._open_locks()
                if locks is None or locks.try_take():
                    return locks
                self._lock_thread_runs = True
                threading.Thread(target=self._lock_thread, args=(locks,), name="pydb-write-turn", daemon=True).start()
            waiter = _Waiter()
            self._line.append(waiter)
        waiter.ready.wait(self._timeout)
        with self._mutex:
            if waiter.locks is None:
                self._line.remove(waiter)
                raise errors.Busy(
                    f"other writers kept the database for {self._timeout:g} seconds",
                    hint="keep writing transactions short; a begin() inside a begin() waits for itself",
                )
        return waiter.locks

    def _lock_thread(self, locks: _FileLocks) -> None:
        """Wait for this process's threads, one after the other.

        flock has no timeout: one thread waits for all, and outlives their patience when it must.
        """
        following: _FileLocks | None = locks
        while following is not None:
            following.take()
            following = self._hand_over(following)

    def _hand_over(self, locks: _FileLocks) -> _FileLocks | None:
        """Give the turn to the first in line; the locks to wait for on behalf of the next."""
        with self._mutex:
            if self._line:
                waiter = self._line.popleft()
                waiter.locks = locks
                waiter.ready.set()
            else:
                self._release(locks)
            following = self._open_locks() if self._line else None
            self._lock_thread_runs = following is not None
            return following

    def _open_locks(self) -> _FileLocks | None:
        if self._path is None:
            return None
        try:
            locks = _FileLocks(self._path)
        except OSError as error:
            log.info("writers of this database do not queue: no lock file (%s)", error.strerror)
            self._path = None
            return None
        self._held.add(locks)
        return locks

    def _release(self, locks: _FileLocks) -> None:
        self._held.discard(locks)
        locks.release()

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


_all: WeakSet[WriteQueue] = WeakSet()


def _give_up_locks() -> None:
    for queue in _all:
        queue.after_fork_in_child()


in_child(ChildStep.GIVE_UP_LOCKS, _give_up_locks)


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
