"""SQLite under load: many processes and threads use one file, and none loses a write, fails or starves."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import pydb
from tests.harness.waiting import ALARM
from tests.integration.bank import accounts, balances, open_accounts

pytestmark = [pytest.mark.deep, pytest.mark.engines("sqlite")]

WRITERS = 16
TIMES = 100
TURNS = 10 * WRITERS
FORK: BaseContext = multiprocessing.get_context("fork")


@pytest.fixture
def bank(empty_db: pydb.Database) -> pydb.Database:
    """One account with a balance of 0."""
    open_accounts(empty_db, 1, 0)
    return empty_db


def at_once(work: Callable[..., Any], *arguments: Any) -> list[Any]:
    """The result or the error of ``work`` in each of many processes that start at the same time."""
    start, results = FORK.Event(), FORK.Queue()

    def child() -> None:
        start.wait()
        try:
            results.put(work(*arguments))
        except Exception as error:
            results.put(repr(error))

    processes = [FORK.Process(target=child) for _ in range(WRITERS)]  # type: ignore[attr-defined]
    for process in processes:
        process.start()
    start.set()
    returned = [results.get(timeout=ALARM) for _ in processes]
    for process in processes:
        process.join()
    return returned


def read_modify_write(database: pydb.Database) -> None:
    for _ in range(TIMES):
        with database.begin() as conn:
            accounts.set_balance(conn, id=1, balance=accounts.balance(conn, id=1) + 1)


def test_processes_lose_nothing(bank: pydb.Database) -> None:
    """If 16 processes read, add one and write 100 times each, the result is exactly 1,600, without an error."""
    assert at_once(read_modify_write, bank) == [None] * WRITERS
    assert balances(bank, 1) == [WRITERS * TIMES]


def test_threads_lose_nothing(bank: pydb.Database) -> None:
    """If 16 threads of one Database read, add one and write 100 times each, the result is exactly 1,600."""
    threads = [threading.Thread(target=read_modify_write, args=(bank,)) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert balances(bank, 1) == [WRITERS * TIMES]


def hold(database: pydb.Database, ready: Any) -> list[int]:
    """Deposit 1 with the lock held for 10 ms, until ``TURNS`` are taken; return the numbers of this writer's turns."""
    with database.begin() as conn:
        accounts.balance(conn, id=1)
    ready.wait(ALARM)
    turns: list[int] = []
    while True:
        with database.begin() as conn:
            number = accounts.balance(conn, id=1)
            if number >= TURNS:
                return turns
            accounts.deposit(conn, id=1, amount=1)
            turns.append(number)
            time.sleep(0.01)


def test_writers_take_turns(bank: pydb.Database) -> None:
    """If 16 writers hold the lock for 10 ms each, none of them waits for many turns of the others."""
    taken = at_once(hold, bank, FORK.Barrier(WRITERS))
    assert sorted(number for turns in taken for number in turns) == list(range(TURNS))
    # A round has one turn of each writer; a busy machine may wake a writer late.
    for turns in taken:
        assert max(later - earlier for earlier, later in pairwise([0, *turns, TURNS])) <= 5 * WRITERS


def open_and_write(url: str) -> None:
    with pydb.Database(url) as database, database.begin() as conn:
        conn.execute(text("CREATE TABLE IF NOT EXISTS visits (n integer)"))
        conn.execute(text("INSERT INTO visits (n) VALUES (1)"))


def test_a_new_file_opened_at_once(tmp_path: Path) -> None:
    """16 processes that open a new file at the same time all write to it, and leave it in WAL mode."""
    for attempt in range(5):
        url = f"sqlite:///{tmp_path / f'{attempt}.db'}"
        assert at_once(open_and_write, url) == [None] * WRITERS
        with pydb.Database(url) as database, database.read() as conn:
            assert conn.execute(text("SELECT count(*) FROM visits")).scalar_one() == WRITERS
            assert conn.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
