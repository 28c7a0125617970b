"""Queue the writers of one SQLite file: a database path in; out, a context that one writer at a time can enter.

SQLite's busy timeout polls, so among many writers some starve.  Advisory locks (flock) on files beside the database
queue them, across threads and processes; https://man7.org/linux/man-pages/man2/flock.2.html.  Where there is no flock,
or the folder cannot be written, the busy timeout alone decides.  Not for network file systems.

A writer can be interrupted between any two bytecodes.  So writers share no mutex, which such an exception would leave
locked: what they share they change by single operations of C, and what they do to give a turn back can be done again.
"""

from __future__ import annotations

import logging
import sqlite3
import sys
import time
from _thread import start_new_thread
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import FileIO
from typing import Any
from weakref import WeakSet, ref

from pydb import errors
from pydb.engines import patience
from pydb.engines.forks import ChildStep, in_child
from pydb.engines.waiting import bell, pause
from pydb.support.blocks import guarded_block

if sys.platform == "win32":
    fcntl = None
else:
    import fcntl

log = logging.getLogger("pydb")

LOOK = 0.1
"""Seconds after which a waiting thread sees an exception that another thread has raised in it."""


class _FileLocks:
    """Two files with locks: who waits for the turn has the queue, who has the turn has left the queue.

    With one lock alone, a writer that lets it go and wants it again at once is faster than those it wakes up.
    """

    def __init__(self) -> None:
        # The objects are made before their files are opened, so that an open file can always be closed.
        self._turn, self._queue = FileIO.__new__(FileIO), FileIO.__new__(FileIO)

    def open(self, path: str) -> None:
        """Open the files beside the database.  Raises OSError."""
        self._turn.__init__(f"{path}-lock", "ab")  # type: ignore[misc]
        self._queue.__init__(f"{path}-queue", "ab")  # type: ignore[misc]

    def try_take(self) -> bool:
        """Take the turn if no writer has it or waits for it."""
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
        for file in (self._turn, self._queue):
            if not file.closed:
                # Unlocked, not only closed: a child forked meanwhile may hold a copy.
                fcntl.flock(file, fcntl.LOCK_UN)
                file.close()

    def close(self) -> None:
        """Close the files without unlocking what the parent process has locked."""
        self._turn.close()
        self._queue.close()


class _Turn:
    """A writer's turn, from before it is asked for until after it is given back."""

    __slots__ = ("_given", "_ready", "in_line", "locks")

    def __init__(self) -> None:
        self.locks = _FileLocks()
        self.in_line = False
        self._given: dict[None, bool] = {}
        self._ready = bell()

    def give(self, locks: _FileLocks) -> bool:
        """Give the turn to the waiting writer, unless it has stopped waiting."""
        self.locks = locks
        if not self._decide(True):
            return False
        self._ready.ring()
        return True

    def wait(self, seconds: float) -> bool:
        """Whether the turn was given within so many seconds."""
        return self._ready.wait(seconds)

    def stop_waiting(self) -> bool:
        """Whether the turn has not been given; it will not be any more."""
        return not self._decide(False)

    def _decide(self, given: bool) -> bool:
        # The first one decides: setdefault is one operation.
        return self._given.setdefault(None, given)

    def give_back(self) -> None:
        """Give back what there is of it, at any stage; to do it again does no harm."""
        if not (self.in_line and self.stop_waiting()):
            self.locks.release()


class _Server:
    """It lives as long as the thread that waits for others."""


def _no_server() -> None:
    return None


