"""run(work, within=seconds): the errors after which it continues, and its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, event, make_url

import pydb
from pydb import errors
from pydb.testing.servers import StartedServer
from tests.harness.figures import write_figures
from tests.integration.bank import accounts, balances, open_accounts

pytestmark = pytest.mark.deep

THREADS, CALLS = 8, 60

ROOM = 5.0
"""Seconds that a busy machine may add."""


@pytest.fixture
def bank(empty_url: str) -> Iterator[pydb.Database]:
    """Two accounts of 100."""
    with pydb.Database(empty_url, pool_size=THREADS) as database:
        open_accounts(database)
        yield database


def deposit(conn: Connection) -> None:
    accounts.deposit(conn, id=1, amount=1)


def read_and_write(conn: Connection) -> None:
    accounts.set_balance(conn, id=1, balance=accounts.balance(conn, id=1) + 1)


def test_behind_a_lock(empty_url: str, bank: pydb.Database) -> None:
    """If a lock is not released, run() raises Busy at the end of its time, however long lock_timeout is."""
    with pydb.Database(empty_url, lock_timeout=600) as database, bank.begin() as holder:
        accounts.deposit(holder, id=2, amount=1)
        begun = time.monotonic()
        with pytest.raises(errors.Busy):
            database.run(lambda conn: accounts.deposit(conn, id=2, amount=1), within=0.3)
        assert time.monotonic() - begun < 0.3 + 1 + ROOM
    assert balances(bank) == [100, 101]


def test_an_empty_pool(empty_url: str, bank: pydb.Database) -> None:
    """The wait for the pool is not longer than the time, however long pool_timeout is."""
    with (
        pydb.Database(empty_url, pool_size=1, max_overflow=0, pool_timeout=600) as database,
        database.connect(),
        pytest.raises(errors.PoolTimeout),
    ):
        database.run(deposit, within=0.1)


def test_lock_timeout_afterwards(empty_url: str, bank: pydb.Database, engine_name: str) -> None:
    """A transaction with little time left does not change the lock timeout of later ones."""
    asks = {
        "sqlite": "PRAGMA busy_timeout",
        "postgresql": "SHOW lock_timeout",
        "mariadb": "SELECT @@innodb_lock_wait_timeout",
    }
    with pydb.Database(empty_url, lock_timeout=7, pool_size=1, max_overflow=0) as database:

        def ask(conn: Connection) -> str:
            return str(conn.exec_driver_sql(asks[engine_name]).scalar_one())

        usual = database.run(ask)
        assert database.run(ask, within=3) != usual
        assert database.run(ask) == usual


@pytest.mark.parametrize("work", [deposit, read_and_write])
@pytest.mark.deep
def test_hot_rows(bank: pydb.Database, engine_name: str, work: object) -> None:
    """Eight threads that change one row at SERIALIZABLE succeed in each of 480 calls."""

    def calls(_: int) -> int:
        for _ in range(CALLS):
            bank.run(work, isolation="SERIALIZABLE")  # type: ignore[arg-type]
        return CALLS

    with ThreadPoolExecutor(THREADS) as pool:
        done = sum(pool.map(calls, range(THREADS)))
    assert balances(bank)[0] == 100 + THREADS * CALLS
    if work is read_and_write:
        figures = {"calls": THREADS * CALLS, "succeeded": done, "lost_updates": 100 + done - balances(bank)[0]}
        write_figures("hot-rows", engine_name, figures)


# A server that is not reachable.


@pytest.mark.engines("postgresql", "mariadb")
@pytest.mark.deep
def test_outage(own_url: str, own_server: StartedServer, engine_name: str) -> None:
    """Four threads continue although a server is down for ten seconds, and each of their calls is done once."""
    stop = threading.Event()
    done: list[int] = []
    unknown: list[int] = []
    with pydb.Database(own_url) as database:
        open_accounts(database)

        def go_on(_: int) -> None:
            while not stop.is_set():
                try:
                    database.run(deposit)
                    done.append(1)
                except errors.CommitOutcomeUnknown:
                    unknown.append(1)

        with ThreadPoolExecutor(4) as pool:
            futures = [pool.submit(go_on, number) for number in range(4)]
            time.sleep(0.5)
            own_server.stop()
            time.sleep(10)
            own_server.start()
            time.sleep(1)
            stop.set()
        assert [future.exception() for future in futures] == [None] * 4
        balance = balances(database)[0]
    figures = {
        "seconds": 10,
        "calls": len(done) + len(unknown),
        "failed": 0,
        "unknown": len(unknown),
        "lost": max(0, 100 + len(done) - balance),
        "doubled": max(0, balance - 100 - len(done) - len(unknown)),
    }
    write_figures("outage", engine_name, figures)
    assert (figures["lost"], figures["doubled"]) == (0, 0), figures


@pytest.mark.engines("postgresql", "mariadb")
def test_never_connected(empty_url: str) -> None:
    """A wrong port, a wrong password and an unknown database raise an error at once."""
    tries: list[int] = []
    url = make_url(empty_url)
    for wrong in (url.set(port=1), url.set(password="wrong"), url.set(database="nowhere"), url.set(host="no.invalid")):
        with pydb.Database(wrong, connect_timeout=5) as database:
            event.listen(database.engine, "do_connect", lambda *_: tries.append(1))
            with pytest.raises(errors.DatabaseError):
                database.run(deposit)
    assert len(tries) == 4
