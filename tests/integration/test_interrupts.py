"""KeyboardInterrupt, and exceptions of signal handlers, at any place in a block: nothing is held afterwards."""

from __future__ import annotations

import _thread
import ctypes
import fcntl
import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text

import pydb
from pydb.support.interrupts import Interrupted
from tests.harness import interrupts
from tests.harness.interrupts import at_each_bytecode
from tests.harness.waiting import wait_until
from tests.integration.bank import accounts, balances, open_accounts

pytestmark = pytest.mark.deep

ENDLESS = {
    "sqlite": "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t",
    "postgresql": "SELECT count(*) FROM pg_sleep(600)",
    "mariadb": "SELECT sleep(600)",
}
SQLITE = pytest.mark.engines("sqlite")


class Alarm(BaseException):
    """A foreign exception: neither one of Python's that end a program, nor an Exception."""


class Timeout(Exception):
    """The exception that many signal handlers raise."""


@pytest.fixture
def ring(engine_name: str) -> Iterator[Callable[[BaseException, float], None]]:
    """Send a signal whose handler raises this error after so many seconds, 0 is by hand: ``ring(error, seconds)``."""
    raised: list[BaseException] = []

    def handle(*_: object) -> None:
        raise raised[-1]

    numbers = {signal.ITIMER_REAL: signal.SIGALRM, signal.ITIMER_PROF: signal.SIGPROF}
    before = {number: signal.signal(number, handle) for number in numbers.values()}
    # On SQLite this process does the work, so its CPU time is the same on a busy machine.
    timer = signal.ITIMER_PROF if engine_name == "sqlite" else signal.ITIMER_REAL

    def start(error: BaseException, seconds: float) -> None:
        raised.append(error)
        if seconds:
            signal.setitimer(timer, seconds)

    yield start
    signal.setitimer(timer, 0)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def bank(empty_url: str) -> Iterator[pydb.Database]:
    """Two accounts of 100; waiting for a lock that is not released fails soon."""
    # The pool may have any number of connections, because an interrupt in a check-in can cost one.
    with pydb.Database(empty_url, max_overflow=-1, lock_timeout=1.0) as database:
        open_accounts(database)
        yield database


def locks(url: str) -> list[str]:
    """The held locks on a SQLite file: the lock of the turn, and SQLite's own locks."""
    file = make_url(url).database
    found = []
    for role in ("lock", "queue"):
        with Path(f"{file}-{role}").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                found.append(role)
    other = sqlite3.connect(str(file), timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        found.append(str(error))
    finally:
        other.close()
    return found


def deposit(bank: pydb.Database) -> None:
    with bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=1)


def look(bank: pydb.Database) -> None:
    with bank.read() as conn:
        accounts.balance(conn, id=1)


def roll_back(bank: pydb.Database) -> None:
    with suppress(LookupError), bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=1)
        raise LookupError


def interrupted_everywhere(bank: pydb.Database, url: str, work: Callable[[pydb.Database], None], step: int) -> int:
    """Interrupt the work at each bytecode of pydb, and look for locks each time; the number of interrupts."""
    for _ in range(3):  # the first calls cache what later calls find
        work(bank)
    count = 0
    for error in at_each_bytecode(lambda: work(bank), step=step):
        assert isinstance(error, KeyboardInterrupt), error
        assert locks(url) == [], error.__traceback__
        count += 1
    return count


@pytest.mark.deep
@SQLITE
@pytest.mark.parametrize("work", [deposit, look, roll_back])
def test_an_interrupt_at_any_bytecode_leaves_no_lock(
    bank: pydb.Database, empty_url: str, work: Callable[[pydb.Database], None]
) -> None:
    """At every bytecode of pydb, while the exception exists, no turn and no lock is held, and the next block works."""
    assert interrupted_everywhere(bank, empty_url, work, step=1) > 500
    with pydb.Database(empty_url, lock_timeout=0) as other:
        deposit(other)


@SQLITE
def test_an_interrupt_at_some_bytecodes_leaves_no_lock(bank: pydb.Database, empty_url: str) -> None:
    """The same is true at every 41st bytecode."""
    assert interrupted_everywhere(bank, empty_url, deposit, step=41) > 10
    deposit(bank)


def interrupt_waiting(database: pydb.Database) -> None:
    """Send the signal once a writer waits."""
    queue = database.engine.get_execution_options()["pydb_write_queue"]
    wait_until(lambda: queue._line, "a writer waits")
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGALRM)


@SQLITE
@pytest.mark.parametrize("kind", [KeyboardInterrupt, Alarm, Timeout])
def test_an_interrupt_while_a_writer_waits_for_its_turn(
    bank: pydb.Database, empty_url: str, ring: Callable[[BaseException, float], None], kind: type[BaseException]
) -> None:
    """An interrupted writer leaves the queue: the writers before and behind it get their turns, then it is free."""
    for _ in range(5):
        error = kind()
        with bank.begin() as conn:
            ring(error, 0)
            with pydb.Database(empty_url) as other:
                other.connect().close()
                sender = threading.Thread(target=interrupt_waiting, args=(other,))
                sender.start()
                with pytest.raises(kind) as caught, other.begin():
                    raise AssertionError("two writers at once")
                sender.join()
            accounts.deposit(conn, id=1, amount=1)
        assert caught.value is error
        # The thread that waits for a turn on behalf of others finds no waiter, and releases the turn.
        wait_until(lambda: locks(empty_url) == [], "the turn is free")
    deposit(bank)
    assert balances(bank) == [106, 100]


