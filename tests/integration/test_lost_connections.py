"""Lost connections: between transactions, inside a transaction, and directly before or after COMMIT."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, event, make_url, text

import pydb
from pydb import errors
from pydb.testing.servers import StartedServer
from tests.harness.proxy import Proxy
from tests.harness.waiting import wait_until
from tests.integration.bank import accounts, balances, open_accounts

pytestmark = [
    pytest.mark.engines("postgresql", "mariadb"),
    pytest.mark.usefixtures("call_path"),
    pytest.mark.core_in_deep,
    pytest.mark.awaited,
]


@pytest.fixture
def bank(own_url: str) -> Iterator[pydb.Database]:
    """Two accounts of 100 on a server that the test may stop."""
    with pydb.Database(own_url) as database:
        open_accounts(database)
        yield database


@pytest.fixture
def far_bank(empty_url: str, proxy: Proxy) -> Iterator[pydb.Database]:
    """Two accounts of 100 behind a proxy."""
    with pydb.Database(proxy.url(empty_url)) as database:
        open_accounts(database)
        yield database


@pytest.fixture
def near_bank(empty_url: str) -> Iterator[pydb.Database]:
    """The accounts of ``far_bank``, without the proxy."""
    with pydb.Database(empty_url) as database:
        yield database


def deposit(conn: Connection) -> None:
    accounts.deposit(conn, id=1, amount=5)


def deposit_through_core(conn: Connection) -> None:
    conn.execute(text("UPDATE accounts SET balance = balance + 5 WHERE id = 1"))


# A server that ends.


@pytest.mark.parametrize(
    "end", [StartedServer.restart, lambda server: (server.kill(), server.start())], ids=["stop", "kill"]
)
def test_server_ends_between_transactions(
    bank: pydb.Database, own_server: StartedServer, end: Callable[[StartedServer], object]
) -> None:
    """A restart of the server between two transactions causes no error, and committed data is kept."""
    bank.run(deposit)
    end(own_server)
    with bank.begin() as conn:
        deposit(conn)
    assert balances(bank) == [110, 100]


@pytest.mark.parametrize("end", [StartedServer.stop, StartedServer.kill], ids=["stop", "kill"])
@pytest.mark.parametrize("change", [deposit, deposit_through_core])
def test_server_ends_inside_a_transaction(
    bank: pydb.Database,
    own_server: StartedServer,
    end: Callable[[StartedServer], None],
    change: Callable[[Connection], None],
) -> None:
    """If the server ends inside a transaction, the block raises Disconnected, and nothing of it is kept."""
    with pytest.raises(errors.Disconnected), bank.begin() as conn:
        change(conn)
        end(own_server)
        change(conn)
    own_server.start()
    assert balances(bank) == [100, 100]


def test_run_over_a_restart(bank: pydb.Database, own_server: StartedServer) -> None:
    """run() repeats a transaction during which the server was restarted."""
    calls = []

    def work(conn: Connection) -> None:
        calls.append(1)
        deposit(conn)
        if len(calls) == 1:
            own_server.restart()
            deposit(conn)

    bank.run(work)
    assert len(calls) == 2
    assert balances(bank) == [105, 100]


@pytest.mark.awaited(False)
def test_run_waits_for_a_server(bank: pydb.Database, own_server: StartedServer) -> None:
    """run() tries again while a server is down for a moment, and succeeds when it is back."""
    attempts = []
    event.listen(bank.engine, "do_connect", lambda *_: attempts.append(1))
    own_server.stop()
    thread = threading.Thread(target=lambda: bank.run(deposit, attempts=10_000))
    thread.start()
    wait_until(lambda: len(attempts) > 2, "it tries again")
    own_server.start()
    thread.join()
    assert balances(bank) == [105, 100]


def test_server_is_down(bank: pydb.Database, own_server: StartedServer) -> None:
    """Without a server, every kind of block raises Disconnected, and so does run() in the end."""
    own_server.stop()
    for block in (bank.begin, bank.read, bank.connect):
        with pytest.raises(errors.Disconnected), block():
            pass
    with pytest.raises(errors.Disconnected):
        bank.run(deposit, attempts=2)


def test_nobody_listens(shared_server: StartedServer, empty_url: str) -> None:
    """A port on which nothing listens raises Disconnected."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = make_url(empty_url).set(port=unused.getsockname()[1])
        with (
            pydb.Database(url, connect_timeout=2) as database,
            pytest.raises(errors.Disconnected),
            database.begin(),
        ):
            pass


# A session that is ended.


def end_session(database: pydb.Database, conn: Connection) -> None:
    """End that session from another one, as a DBA does."""
    if conn.dialect.name == "postgresql":
        key = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
        command = text("SELECT pg_terminate_backend(:key, 5000)")
    else:
        key = conn.execute(text("SELECT connection_id()")).scalar_one()
        command = text("KILL CONNECTION :key")
    with database.connect() as other:
        other.execute(command, {"key": key})


def test_ended_session(near_bank: pydb.Database) -> None:
    """If a DBA ends its session, a block raises Disconnected; the next block has a new session."""
    open_accounts(near_bank)
    with pytest.raises(errors.Disconnected), near_bank.begin() as conn:
        deposit(conn)
        end_session(near_bank, conn)
        deposit(conn)
    assert balances(near_bank) == [100, 100]


