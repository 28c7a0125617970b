"""statement_timeout, lock_timeout and connect_timeout, and a server that hangs: each wait ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

import pydb
from pydb import errors
from pydb.engines import base
from tests.harness.proxy import Proxy
from tests.integration.bank import accounts, balances, open_accounts

pytestmark = [pytest.mark.usefixtures("call_path"), pytest.mark.core_in_deep, pytest.mark.awaited]

SERVERS = pytest.mark.engines("postgresql", "mariadb")
SLOW = {
    "sqlite": "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t",
    "postgresql": "SELECT pg_sleep(600)",
    "mariadb": "SELECT sleep(600)",
}
SET: dict[str, dict[str, object]] = {
    "sqlite": {"PRAGMA busy_timeout": 7_000},
    "postgresql": {"SHOW statement_timeout": "3s", "SHOW lock_timeout": "7s"},
    "mariadb": {
        "SELECT @@max_statement_time": 3,
        "SELECT @@innodb_lock_wait_timeout": 7,
        "SELECT @@lock_wait_timeout": 7,
    },
}
"""What a session says of its timeouts of 3 and 7 seconds."""


@pytest.fixture
def patient(empty_url: str) -> Iterator[pydb.Database]:
    """Two accounts of 100, without a timeout that a busy machine could reach."""
    with pydb.Database(empty_url) as database:
        open_accounts(database)
        yield database


def test_sessions_have_the_timeouts(empty_url: str, engine_name: str) -> None:
    """The options are settings of the session, in the engine's unit."""
    with pydb.Database(empty_url, statement_timeout=3, lock_timeout=7) as database, database.connect() as conn:
        assert {sql: conn.execute(text(sql)).scalar_one() for sql in SET[engine_name]} == SET[engine_name]


def slowly(database: pydb.Database) -> None:
    with database.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        conn.execute(text(SLOW[conn.dialect.name]))


def test_statement_timeout(empty_url: str, patient: pydb.Database) -> None:
    """A statement that takes longer than statement_timeout is stopped and raises StatementTimeout."""
    with pydb.Database(empty_url, statement_timeout=0.2) as database, pytest.raises(errors.StatementTimeout):
        slowly(database)
    assert balances(patient) == [100, 100]


@pytest.mark.deep
def test_statement_timeout_is_per_statement(empty_url: str, patient: pydb.Database) -> None:
    """Several short statements may together take longer than statement_timeout."""
    with pydb.Database(empty_url, statement_timeout=1) as database, database.begin() as conn:
        for _ in range(4):
            accounts.deposit(conn, id=1, amount=5)
            time.sleep(0.4)
    assert balances(patient) == [120, 100]


@pytest.mark.deep
@SERVERS
def test_no_statement_timeout(empty_url: str, engine_name: str) -> None:
    """Without statement_timeout no statement is stopped, and connect_timeout is only for connecting."""
    sleep = {"postgresql": "SELECT pg_sleep(2.2)", "mariadb": "SELECT sleep(2.2)"}
    with pydb.Database(empty_url, connect_timeout=2, lock_timeout=0.1) as database, database.read() as conn:
        conn.execute(text(sleep[engine_name]))


@SERVERS
def test_lock_timeout(empty_url: str, patient: pydb.Database) -> None:
    """Waiting for a locked row raises Busy after lock_timeout, which MariaDB rounds up to 1 s."""
    with pydb.Database(empty_url, lock_timeout=0.2) as database, patient.begin() as holder:
        accounts.deposit(holder, id=1, amount=5)
        with pytest.raises(errors.Busy), database.begin() as conn:
            accounts.deposit(conn, id=1, amount=7)
    assert balances(patient) == [105, 100]


def test_no_lock_timeout(empty_url: str, patient: pydb.Database) -> None:
    """With lock_timeout=0, a lock is not waited for."""
    with pydb.Database(empty_url, lock_timeout=0) as database, patient.begin() as holder:
        accounts.deposit(holder, id=1, amount=5)
        with pytest.raises(errors.Busy), database.begin() as conn:
            accounts.deposit(conn, id=1, amount=7)
    assert balances(patient) == [105, 100]


@SERVERS
def test_statement_timeout_over_a_lock(empty_url: str, patient: pydb.Database) -> None:
    """Waiting for a lock is a part of the statement's time."""
    with pydb.Database(empty_url, statement_timeout=0.3) as database, patient.begin() as holder:
        accounts.deposit(holder, id=1, amount=5)
        with pytest.raises(errors.StatementTimeout), database.begin() as conn:
            accounts.deposit(conn, id=1, amount=7)
    assert balances(patient) == [105, 100]


@pytest.mark.parametrize("option", ["statement_timeout", "lock_timeout", "connect_timeout"])
def test_negative_timeouts(option: str) -> None:
    """A negative timeout is refused."""
    options: dict[str, Any] = {option: -1}
    with pytest.raises(ValueError, match="timeouts are positive numbers of seconds"):
        pydb.Database("sqlite://", **options)


@pytest.mark.deep
def test_connect_timeout(empty_url: str, proxy: Proxy) -> None:
    """A server that accepts the connection and does not answer raises Disconnected after connect_timeout."""
    proxy.stall()
    with (
        pydb.Database(proxy.url(empty_url), connect_timeout=1) as database,
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


DISCONNECTED, UNKNOWN = errors.Disconnected, errors.CommitOutcomeUnknown


@pytest.mark.parametrize(
    ("work", "error"),
    [
        pytest.param(change, DISCONNECTED, marks=pytest.mark.deep),
        (commit, UNKNOWN),
        pytest.param(begin, DISCONNECTED, marks=pytest.mark.deep),
    ],
)
def test_server_that_hangs(
    empty_url: str,
    patient: pydb.Database,
    proxy: Proxy,
    work: Callable[[pydb.Database, Proxy], None],
    error: type[Exception],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a statement_timeout, a server that hangs raises an error after it, wherever the server hangs."""
    monkeypatch.setattr(base, "ANSWER", 0.1)
    with pydb.Database(proxy.url(empty_url), statement_timeout=0.5, connect_timeout=1) as database:
        with database.read():
            pass
        with pytest.raises(error):
            work(database, proxy)
        proxy.resume()
        assert database.run(lambda conn: accounts.count(conn)) == 2
