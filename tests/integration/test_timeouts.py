"""statement_timeout, lock_timeout and connect_timeout, and a server that hangs: each wait ends when it should."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

import pydb
from pydb import errors
from pydb.engines import base
from tests.harness.proxy import Proxy
from tests.integration.bank import accounts, balances, open_accounts

pytestmark = pytest.mark.usefixtures("road")

SERVERS = pytest.mark.engines("postgresql", "mariadb")
SLOW = {
    "sqlite": "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t",
    "postgresql": "SELECT pg_sleep(20)",
    "mariadb": "SELECT sleep(20)",
}


@contextmanager
def takes(least: float, most: float) -> Iterator[None]:
    """The block takes this many seconds."""
    start = time.monotonic()
    yield
    assert least <= time.monotonic() - start <= most


def slowly(database: pydb.Database) -> None:
    with database.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        conn.execute(text(SLOW[conn.dialect.name]))


def test_statement_timeout(empty_url: str) -> None:
    """A statement that takes longer than statement_timeout is stopped and raises StatementTimeout."""
    with pydb.Database(empty_url, statement_timeout=0.2) as database:
        open_accounts(database)
        with takes(0.15, 3), pytest.raises(errors.StatementTimeout):
            slowly(database)
        assert balances(database) == [100, 100]


def test_statement_timeout_is_per_statement(empty_url: str) -> None:
    """Statements that are quick one by one may take longer together than statement_timeout."""
    with pydb.Database(empty_url, statement_timeout=0.2) as database:
        open_accounts(database)
        with database.begin() as conn:
            for _ in range(4):
                accounts.deposit(conn, id=1, amount=5)
                time.sleep(0.08)
        assert balances(database) == [120, 100]


@pytest.mark.deep
@SERVERS
def test_no_statement_timeout(empty_url: str, engine_name: str) -> None:
    """Without statement_timeout nothing stops a statement, and connect_timeout is for connecting alone."""
    sleep = {"postgresql": "SELECT pg_sleep(1.2)", "mariadb": "SELECT sleep(1.2)"}
    with pydb.Database(empty_url, connect_timeout=1, lock_timeout=0.1) as database, database.read() as conn:
        conn.execute(text(sleep[engine_name]))


@SERVERS
def test_lock_timeout(empty_url: str) -> None:
    """A row that another transaction keeps locked raises Busy after lock_timeout."""
    with pydb.Database(empty_url, lock_timeout=1) as database:
        open_accounts(database)
        with database.begin() as holder:
            accounts.deposit(holder, id=1, amount=5)
            with takes(0.9, 3), pytest.raises(errors.Busy), database.begin() as conn:
                accounts.deposit(conn, id=1, amount=7)
        assert balances(database) == [105, 100]


def test_no_lock_timeout(empty_url: str) -> None:
    """With lock_timeout=0 a lock is not waited for."""
    with pydb.Database(empty_url, lock_timeout=0) as database:
        open_accounts(database)
        with database.begin() as holder:
            accounts.deposit(holder, id=1, amount=5)
            with takes(0, 0.9), pytest.raises(errors.Busy), database.begin() as conn:
                accounts.deposit(conn, id=1, amount=7)
        assert balances(database) == [105, 100]


@SERVERS
def test_statement_timeout_over_a_lock(empty_url: str) -> None:
    """Waiting for a lock counts as part of the statement."""
    with pydb.Database(empty_url, statement_timeout=0.3) as database:
        open_accounts(database)
        with database.begin() as holder:
            accounts.deposit(holder, id=1, amount=5)
            with takes(0.25, 3), pytest.raises(errors.StatementTimeout), database.begin() as conn:
                accounts.deposit(conn, id=1, amount=7)
        assert balances(database) == [105, 100]


@pytest.mark.parametrize("option", ["statement_timeout", "lock_timeout", "connect_timeout"])
def test_negative_timeouts(option: str) -> None:
    """A negative number of seconds is refused."""
    options = {option: -1}
    with pytest.raises(ValueError, match="timeouts are positive numbers of seconds"):
        pydb.Database("sqlite://", **options)


@pytest.mark.deep
def test_connect_timeout(empty_url: str, proxy: Proxy) -> None:
    """A server that takes the connection and says nothing is Disconnected after connect_timeout."""
    proxy.stall()
    with (
        pydb.Database(proxy.url(empty_url), connect_timeout=1) as database,
        takes(0.9, 5),
        pytest.raises(errors.Disconnected),
        database.begin(),
    ):
        pass


def change(database: pydb.Database, proxy: Proxy) -> None:
    with database.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        proxy.stall()
        accounts.deposit(conn, id=1, amount=5)


def commit(database: pydb.Database, proxy: Proxy) -> None:
    with database.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        proxy.stall()


def begin(database: pydb.Database, proxy: Proxy) -> None:
    proxy.stall()
    with database.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)


HANGS = [(change, errors.Disconnected), (commit, errors.CommitOutcomeUnknown), (begin, errors.Disconnected)]


@pytest.mark.parametrize(("work", "error"), HANGS)
def test_server_that_hangs(
    empty_url: str,
    proxy: Proxy,
    work: Callable[[pydb.Database, Proxy], None],
    error: type[Exception],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a statement_timeout, a server that hangs is given up a moment after it, wherever it hangs."""
    monkeypatch.setattr(base, "ANSWER", 0.4)
    with pydb.Database(proxy.url(empty_url), statement_timeout=0.1, connect_timeout=1) as database:
        open_accounts(database)
        with takes(0.4, 5), pytest.raises(error):
            work(database, proxy)
        proxy.resume()
        assert database.run(lambda conn: accounts.count(conn)) == 2
