"""Outcomes of transactions: a COMMIT without an answer, a connection lost in a savepoint, an error unknown to Core."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import Connection, exc, text

import pydb
from pydb import errors
from tests.harness.proxy import Proxy
from tests.integration.bank import accounts, balances, open_accounts

pytestmark = pytest.mark.awaited

SERVERS = pytest.mark.engines("postgresql", "mariadb")


@pytest.fixture
def bank(empty_url: str) -> Iterator[pydb.Database]:
    """Two accounts of 100."""
    with pydb.Database(empty_url) as database:
        open_accounts(database)
        yield database


@pytest.fixture
def far_bank(bank: pydb.Database, empty_url: str, proxy: Proxy) -> Iterator[pydb.Database]:
    """The same accounts, behind a proxy."""
    with pydb.Database(proxy.url(empty_url)) as database:
        yield database


def deposit(conn: Connection) -> None:
    accounts.deposit(conn, id=1, amount=5)


# The answer to COMMIT is lost.


def test_commit_swallowed(far_bank: pydb.Database, proxy: Proxy) -> None:
    """conn.commit() in a block raises CommitOutcomeUnknown, and if that is suppressed the block raises it again."""
    with pytest.raises(errors.CommitOutcomeUnknown), far_bank.begin() as conn:
        deposit(conn)
        proxy.cut_after()
        with pytest.raises(errors.CommitOutcomeUnknown):
            conn.commit()


def test_commit_of_connect(bank: pydb.Database, far_bank: pydb.Database, proxy: Proxy) -> None:
    """conn.commit() on a connect() connection raises CommitOutcomeUnknown; the connection can be used again."""
    with far_bank.connect() as conn:
        deposit(conn)
        proxy.cut_after()
        with pytest.raises(errors.CommitOutcomeUnknown):
            conn.commit()
        conn.rollback()
        deposit(conn)
        conn.commit()
    assert balances(bank) == [110, 100]


def test_other_statements_of_connect(far_bank: pydb.Database, proxy: Proxy) -> None:
    """Before and after a COMMIT, the loss of a connect() connection is not an unknown outcome."""
    with far_bank.connect() as conn:
        deposit(conn)
        conn.commit()
        deposit(conn)
        proxy.cut_before("UPDATE")
        with pytest.raises(errors.Disconnected):
            deposit(conn)


def deposit_through_core(conn: Connection) -> None:
    conn.execute(text("UPDATE accounts SET balance = balance + 5 WHERE id = 1"))


@pytest.mark.parametrize("change", [deposit, deposit_through_core])
def test_autocommit(
    bank: pydb.Database, far_bank: pydb.Database, proxy: Proxy, change: Callable[[Connection], None]
) -> None:
    """Under AUTOCOMMIT each statement is a COMMIT, and without an answer it raises CommitOutcomeUnknown."""
    with far_bank.connect() as conn:
        conn.execution_options(isolation_level="AUTOCOMMIT")
        proxy.cut_after("UPDATE")
        with pytest.raises(errors.CommitOutcomeUnknown) as caught:
            change(conn)
    assert caught.value.statement_name == ("accounts.deposit" if change is deposit else None)
    assert balances(bank) == [105, 100]


def test_hint(far_bank: pydb.Database, proxy: Proxy) -> None:
    """The hint names once= and the unique key, and does not advise looking for the rows."""
    with pytest.raises(errors.CommitOutcomeUnknown) as caught, far_bank.begin() as conn:
        deposit(conn)
        proxy.cut_before()
    hint = str(caught.value.hint)
    assert "once=key" in hint
    assert "same unique key again" in hint
    assert "look" not in hint
    assert caught.value.__cause__ is None


# A connection is lost in a savepoint.


def lose_in_savepoint(conn: Connection, proxy: Proxy) -> None:
    with conn.begin_nested():
        proxy.cut_before("UPDATE")
        deposit(conn)


@pytest.mark.parametrize("go_on", [lambda conn: None, deposit, deposit_through_core, Connection.begin_nested])
def test_lost_in_a_savepoint(
    bank: pydb.Database, far_bank: pydb.Database, proxy: Proxy, go_on: Callable[[Connection], Any]
) -> None:
    """If the loss of a connection in a savepoint is suppressed after it, the block raises Disconnected."""
    calls = []

    def work(conn: Connection) -> None:
        calls.append(1)
        deposit(conn)
        if len(calls) == 1:
            with suppress(errors.Disconnected):
                lose_in_savepoint(conn, proxy)
        go_on(conn)

    with pytest.raises(errors.Disconnected), far_bank.begin() as conn:
        work(conn)
    calls.clear()
    far_bank.run(work)
    assert len(calls) == 2
    assert balances(bank)[0] in (105, 110)


def test_lost_and_swallowed_inside_the_savepoint(far_bank: pydb.Database, proxy: Proxy) -> None:
    """If the loss is suppressed inside the savepoint, the block raises Disconnected too."""
    with pytest.raises(errors.Disconnected), far_bank.begin() as conn, conn.begin_nested():
        proxy.cut_before("UPDATE")
        with suppress(errors.Disconnected):
            deposit(conn)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("in_savepoint", [False, True])
def test_swallowed_interrupt(bank: pydb.Database, kind: type[BaseException], in_savepoint: bool) -> None:
    """An interrupted statement dooms the block if its interrupt is suppressed."""

    def fail(conn: Connection) -> None:
        try:
            raise kind
        except BaseException as interrupt:
            conn._handle_dbapi_exception(interrupt, "SELECT 1", None, None, None)

    with pytest.raises((errors.TransactionDoomed, errors.Disconnected)), bank.begin() as conn:
        deposit(conn)
        with suppress(kind):
            if in_savepoint:
                with conn.begin_nested():
                    fail(conn)
            else:
                fail(conn)
        with suppress(exc.PendingRollbackError):
            deposit_through_core(conn)
    assert balances(bank) == [100, 100]


# An error that Core does not know.


@pytest.mark.engines("sqlite", "postgresql")
def test_own_cursor(engine_name: str, bank: pydb.Database) -> None:
    """A transaction that failed on the driver's cursor does not end as if it had committed."""
    fails = {
        "postgresql": "COPY nowhere FROM STDIN",
        "sqlite": "INSERT OR ROLLBACK INTO accounts SELECT id, owner, balance FROM accounts",
    }
    with pytest.raises(errors.TransactionDoomed), bank.begin() as conn:
        deposit(conn)
        cursor = conn.connection.cursor()
        with pytest.raises(conn.dialect.loaded_dbapi.Error):
            cursor.execute(fails[engine_name])
        cursor.close()
    assert balances(bank) == [100, 100]