class WriteQueue:
    """The queue of those who write to one database file; ``path`` is None for a database in memory.

    ``timeout`` is how many seconds a writer waits for its turn before it gets ``Busy``.
    """

    def __init__(self, path: str | None, timeout: float) -> None:
        self._path = path if fcntl is not None else None
        self._timeout = timeout
        self.wal_settled = path is None
        self._open: set[_FileLocks] = set()
        self._start_line()
        _all.add(self)

    def _start_line(self) -> None:
        self._line: deque[_Turn] = deque()
        self._server: Callable[[], _Server | None] = _no_server

    def after_fork_in_child(self) -> None:
        """Forget what the parent process held when it forked this one."""
        for locks in self._open:
            locks.close()
        self._open.clear()
        self._start_line()

    @guarded_block
    def turn(self) -> Iterator[None]:
        """Hold the turn for the length of the block.  Raises Busy after the timeout."""
        turn = _Turn()
        try:
            try:
                self._take(turn)
                yield
            finally:
                turn.give_back()
        except BaseException:
            turn.give_back()  # an interrupt may have come before the first call of it did anything
            raise
        finally:
            self._open.discard(turn.locks)
            if turn.in_line:
                self._leave_line(turn)

    def _take(self, turn: _Turn) -> None:
        """Take the turn; return at once where writers do not queue."""
        if not self._line and self._server() is None:
            if not self._opened(turn.locks) or turn.locks.try_take():
                return
            turn.locks.release()
            self._open.discard(turn.locks)
        turn.in_line = True
        self._line.append(turn)
        seconds = patience.lock_timeout(self._timeout)
        deadline = time.monotonic() + seconds
        self._serve_line()
        while not turn.wait(min(LOOK, max(0.0, deadline - time.monotonic()))):
            if time.monotonic() >= deadline and turn.stop_waiting():
                raise errors.Busy(
                    f"timed out after {seconds:.3g} s waiting for other writers",
                    hint="keep writing transactions short; a begin() inside a begin() waits for itself",
                )
            self._serve_line()

    def _leave_line(self, turn: _Turn) -> None:
        with suppress(ValueError, IndexError):  # it is not there any more
            self._line.remove(turn)

    def _serve_line(self) -> None:
        """See that there is a thread that waits on behalf of those in the line; a second one does no harm.

        flock has no timeout: one thread waits for all, and outlives their patience when it must.
        """
        if self._server() is None:
            server = _Server()
            self._server = ref(server)
            # Not threading.Thread, which waits for a thread to begin: an exception of PyThreadState_SetAsyncExc for
            # the one that starts another can reach the other one, and end it before.
            start_new_thread(self._wait_for_locks, (server,))

    def _wait_for_locks(self, _server: _Server) -> None:
        """The thread: wait for the turn, and give it to the first in line, until the line is empty."""
        while True:
            if not self._line:
                # Who comes from now on starts another thread; who has come before is seen here.
                self._server = _no_server
                if not self._line:
                    return
            locks = _FileLocks()
            if self._opened(locks):
                locks.take()
            if not self._hand_over(locks):
                locks.release()
                self._open.discard(locks)

    def _hand_over(self, locks: _FileLocks) -> bool:
        """Whether a writer in the line has taken the turn."""
        while True:
            try:
                turn = self._line.popleft()
            except IndexError:
                return False
            if turn.give(locks):
                return True

    def _opened(self, locks: _FileLocks) -> bool:
        """Whether writers queue: the lock files can be opened, and are now."""
        if self._path is None:
            return False
        self._open.add(locks)
        try:
            locks.open(self._path)
        except OSError as error:
            locks.close()
            log.info("writers of this database do not queue: no lock file (%s)", error.strerror)
            self._path = None
            return False
        return True

    def switch_to_wal(self, dbapi_connection: Any) -> None:
        """Put the file into WAL mode, once; a file that cannot be switched stays as it is, and the log says so."""
        if self.wal_settled or _is_wal(dbapi_connection):
            self.wal_settled = True
            return
        self.wal_settled = True
        try:
            # SQLite does not wait when it switches: with the turn, no other writer of pydb is in the way.
            with self.turn():
                deadline = time.monotonic() + self._timeout
                while not _try_wal(dbapi_connection) and time.monotonic() < deadline:
                    pause(0.01)
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
