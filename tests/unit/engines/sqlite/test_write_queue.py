"""Writers of one SQLite file take turns."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

import pytest

from pydb.engines.sqlite.write_queue import WriteQueue, _Turn
from pydb.errors import Busy, PydbError


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    """While a writer has the turn, another one waits until it gets Busy; afterwards the turn is free."""
    first, second = WriteQueue(str(tmp_path / "a.db"), 10.0), WriteQueue(str(tmp_path / "a.db"), 0.05)
    with first.turn(), pytest.raises(Busy), second.turn():
        raise AssertionError("two writers at once")
    with second.turn():
        pass


def test_who_waits_gets_the_turn(tmp_path: Path) -> None:
    """Waiting threads get the turn one after the other, each once, in the order of their arrival."""
    queue, order = WriteQueue(str(tmp_path / "a.db"), 60.0), []
    waiting = threading.Semaphore(0)

    def write(number: int) -> None:
        waiting.release()
        with queue.turn():
            order.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    with queue.turn():
        for number, thread in enumerate(threads):
            thread.start()
            waiting.acquire()
            while len(queue._line) <= number:  # the thread is in the queue
                pass
    for thread in threads:
        thread.join()
    assert order == list(range(5))


def test_the_turn_is_given_back_after_an_error(tmp_path: Path) -> None:
    """An exception in the block releases the turn."""
    queue = WriteQueue(str(tmp_path / "a.db"), 0.05)
    with pytest.raises(ZeroDivisionError), queue.turn():
        raise ZeroDivisionError
    with queue.turn():
        pass


def test_databases_in_memory_have_no_queue() -> None:
    """Without a file there is no queue and no WAL."""
    queue = WriteQueue(None, 0.0)
    with queue.turn(), queue.turn():
        assert queue.wal_settled


def test_a_folder_that_cannot_be_written() -> None:
    """If no lock file can be created, writers do not queue."""
    queue = WriteQueue("/no/such/folder/a.db", 0.0)
    with queue.turn(), queue.turn():
        pass


def test_a_child_owns_nothing(tmp_path: Path) -> None:
    """After a fork, the child has given up its parent's turn without ending it, and its own queue is empty."""
    queue, other = WriteQueue(str(tmp_path / "a.db"), 0.05), WriteQueue(str(tmp_path / "a.db"), 0.05)
    turn = _Turn()
    queue._take(turn)
    locks = turn.locks
    copies = [os.dup(file.fileno()) for file in (locks._turn, locks._queue)]  # as in a parent
    queue.after_fork_in_child()
    with pytest.raises(Busy), other.turn():
        raise AssertionError("the parent's turn has ended")
    for number in copies:
        os.close(number)


def test_wal(tmp_path: Path) -> None:
    """A file is switched to WAL mode."""
    queue = WriteQueue(str(tmp_path / "a.db"), 10.0)
    connection = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    queue.switch_to_wal(connection)
    assert queue.wal_settled
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_thread_does_not_wait_for_itself(tmp_path: Path) -> None:
    """A turn inside the thread's own turn is refused at once, with an error that run() does not repeat."""
    queue = WriteQueue(str(tmp_path / "a.db"), 60.0)
    refused = pytest.raises(PydbError, match=r"would wait for itself    hint: pass the connection on")
    with queue.turn(), refused as caught, queue.turn():
        raise AssertionError("two writers at once")
    assert not isinstance(caught.value, Busy)
    with queue.turn():
        pass


def test_another_thread_waits_for_the_turn(tmp_path: Path) -> None:
    """Only the thread that has the turn is refused."""
    queue, done = WriteQueue(str(tmp_path / "a.db"), 60.0), threading.Event()

    def write() -> None:
        with queue.turn():
            done.set()

    thread = threading.Thread(target=write)
    with queue.turn():
        thread.start()
        while not queue._line:  # the thread is in the queue
            pass
        assert not done.is_set()
    thread.join()
    assert done.is_set()