@pytest.mark.engines("mariadb")
def test_own_cursor_in_a_deadlock(bank: pydb.Database) -> None:
    """A deadlock on the driver's cursor has rolled back the transaction, and its block raises that."""
    change = "UPDATE accounts SET balance = balance + 1 WHERE id = "
    with bank.begin() as winner:
        # The transaction with more changes wins.
        winner.exec_driver_sql("INSERT INTO accounts VALUES (3, 'c', 0), (4, 'd', 0), (5, 'e', 0), (6, 'f', 0)")
        winner.exec_driver_sql(change + "1")
        with pytest.raises(errors.TransactionDoomed), bank.begin() as loser:
            loser.exec_driver_sql(change + "2")
            thread = threading.Thread(target=winner.exec_driver_sql, args=(change + "2",))
            thread.start()
            cursor = loser.connection.cursor()
            with pytest.raises(loser.dialect.loaded_dbapi.Error, match="1213"):
                cursor.execute(change + "1")
            cursor.close()
            thread.join()
    assert balances(bank) == [101, 101]


# A plan that is no longer valid.


@pytest.mark.engines("postgresql")
def test_cached_plan(bank: pydb.Database) -> None:
    """Within run(), a migration causes no error for statements that were prepared before it."""
    star = text("SELECT * FROM accounts WHERE id = 1")
    with bank.begin() as conn:
        for _ in range(8):
            conn.execute(star).all()
    with bank.begin(), bank.begin() as other:  # not the connection that has prepared the statement
        other.execute(text("ALTER TABLE accounts ALTER COLUMN balance TYPE bigint"))
    calls = []

    def work(conn: Connection) -> int:
        calls.append(1)
        return len(conn.execute(star).all())

    assert [bank.run(work), bank.run(work)] == [1, 1]  # one statement on each connection
    assert len(calls) == 3


@pytest.mark.engines("postgresql")
def test_cached_plan_in_read(bank: pydb.Database) -> None:
    """The same is true for run_read()."""
    star = text("SELECT * FROM accounts WHERE id = 1")
    with bank.read() as conn:
        for _ in range(8):
            conn.execute(star).all()
    with bank.connect(), bank.begin() as other:
        other.execute(text("ALTER TABLE accounts ALTER COLUMN balance TYPE bigint"))
    assert bank.run_read(lambda conn: len(conn.execute(star).all())) == 1
