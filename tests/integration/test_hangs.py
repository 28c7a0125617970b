"""A server or a network that hangs at any place: a typed error in time, and a usable pool afterwards."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

import pydb
from pydb import errors
from pydb.testing.servers import StartedServer
from tests.harness.figures import write_figures
from tests.harness.lossy_network import LossyNetwork
from tests.harness.proxy import Proxy
from tests.integration.bank import accounts, open_accounts

pytestmark = [pytest.mark.engines("postgresql", "mariadb"), pytest.mark.deep, pytest.mark.awaited]

LIMIT = 2.5
"""Seconds that are promised; what a busy machine adds is not part of the promise, so the test allows more."""

ROOM = 5.0

# More than all buffers can hold, because otherwise the last row may arrive before the hang.
STREAM = (
    "SELECT a.id, repeat('x', 1000) AS padding "
    "FROM accounts AS a CROSS JOIN accounts AS b CROSS JOIN accounts AS c CROSS JOIN accounts AS d"
)
ACCOUNTS = 20

MOVES = [{"id": number % ACCOUNTS + 1, "amount": 0} for number in range(5_000)]


def begin(database: pydb.Database, hang: Callable[[], None]) -> None:
    database.engine.dispose()
    hang()
    with database.begin() as conn:
        accounts.balance(conn, id=1)


def ping(database: pydb.Database, hang: Callable[[], None]) -> None:
    hang()
    with database.begin() as conn:
        accounts.balance(conn, id=1)


def statement(database: pydb.Database, hang: Callable[[], None]) -> None:
    with database.begin() as conn:
        accounts.balance(conn, id=1)
        hang()
        accounts.deposit(conn, id=1, amount=1)


def stream(database: pydb.Database, hang: Callable[[], None]) -> None:
    with database.begin() as conn:
        result = conn.execution_options(stream_results=True, yield_per=10).execute(text(STREAM))
        result.fetchmany(10)
        hang()
        for _ in result:
            pass


def batch(database: pydb.Database, hang: Callable[[], None]) -> None:
    with database.begin() as conn:
        accounts.balance(conn, id=1)
        hang()
        accounts.spend(conn, MOVES)


def commit(database: pydb.Database, hang: Callable[[], None]) -> None:
    with database.begin() as conn:
        accounts.deposit(conn, id=1, amount=1)
        hang()


PLACES = [begin, ping, statement, stream, batch, commit]


def in_time(url: str, place: Callable[..., None], hang: Callable[[], None], resume: Callable[[], None]) -> float:
    """The seconds until the error; afterwards the pool must work."""
    begun = [0.0]

    def start() -> None:
        begun[0] = time.monotonic()
        hang()

    with pydb.Database(url, statement_timeout=0.3, connect_timeout=2) as database:
        database.run(lambda conn: accounts.balance(conn, id=1))
        try:
            with pytest.raises((errors.Disconnected, errors.CommitOutcomeUnknown, errors.StatementTimeout)) as caught:
                place(database, start)
            took = time.monotonic() - begun[0]
        finally:
            resume()
        assert (caught.type is errors.CommitOutcomeUnknown) is (place is commit)
        assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        assert database.run(lambda conn: accounts.count(conn)) == ACCOUNTS
    return took


@pytest.fixture
def bank_url(own_url: str) -> str:
    """Accounts on a server that only this test uses."""
    with pydb.Database(own_url) as database:
        open_accounts(database, ACCOUNTS)
    return own_url


def check(figures: dict[str, Any], name: str, seconds: list[float]) -> None:
    figures[f"{name}: scenarios"] = len(seconds)
    figures[f"{name}: typed error within 2.5 s"] = sum(took <= LIMIT for took in seconds)
    figures[f"{name}: slowest, seconds"] = round(max(seconds), 2)


def test_hangs(bank_url: str, own_server: StartedServer, engine_name: str) -> None:
    """18 scenarios: a stopped server, a connection without answers and a network without packets, at six places."""
    figures: dict[str, Any] = {}
    check(
        figures,
        "stopped server",
        [in_time(bank_url, place, own_server.freeze, own_server.thaw) for place in PLACES],
    )
    with Proxy(own_server.port) as proxy:
        url = proxy.url(bank_url)
        check(figures, "black hole", [in_time(url, place, proxy.stall, proxy.resume) for place in PLACES])
    try:
        network = LossyNetwork()
    except OSError as error:
        figures["packet loss: scenarios"] = f"not run ({error})"
    else:
        with network, Proxy(own_server.port, network.host) as proxy:
            url = proxy.url(bank_url)
            seconds = [network.inside(partial(in_time, url, place, network.lose, network.resume)) for place in PLACES]
            check(figures, "packet loss", seconds)
    write_figures("hangs", engine_name, figures)
    slowest = [value for name, value in figures.items() if name.endswith("seconds")]
    assert max(slowest) < ROOM, figures


@pytest.mark.engines("postgresql")
def test_stopped_backend(bank_url: str) -> None:
    """If a session's process is stopped while the server runs, it is abandoned, and the pool makes another."""
    with pydb.Database(bank_url, statement_timeout=0.3, connect_timeout=2) as database:
        for place in (ping, statement, commit):
            with database.begin() as conn:
                pid = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
            error: type[Exception] = errors.CommitOutcomeUnknown if place is commit else errors.Disconnected
            try:
                if place is ping:
                    place(database, partial(os.kill, pid, signal.SIGSTOP))  # a new connection is made in its place
                else:
                    with pytest.raises(error):
                        place(database, partial(os.kill, pid, signal.SIGSTOP))
            finally:
                os.kill(pid, signal.SIGCONT)
            assert database.run(lambda conn: accounts.count(conn)) == ACCOUNTS
