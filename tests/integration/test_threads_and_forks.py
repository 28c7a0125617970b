"""Threads and forked processes that share a Database have separate connections."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

import pydb
from tests.harness.waiting import ALARM
from tests.integration.bank import accounts, balances, open_accounts

pytestmark = [pytest.mark.usefixtures("call_path"), pytest.mark.core_in_deep]

IDENTITY = {
    "sqlite": "SELECT 1",
    "postgresql": "SELECT pg_backend_pid()",
    "mariadb": "SELECT connection_id()",
}


@pytest.fixture
def bank(empty_url: str) -> Iterator[pydb.Database]:
    """Two accounts of 100, and a pool with connections that were used."""
    with pydb.Database(empty_url, lock_timeout=ALARM) as database:
        open_accounts(database)
        with database.read(), database.read():
            pass
        yield database


def in_children(number: int, work: Callable[[], Any]) -> list[Any]:
    """The result or the error of the work in each of this number of forked children."""
    context = multiprocessing.get_context("fork")
    results: Any = context.SimpleQueue()

    def child() -> None:
        try:
            results.put(work())
        except Exception as error:
            results.put(repr(error))

    children = [context.Process(target=child) for _ in range(number)]
    for process in children:
        process.start()
    returned = [results.get() for _ in children]
    for process in children:
        process.join()
    return returned


def session_of(database: pydb.Database) -> int:
    with database.read() as conn:
        return int(conn.execute(text(IDENTITY[conn.dialect.name])).scalar_one())


def add(database: pydb.Database, times: int) -> None:
    """Add one this many times, reading before writing."""
    for _ in range(times):
        database.run(lambda conn: rewrite(conn), isolation="SERIALIZABLE")


def rewrite(conn: Any) -> None:
    accounts.set_balance(conn, id=1, balance=accounts.balance(conn, id=1) + 1)


def test_threads_lose_nothing(bank: pydb.Database) -> None:
    """Eight threads that read, add one and write lose no update under run()."""
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(add, bank, 8) for _ in range(8)]
    assert [future.exception() for future in futures] == [None] * 8
    assert balances(bank) == [164, 100]


def test_threads_have_connections_of_their_own(bank: pydb.Database) -> None:
    """Blocks that are open in several threads at the same time do not share a connection."""
    met = threading.Barrier(4)

    def work() -> int:
        with bank.read() as conn:
            accounts.count(conn)
            met.wait(ALARM)
            return id(conn.connection.dbapi_connection)

    with ThreadPoolExecutor(4) as pool:
        connections = [future.result() for future in [pool.submit(work) for _ in range(4)]]
    assert len(set(connections)) == 4


@pytest.mark.engines("postgresql", "mariadb")
def test_children_have_sessions_of_their_own(bank: pydb.Database) -> None:
    """Children of a process with connections in its pool use separate sessions of the server."""
    own = {session_of(bank) for _ in range(4)}
    theirs = in_children(4, lambda: session_of(bank))
    assert len(set(theirs)) == 4
    assert not own & set(theirs)
    assert {session_of(bank) for _ in range(4)} == own


def test_children_get_right_answers(bank: pydb.Database) -> None:
    """Children and their parent, which query at the same time with a used pool, get their own answers."""

    def ask() -> int:
        wrong = 0
        for number in range(40):
            with bank.read() as conn:
                wrong += (
                    conn.execute(text("SELECT :n + 0"), {"n": number + os.getpid()}).scalar_one()
                    != number + os.getpid()
                )
        return wrong

    assert in_children(6, ask) == [0] * 6
    assert ask() == 0


def test_children_lose_nothing(bank: pydb.Database) -> None:
    """Children that read, add one and write lose no update, and the parent's pool is still usable."""
    assert in_children(4, lambda: add(bank, 8)) == [None] * 4
    add(bank, 1)
    assert balances(bank) == [133, 100]


@pytest.mark.engines("postgresql", "mariadb")
def test_child_of_an_open_block(bank: pydb.Database) -> None:
    """A child that is forked inside a block has separate sessions, and the parent's block commits as usual."""
    with bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        assert in_children(2, lambda: balances(bank)) == [[100, 100]] * 2
        accounts.deposit(conn, id=1, amount=5)
    assert balances(bank) == [110, 100]


@pytest.mark.engines("sqlite")
def test_child_does_not_hold_the_turn(bank: pydb.Database) -> None:
    """A child that was forked inside a block, and that still runs, does not block writers after the block."""
    context = multiprocessing.get_context("fork")
    done: Any = context.Event()
    with bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        child = context.Process(target=done.wait)
        child.start()
    add(bank, 1)
    assert child.is_alive()
    done.set()
    child.join()
    assert balances(bank) == [106, 100]


@pytest.mark.engines("sqlite")
def test_child_of_an_open_block_on_sqlite(bank: pydb.Database) -> None:
    """A child that is forked inside a block may not use the file, because SQLite's locks are not valid in a child."""
    url = bank.engine.url

    def other() -> list[int]:
        with pydb.Database(url) as database:
            return balances(database)

    with bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        errors = [
            *in_children(1, lambda: balances(bank)),
            *in_children(1, lambda: add(bank, 1)),
            *in_children(1, other),
        ]
        accounts.deposit(conn, id=1, amount=5)
    assert all("PydbError" in error and "forked while" in error for error in errors)
    assert in_children(1, lambda: balances(bank)) == [[110, 100]]


@pytest.mark.engines("sqlite")
def test_child_of_an_idle_pool_on_sqlite(bank: pydb.Database) -> None:
    """A child of a process with an idle pool writes, and its rows stay when the parent closes its pool."""

    def work() -> None:
        with bank.read() as conn:
            accounts.count(conn)
            pid = os.fork()
            if pid == 0:
                os._exit(0)
            os.waitpid(pid, 0)
            add(bank, 1)

    assert in_children(2, work) == [None, None]
    bank.close()
    assert in_children(1, lambda: add(bank, 1)) == [None]
    assert balances(bank) == [103, 100]


@pytest.mark.engines("sqlite")
def test_a_connection_in_use_at_a_fork_is_closed_after_use(bank: pydb.Database) -> None:
    """A connection whose pool was replaced because of a fork works until the end of its block, and is then closed."""
    with bank.read() as conn:
        driver: Any = conn.connection.dbapi_connection
        assert in_children(1, int) == [0]
        assert accounts.count(conn) == 2
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        driver.execute("SELECT 1")


def test_child_of_a_database_in_memory() -> None:
    """A child has a copy of its parent's database in memory, as it was at the fork."""
    with pydb.Database("sqlite://") as database:
        open_accounts(database)

        def added() -> list[int]:
            add(database, 1)
            return balances(database)

        assert in_children(1, added) == [[101, 100]]
        assert balances(database) == [100, 100]