@SQLITE
def test_an_exception_from_another_thread_while_a_writer_waits(bank: pydb.Database, empty_url: str) -> None:
    """PyThreadState_SetAsyncExc ends the wait of a thread, which then is no longer in the queue."""
    raised: list[BaseException] = []

    def wait() -> None:
        try:
            with other.begin():
                raise AssertionError("two writers at once")
        except BaseException as error:
            raised.append(error)

    before = _thread._count()
    with pydb.Database(empty_url, lock_timeout=60.0) as other:
        thread = threading.Thread(target=wait)
        with bank.begin():
            thread.start()
            # The waiting thread must already run, because otherwise it could be mistaken for the one that starts it.
            wait_until(lambda: _thread._count() == before + 2, "it waits")
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(Alarm))
            thread.join(30)
        assert not thread.is_alive()
        assert [type(error) for error in raised] == [Alarm]
        wait_until(lambda: locks(empty_url) == [], "the turn is free")


@SQLITE
@pytest.mark.parametrize("kind", [KeyboardInterrupt, Interrupted, Alarm, Timeout])
@pytest.mark.parametrize("options", [{}, {"statement_timeout": 600.0}])
@pytest.mark.usefixtures("call_path")
def test_an_interrupt_stops_a_statement(
    empty_url: str, load: Any, ring: Callable[[BaseException, float], None], kind: type, options: dict[str, Any]
) -> None:
    """The exception of the handler leaves the block unchanged, and the transaction is rolled back at once."""
    q = load(f"-- Work.\n\n-- name: endless :one scalar\n{ENDLESS['sqlite']};\n")
    with pydb.Database(empty_url, lock_timeout=0.5, **options) as bank:
        open_accounts(bank)
        for block in (bank.begin, bank.read, bank.connect):
            error = kind()
            with pytest.raises(kind) as caught, block() as conn:
                if block != bank.read:
                    accounts.deposit(conn, id=1, amount=1)
                ring(error, 0.05)
                q.endless(conn)
            assert caught.value is error
            assert locks(empty_url) == []
        assert balances(bank) == [100, 100]


@SQLITE
def test_an_interrupt_of_the_drivers_own_cursor(
    bank: pydb.Database, empty_url: str, ring: Callable[[BaseException, float], None]
) -> None:
    """If a program uses sqlite3 itself, the exception leaves the block instead of sqlite3's error."""
    error = Timeout()
    with pytest.raises(Timeout) as caught, bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=1)
        ring(error, 0.05)
        conn.connection.cursor().execute(ENDLESS["sqlite"]).fetchall()
    assert caught.value is error
    assert locks(empty_url) == []
    assert balances(bank) == [100, 100]


@SQLITE
def test_an_interrupt_of_a_stream(
    bank: pydb.Database, empty_url: str, load: Any, ring: Callable[[BaseException, float], None]
) -> None:
    """The same is true between two rows that take long."""
    rows = "SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT n FROM (" + ENDLESS["sqlite"].replace("count(*)", "n")
    q = load(f"-- Work.\n\n-- name: endless :stream scalar\n{rows} WHERE n < 0);\n")
    error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt) as caught, bank.begin() as conn:
        ring(error, 0.05)
        list(q.endless(conn))
    assert caught.value is error
    assert locks(empty_url) == []
    deposit(bank)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, Alarm])
@pytest.mark.engines("postgresql", "mariadb")
@pytest.mark.usefixtures("call_path")
def test_an_interrupted_statement_invalidates_its_connection(
    empty_url: str, load: Any, ring: Callable[[BaseException, float], None], engine_name: str, kind: type
) -> None:
    """The connection is closed on both paths, as in Core, because the driver may not have read the answer."""
    q = load(f"-- Work.\n\n-- name: endless :one scalar\n{ENDLESS[engine_name]};\n")
    error = kind()
    with pydb.Database(empty_url) as database, database.connect() as conn:
        conn.execute(text("SELECT 1"))
        ring(error, 0.1)
        with pytest.raises(kind) as caught:
            q.endless(conn)
        assert caught.value is error
        assert conn.invalidated


@pytest.mark.parametrize("kind", [KeyboardInterrupt, Alarm])
@pytest.mark.engines("postgresql", "mariadb")
@pytest.mark.usefixtures("call_path")
def test_an_interrupted_statement_keeps_no_lock_at_the_server(
    empty_url: str, load: Any, ring: Callable[[BaseException, float], None], engine_name: str, kind: type
) -> None:
    """The server ends the statement too, so the next writer gets the row at once."""
    q = load(f"-- Work.\n\n-- name: endless :one scalar\n{ENDLESS[engine_name]};\n")
    with pydb.Database(empty_url, lock_timeout=1.0) as bank:
        open_accounts(bank)
        with pytest.raises(kind), bank.begin() as conn:
            accounts.deposit(conn, id=1, amount=1)
            ring(kind(), 0.1)
            q.endless(conn)
        with bank.begin() as conn:
            accounts.deposit(conn, id=1, amount=5)
        assert balances(bank) == [105, 100]


@pytest.mark.deep
def test_random_interrupts_lose_nothing(empty_url: str, engine_name: str) -> None:
    """At random moments no turn, lock or row is lost, and no more slots of the pool than by SQLAlchemy."""
    # 5,000 if the figures are written; on a server, each interrupt costs a connection.
    count = 5_000 if os.environ.get("PYDB_RELIABILITY_FIGURES") else 400
    figures = interrupts.run(engine_name, empty_url, count, seed=1)
    figures.write("interrupts")
    assert figures.interrupts >= count
    assert figures.acknowledged > 0
    assert (figures.locks_lost, figures.rows_lost, figures.rows_doubled, figures.hung) == (0, 0, 0, 0), figures
    assert figures.slots_lost <= figures.sqlalchemy_slots + 2, figures
    assert figures.errors == {}, figures