def test_swallowed_disconnect(near_bank: pydb.Database) -> None:
    """A block that suppresses Disconnected is doomed, as after other errors."""
    open_accounts(near_bank)
    with pytest.raises(errors.TransactionDoomed), near_bank.begin() as conn:
        deposit(conn)
        end_session(near_bank, conn)
        with pytest.raises(errors.Disconnected):
            deposit(conn)
    assert balances(near_bank) == [100, 100]


def test_error_over_a_lost_connection(near_bank: pydb.Database) -> None:
    """The application's own error leaves a block whose connection is also lost."""
    open_accounts(near_bank)
    for block in (near_bank.begin, near_bank.read):
        with pytest.raises(ValueError, match="mine"), block() as conn:
            accounts.balance(conn, id=1)
            end_session(near_bank, conn)
            raise ValueError("mine")
    assert balances(near_bank) == [100, 100]


def test_run_after_an_ended_session(near_bank: pydb.Database) -> None:
    """run() repeats a transaction whose session was ended, on whatever path its statements are sent."""
    open_accounts(near_bank)
    for change in (deposit, deposit_through_core):
        calls: list[Any] = []

        def work(conn: Connection, change: Callable[[Connection], None] = change, calls: list[int] = calls) -> None:
            calls.append(1)
            if len(calls) == 1:
                end_session(near_bank, conn)
            change(conn)

        near_bank.run(work)
        assert len(calls) == 2
    assert balances(near_bank) == [110, 100]


# COMMIT.


def test_connection_cut_before_commit(far_bank: pydb.Database, near_bank: pydb.Database, proxy: Proxy) -> None:
    """A connection that is cut at COMMIT, before the server gets it, raises CommitOutcomeUnknown."""
    with pytest.raises(errors.CommitOutcomeUnknown, match=r"hint: repeat it with Database\.run"):
        cut_block(far_bank, proxy.cut_before)
    assert not proxy.armed
    assert balances(near_bank) == [100, 100]


def test_connection_cut_after_commit(far_bank: pydb.Database, near_bank: pydb.Database, proxy: Proxy) -> None:
    """A connection that is cut after the server has committed, before it answers, raises CommitOutcomeUnknown too."""
    with pytest.raises(errors.CommitOutcomeUnknown):
        cut_block(far_bank, proxy.cut_after)
    assert balances(near_bank) == [105, 100]


def cut_block(database: pydb.Database, cut: Callable[[], None]) -> None:
    with database.begin() as conn:
        deposit(conn)
        cut()


def test_commit_by_hand_is_cut(far_bank: pydb.Database, near_bank: pydb.Database, proxy: Proxy) -> None:
    """If conn.commit() in a begin() block is cut, the block raises CommitOutcomeUnknown."""
    with pytest.raises(errors.CommitOutcomeUnknown), far_bank.begin() as conn:
        deposit(conn)
        proxy.cut_after()
        conn.commit()
    assert balances(near_bank) == [105, 100]


@pytest.mark.parametrize("kept", [False, True], ids=["before", "after"])
def test_run_never_repeats_a_commit(
    far_bank: pydb.Database, near_bank: pydb.Database, proxy: Proxy, kept: bool
) -> None:
    """run() calls its work once if COMMIT is cut: nothing is done twice, and nothing is lost silently."""
    calls = []

    def work(conn: Connection) -> None:
        calls.append(1)
        deposit(conn)
        (proxy.cut_after if kept else proxy.cut_before)()

    with pytest.raises(errors.CommitOutcomeUnknown):
        far_bank.run(work)
    assert len(calls) == 1
    assert balances(near_bank) == [105 if kept else 100, 100]


@pytest.mark.parametrize("statement", ["UPDATE", "SAVEPOINT", "RELEASE"])
@pytest.mark.parametrize("where", ["before", "after"])
def test_run_repeats_what_was_cut_before_commit(
    far_bank: pydb.Database, near_bank: pydb.Database, proxy: Proxy, statement: str, where: str
) -> None:
    """run() repeats a transaction whose connection was cut at any statement before COMMIT."""
    calls = []

    def work(conn: Connection) -> None:
        calls.append(1)
        accounts.balance(conn, id=1)
        if len(calls) == 1:
            (proxy.cut_before if where == "before" else proxy.cut_after)(statement)
        with conn.begin_nested():
            deposit(conn)

    far_bank.run(work)
    assert len(calls) == 2
    assert balances(near_bank) == [105, 100]


def test_bank_over_cut_connections(far_bank: pydb.Database, near_bank: pydb.Database, proxy: Proxy) -> None:
    """Deposits over a connection that is cut repeatedly: each is done once, or not at all, or reported as unknown."""
    done = unknown = 0
    for number in range(30):
        if number % 3 == 0:
            cut = proxy.cut_after if number % 2 else proxy.cut_before
            cut("COMMIT" if number % 4 < 2 else "UPDATE")
        try:
            far_bank.run(deposit)
            done += 1
        except errors.CommitOutcomeUnknown:
            unknown += 1
    balance = balances(near_bank)[0]
    assert unknown > 0
    assert 100 + 5 * done <= balance <= 100 + 5 * (done + unknown)
