"""Queue the writers of one SQLite file: a database path in; out, a context that one writer at a time can enter.

SQLite's busy timeout polls, so if there are many writers, some never get their turn.  Advisory locks (flock) on files
beside the database queue the writers of all threads and processes: https://man7.org/linux/man-pages/man2/flock.2.html.
If there is no flock, or the folder is not writable, only the busy timeout decides.  The queue does not work on network
file systems.

An interrupt can stop a writer between any two bytecodes.  It would leave a mutex locked, so writers share no mutex.
They change shared data by single operations in C.  To give a turn back twice does no harm.
"""

from __future__ import annotations

import logging
import sqlite3
import sys
import threading
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
from pydb.engines.waiting import bell, in_task, pause
from pydb.support.blocks import guarded_block

if sys.platform == "win32":
    fcntl = None
else:
    import fcntl

log = logging.getLogger("pydb")

LOOK = 0.1
"""Seconds after which a waiting thread checks for exceptions that another thread has sent to it."""


class _FileLocks:
    """Two locked files: the first waiting writer has the lock ``queue``; the active writer has the lock ``turn``.

    With only one lock, a writer that releases it and wants it again at once would be faster than the waiting writers.
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
        """Release the turn, or the place in the queue."""
        for file in (self._turn, self._queue):
            if not file.closed:
                # Unlock and not only close: a child that was forked meanwhile may have a copy of the open file.
                fcntl.flock(file, fcntl.LOCK_UN)
                file.close()

    @property
    def has_turn(self) -> bool:
        """Whether the files are open, which they are from before the turn is taken until it is released."""
        return not self._turn.closed

    def close(self) -> None:
        """Close the files without unlocking what the parent process has locked."""
        self._turn.close()
        self._queue.close()


class _Turn:
    """A writer's turn, from the request until it is given back."""

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
        """Wait; return whether the turn was given within that many seconds."""
        return self._ready.wait(seconds)

    def stop_waiting(self) -> bool:
        """Stop waiting; return True if the turn was not given, and will not be given any more."""
        return not self._decide(False)

    def _decide(self, given: bool) -> bool:
        # The first caller decides, because setdefault is one operation.
        return self._given.setdefault(None, given)

    def give_back(self) -> None:
        """Give the turn back, in any state; a second call does no harm."""
        if not (self.in_line and self.stop_waiting()):
            self.locks.release()


class _Server:
    """An object that exists as long as the thread that waits on behalf of writers."""


def _no_server() -> None:
    return None


class WriteQueue:
    """The queue of the writers of one database file; ``path`` is None for a database in memory.

    After ``timeout`` seconds, a waiting writer gets ``Busy``.
    """

    def __init__(self, path: str | None, timeout: float) -> None:
        self._path = path if fcntl is not None else None
        self._timeout = timeout
        self._active: tuple[int, _Turn] | None = None
        self.wal_settled = path is None
        self._open: set[_FileLocks] = set()
        self._start_line()
        _all.add(self)

    def _start_line(self) -> None:
        self._line: deque[_Turn] = deque()
        self._server: Callable[[], _Server | None] = _no_server

    def after_fork_in_child(self) -> None:
        """Give up the locks that the parent process had when it forked this process."""
        for locks in self._open:
            locks.close()
        self._open.clear()
        self._start_line()

    @guarded_block
    def turn(self) -> Iterator[None]:
        """Have the turn until the block ends.  Raises Busy after the timeout."""
        turn = _Turn()
        try:
            try:
                self._take(turn)
                self._active = None if in_task() else (threading.get_ident(), turn)
                yield
            finally:
                turn.give_back()
        except BaseException:
            turn.give_back()  # an interrupt may have stopped the first call before it did anything
            raise
        finally:
            self._open.discard(turn.locks)
            if turn.in_line:
                self._leave_line(turn)

    def _take(self, turn: _Turn) -> None:
        """Wait for the turn; return at once if writers do not queue."""
        if not self._line and self._server() is None:
            if not self._opened(turn.locks) or turn.locks.try_take():
                return
            turn.locks.release()
            self._open.discard(turn.locks)
        self._refuse_own_wait()
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

    def _refuse_own_wait(self) -> None:
        """Refuse to wait for a turn that the same thread has: it could never give it back.

        In a task of an event loop the turn may be that of another task.
        """
        active = self._active
        if active is not None and not in_task() and active[0] == threading.get_ident() and active[1].locks.has_turn:
            raise errors.PydbError(
                "begin() or run() inside of another one on the same SQLite database would wait for itself",
                hint="pass the connection on; for a part that may fail: with conn.begin_nested(): …",
            )

    def _leave_line(self, turn: _Turn) -> None:
        with suppress(ValueError, IndexError):  # the turn may have left the line already
            self._line.remove(turn)

    def _serve_line(self) -> None:
        """Start a thread that waits on behalf of the writers in the line, if there is none; a second one does no harm.

        flock has no timeout.  So one thread waits for all writers of this process, even after they have stopped
        waiting.
        """
        if self._server() is None:
            server = _Server()
            self._server = ref(server)
            # Not threading.Thread, whose start() waits until the new thread has begun.  An exception that
            # PyThreadState_SetAsyncExc sends to the starting thread can end the new thread before that.
            start_new_thread(self._wait_for_locks, (server,))

    def _wait_for_locks(self, _server: _Server) -> None:
        """The thread's function: wait for the turn and give it to the first in the line, until the line is empty."""
        while True:
            if not self._line:
                # A writer that comes after this line starts another thread; one that came before it is seen below.
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
        """Give the turn to a writer in the line; return whether one has taken it."""
        while True:
            try:
                turn = self._line.popleft()
            except IndexError:
                return False
            if turn.give(locks):
                return True

    def _opened(self, locks: _FileLocks) -> bool:
        """Open the lock files; return whether that was possible, so that writers queue."""
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
        """Switch the file to WAL mode, once; if that is not possible, log a warning."""
        if self.wal_settled or _is_wal(dbapi_connection):
            self.wal_settled = True
            return
        self.wal_settled = True
        try:
            # SQLite does not wait for writers when it switches; during this turn, no other writer of pydb is active.
            with self.turn():
                deadline = time.monotonic() + self._timeout
                while not _try_wal(dbapi_connection) and time.monotonic() < deadline:
                    pause(0.01)
        except errors.PydbError:
            pass
        if not _is_wal(dbapi_connection):
            log.warning("the database file could not be switched to WAL mode: readers will wait for writers")


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
    """Try to switch; return False if another try may succeed."""
    try:
        dbapi_connection.execute("PRAGMA journal_mode = WAL").fetchone()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return True
