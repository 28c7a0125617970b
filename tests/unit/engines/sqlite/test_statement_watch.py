"""While SQLite works, signals are handled and the time limit is enforced."""

from __future__ import annotations

import signal
import sqlite3
import threading
from collections.abc import Iterator

import pytest

from pydb.engines.sqlite.statement_watch import StatementWatch

ENDLESS = "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"


class Alarm(Exception):
    """The exception of the test's signal handler."""


@pytest.fixture
def alarm() -> Iterator[None]:
    """Let SIGALRM raise Alarm."""

    def ring(*_: object) -> None:
        raise Alarm

    before = signal.signal(signal.SIGALRM, ring)
    yield
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def driver() -> Iterator[sqlite3.Connection]:
    """A connection of sqlite3."""
    connection = sqlite3.connect(":memory:")
    yield connection
    connection.close()


@pytest.mark.usefixtures("alarm")
@pytest.mark.parametrize("limit", [None, 600.0])
def test_what_a_signal_raises_stops_the_statement_and_is_kept(driver: sqlite3.Connection, limit: float | None) -> None:
    """The exception is raised once each time; sqlite3 itself only says that the statement was interrupted."""
    watch = StatementWatch(limit)
    watch.install(driver)
    for _ in range(3):
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        with pytest.raises(sqlite3.OperationalError):
            driver.execute(ENDLESS).fetchall()
        assert isinstance(watch.take(driver), Alarm)
        assert watch.take(driver) is None
    assert driver.execute("SELECT 1").fetchall() == [(1,)]


def test_a_limit_stops_a_statement(driver: sqlite3.Connection) -> None:
    """Without an exception the limit stops the statement, and the next statement has the full time again."""
    watch = StatementWatch(0.05)
    watch.install(driver)
    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            driver.execute(ENDLESS).fetchall()
        assert watch.take(driver) is None


def test_a_watch_that_an_exception_has_ended_begins_again(driver: sqlite3.Connection) -> None:
    """If a second exception comes while the first one is handled, the connection can still be used."""
    watch = StatementWatch(None)
    watch.install(driver)
    watch._raised = Alarm()
    watch._looks.close()
    with pytest.raises(sqlite3.OperationalError):
        driver.execute(ENDLESS).fetchall()
    assert isinstance(watch.take(driver), Alarm)
    numbers = "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 50000) SELECT count(*) FROM t"
    assert driver.execute(numbers).fetchall() == [(50_000,)]


def test_a_database_in_another_thread(driver: sqlite3.Connection) -> None:
    """Another thread may stop a statement too, and then no exception was raised here."""
    watch = StatementWatch(None)
    watch.install(driver)
    stop = threading.Timer(0.05, driver.interrupt)
    stop.start()
    with pytest.raises(sqlite3.OperationalError):
        driver.execute(ENDLESS).fetchall()
    stop.join()
    assert watch.take(driver) is None
