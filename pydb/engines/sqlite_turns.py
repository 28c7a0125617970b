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
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydb import errors

try:
    import fcntl
except ModuleNotFoundError:  # Windows
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger("pydb")

_open_locks: set[int] = set()


def _drop_inherited_locks() -> None:
    # A child shares the parent's lock until it closes its copy; it never owns one.
    for descriptor in _open_locks:
        os.close(descriptor)
    _open_locks.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_drop_inherited_locks)


class WriteTurns:
    """The queue of those who write to one database file; ``path`` is None where nobody queues: in memory, or read only.

    ``timeout`` is how many seconds a writer waits for its turn before it gets ``Busy``.
    """

    def __init__(self, path: str | None, timeout: float) -> None:
        self._lock_path = f"{path}-lock" if path is not None and fcntl is not None else None
        self._timeout = timeout
        self._wal_settled = path is None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the turn for the length of the block.  Raises Busy after the timeout."""
        descriptor = self._open()
        if descriptor is None:
            yield
            return
        _open_locks.add(descriptor)
        if not _lock_within(descriptor, self._timeout):
            raise errors.Busy(
                f"other writers kept the database for {self._timeout:g} seconds",
                hint="keep writing transactions short; a begin() inside a begin() waits for itself",
            )
        try:
            yield
        finally:
            _close(descriptor)

    def _open(self) -> int | None:
        if self._lock_path is None:
            return None
        try:
            return os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            log.info("writers of this database do not queue: no lock file (%s)", error.strerror)
            self._lock_path = None
            return None

    def switch_to_wal(self, dbapi_connection: Any) -> None:
        """Put the file into WAL mode, once; a file that cannot be switched stays as it is, and the log says so."""
        if self._wal_settled or _is_wal(dbapi_connection):
            self._wal_settled = True
            return
        self._wal_settled = True
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


def _lock_within(descriptor: int, timeout: float) -> bool:
    """Lock the file, waiting in the kernel's queue; False, with the descriptor closed, after the timeout.

    The queue is what makes it fair, and flock has no timeout: a thread of its own waits, and outlives the
    caller's patience when it must.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        pass
    state = threading.Lock()
    locked = threading.Event()
    given_up = False

    def wait() -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        finally:
            with state:
                if given_up:
                    _close(descriptor)
                else:
                    locked.set()

    threading.Thread(target=wait, name="pydb-write-turn", daemon=True).start()
    try:
        return locked.wait(timeout)
    finally:
        with state:
            given_up = not locked.is_set()


def _close(descriptor: int) -> None:
    _open_locks.discard(descriptor)
    os.close(descriptor)
