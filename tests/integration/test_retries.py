"""Database.run(): the errors that repeat the whole transaction, and the results of real conflicts."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, exc, text

import pydb
from pydb import errors
from tests.harness.waiting import ALARM
from tests.integration.bank import accounts, balances, open_accounts

pytestmark = [pytest.mark.usefixtures("call_path"), pytest.mark.core_in_deep]

SERVERS = pytest.mark.engines("postgresql", "mariadb")


@pytest.fixture
def bank(empty_db: pydb.Database) -> pydb.Database:
    """Two accounts of 100."""
    open_accounts(empty_db)
    return empty_db


class Failing:
    """Work that fails in its first calls, after a deposit, and counts its calls."""

    def __init__(self, failures: int, error: Exception) -> None:
        self.failures = failures
        self.error = error
        self.calls = 0

    def __call__(self, conn: Connection) -> str:
        self.calls += 1
        accounts.deposit(conn, id=1, amount=5)
        if self.calls <= self.failures:
            raise self.error
        return "done"


RETRIED = [errors.SerializationFailure("x"), errors.Deadlock("x"), errors.Busy("x"), errors.Disconnected("x")]
NOT_RETRIED = [
    errors.CommitOutcomeUnknown("x"),
    errors.UniqueViolation("x"),
    errors.StatementTimeout("x"),
    errors.TransactionDoomed("x"),
    errors.OperationalError("x"),
    ValueError("x"),
]


@pytest.mark.parametrize("error", RETRIED, ids=lambda error: type(error).__name__)
def test_what_is_repeated(bank: pydb.Database, error: Exception) -> None:
    """The whole transaction is repeated after such an error, and the failed calls are rolled back."""
    work = Failing(2, error)
    assert bank.run(work) == "done"
    assert work.calls == 3
    assert balances(bank) == [105, 100]


@pytest.mark.parametrize("error", NOT_RETRIED, ids=lambda error: type(error).__name__)
def test_what_is_not_repeated(bank: pydb.Database, error: Exception) -> None:
    """Any other error leaves run() unchanged, at once."""
    work = Failing(1, error)
    with pytest.raises(type(error)) as caught:
        bank.run(work)
    assert caught.value is error
    assert work.calls == 1
    assert balances(bank) == [100, 100]


def test_attempts(bank: pydb.Database) -> None:
    """run() raises the last error after this number of attempts."""
    work = Failing(5, errors.Deadlock("x"))
    with pytest.raises(errors.Deadlock):
        bank.run(work, attempts=3)
    assert work.calls == 3


@pytest.mark.parametrize("attempts", [0, -1])
def test_no_attempts(bank: pydb.Database, attempts: int) -> None:
    """Fewer than one attempt is refused."""
    with pytest.raises(ValueError, match="attempts must be at least 1"):
        bank.run(Failing(0, ValueError()), attempts=attempts)


def test_isolation_of_run(bank: pydb.Database) -> None:
    """run() accepts an isolation level, and refuses an unknown word."""
    assert bank.run(lambda conn: accounts.balance(conn, id=1), isolation="SERIALIZABLE") == 100
    with pytest.raises(ValueError, match="no isolation level"):
        bank.run(lambda conn: None, isolation="HIGH")


# Deadlocks.


def deposit(conn: Connection, key: int) -> None:
    accounts.deposit(conn, id=key, amount=1)


def deposit_through_core(conn: Connection, key: int) -> None:
    conn.execute(text("UPDATE accounts SET balance = balance + 1 WHERE id = :id"), {"id": key})


def deposit_in_savepoint(conn: Connection, key: int) -> None:
    with conn.begin_nested():
        accounts.deposit(conn, id=key, amount=1)


DEPOSITS = [deposit, deposit_through_core, deposit_in_savepoint]


class Crossing:
    """Two transactions that change accounts 1 and 2 in opposite order, so that the first attempts deadlock."""

    def __init__(self, change: Callable[[Connection, int], None]) -> None:
        self.change = change
        self.met = threading.Barrier(2)
        self.calls = 0

    def __call__(self, conn: Connection, keys: tuple[int, int]) -> None:
        self.calls += 1
        first_try = not self.met.broken and self.calls <= 2
        self.change(conn, keys[0])
        if first_try:
            self.met.wait(ALARM)
        self.change(conn, keys[1])


def both(work: Callable[[tuple[int, int]], Any]) -> list[Exception]:
    """Run the work with keys (1, 2) and (2, 1) at the same time; return the errors."""
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(work, keys) for keys in ((1, 2), (2, 1))]
    return [error for future in futures if isinstance(error := future.exception(), Exception)]


@SERVERS
@pytest.mark.parametrize("change", DEPOSITS)
def test_deadlock(bank: pydb.Database, change: Callable[[Connection, int], None]) -> None:
    """Of two transactions that wait for each other, one raises Deadlock and the other one commits."""
    crossing = Crossing(change)

    def work(keys: tuple[int, int]) -> None:
        with bank.begin() as conn:
            crossing(conn, keys)

    (error,) = both(work)
    assert isinstance(error, errors.Deadlock)
    assert balances(bank) == [101, 101]


@SERVERS
@pytest.mark.parametrize("change", DEPOSITS)
def test_run_repeats_a_deadlock(bank: pydb.Database, change: Callable[[Connection, int], None]) -> None:
    """Under run(), both of two transactions that deadlock commit, on both paths."""
    crossing = Crossing(change)
    assert both(lambda keys: bank.run(lambda conn: crossing(conn, keys))) == []
    assert crossing.calls >= 3
    assert balances(bank) == [102, 102]


@SERVERS
def test_swallowed_deadlock(bank: pydb.Database) -> None:
    """A block that suppresses a Deadlock is doomed: its later statements are rolled back."""
    crossing = Crossing(deposit)

    def work(keys: tuple[int, int]) -> None:
        with bank.begin() as conn:
            try:
                crossing(conn, keys)
            except errors.Deadlock:
                with suppress(exc.SQLAlchemyError):
                    deposit(conn, 1)

    (error,) = both(work)
    assert isinstance(error, errors.TransactionDoomed)
    assert balances(bank) == [101, 101]


# Serializable.


class OnCall:
    """Two people who go off duty while at least one of them stays: the usual example of write skew."""

    def __init__(self) -> None:
        self.met = threading.Barrier(2)
        self.calls = 0

    def __call__(self, conn: Connection, key: int) -> None:
        self.calls += 1
        first_try = self.calls <= 2 and conn.dialect.name != "sqlite"
        on_duty = accounts.total(conn)
        if first_try:
            self.met.wait(ALARM)
        if on_duty >= 200:
            accounts.set_balance(conn, id=key, balance=0)


def test_write_skew(bank: pydb.Database) -> None:
    """Under SERIALIZABLE, two transactions that each change what the other one read end as if one was first."""
    on_call = OnCall()
    with ThreadPoolExecutor(2) as pool:
        work = [lambda conn, key=key: on_call(conn, key) for key in (1, 2)]
        futures = [pool.submit(bank.run, one, isolation="SERIALIZABLE") for one in work]
    assert [future.exception() for future in futures] == [None, None]
    assert sorted(balances(bank)) == [0, 100]


@pytest.mark.engines("postgresql", "mariadb")
def test_write_skew_is_reported(bank: pydb.Database) -> None:
    """Without run(), one of the two transactions of a write skew raises an error that asks for a repetition."""
    on_call = OnCall()

    def work(key: int) -> None:
        with bank.begin("SERIALIZABLE") as conn:
            on_call(conn, key)

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(work, key) for key in (1, 2)]
    (error,) = [error for future in futures if (error := future.exception()) is not None]
    assert isinstance(error, errors.Retryable)
    assert sorted(balances(bank)) == [0, 100]


@pytest.mark.engines("postgresql")
def test_changed_since_read_on_postgresql(bank: pydb.Database) -> None:
    """Under REPEATABLE READ, a row that another transaction has changed in the meantime raises SerializationFailure."""
    with pytest.raises(errors.SerializationFailure), bank.begin("REPEATABLE READ") as conn:
        accounts.balance(conn, id=1)
        bank.run(lambda other: accounts.deposit(other, id=1, amount=5))
        accounts.deposit(conn, id=1, amount=5)


@pytest.mark.engines("mariadb")
@pytest.mark.parametrize("change", DEPOSITS)
def test_changed_since_read_on_mariadb(bank: pydb.Database, change: Callable[[Connection, int], None]) -> None:
    """With innodb_snapshot_isolation, run() repeats the work if another transaction has changed the row."""
    calls = []

    def work(conn: Connection) -> None:
        conn.execute(text("SET SESSION innodb_snapshot_isolation = ON"))
        accounts.balance(conn, id=1)
        calls.append(1)
        if len(calls) == 1:
            bank.run(lambda other: deposit(other, 1))
        change(conn, 1)

    bank.run(work)
    assert len(calls) == 2
    assert balances(bank) == [102, 100]


# A bank.


def deposit_all(moves: list[tuple[int, int]], conn: Connection) -> None:
    """Add its amount to each account."""
    for key, amount in moves:
        accounts.deposit(conn, id=key, amount=amount)


def transfer(database: pydb.Database, seed: int, isolation: str | None) -> None:
    """Move money between random accounts: read both, then write both, in random order."""
    chance = random.Random(seed)
    for _ in range(12):
        giver, taker = chance.sample(range(1, 6), 2)
        amount = chance.randrange(1, 10)
        if isolation is None:
            moves = [(giver, -amount), (taker, amount)]
            database.run(partial(deposit_all, moves))
        else:
            database.run(partial(rewrite, giver=giver, taker=taker, amount=amount), isolation=isolation)


def rewrite(conn: Connection, giver: int, taker: int, amount: int) -> None:
    has, gets = accounts.balance(conn, id=giver), accounts.balance(conn, id=taker)
    accounts.set_balance(conn, id=giver, balance=has - amount)
    accounts.set_balance(conn, id=taker, balance=gets + amount)


@pytest.mark.parametrize("isolation", [None, "SERIALIZABLE"])
def test_bank(empty_url: str, isolation: str | None) -> None:
    """Eight threads that move money between five accounts keep the sum, and no transfer fails."""
    with pydb.Database(empty_url, pool_size=8) as database:
        open_accounts(database, 5, 10_000)
        with ThreadPoolExecutor(8) as pool:
            futures = [pool.submit(transfer, database, seed, isolation) for seed in range(8)]
        assert [future.exception() for future in futures] == [None] * 8
        with database.read() as conn:
            assert accounts.total(conn) == 50_000


@pytest.mark.engines("sqlite")
def test_busy_is_repeated(empty_url: str) -> None:
    """run() waits for a foreign writer that holds the lock longer than the timeout, attempt by attempt."""
    with pydb.Database(empty_url, lock_timeout=0.05) as database:
        open_accounts(database)
        with database.connect() as other:
            other.execute(text("UPDATE accounts SET balance = 200 WHERE id = 2"))
            thread = threading.Thread(target=lambda: database.run(lambda conn: deposit(conn, 1), attempts=10_000))
            thread.start()
            thread.join(0.2)
            assert thread.is_alive()
            other.commit()
            thread.join()
        assert balances(database) == [101, 200]
