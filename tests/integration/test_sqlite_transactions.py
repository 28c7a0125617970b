"""SQLite with Database: the order of writers, the settings of a connection, files, memory and permissions."""

from __future__ import annotations

import _thread
import multiprocessing
import os
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, exc, make_url, text
from sqlalchemy.pool import NullPool

import pydb
from pydb import errors
from tests.harness.waiting import ALARM, wait_until
from tests.integration.bank import accounts, balances, open_accounts

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("call_path")]


@pytest.fixture
def bank(empty_db: pydb.Database) -> pydb.Database:
    """Two accounts of 100."""
    open_accounts(empty_db)
    return empty_db


def file_of(database: pydb.Database) -> Path:
    return Path(database.engine.url.database or "")


def foreign(database: pydb.Database) -> sqlite3.Connection:
    """A foreign connection to the same file, which waits for no lock."""
    return sqlite3.connect(file_of(database), timeout=0, isolation_level=None)


def pragma(database: pydb.Database, name: str) -> object:
    with database.connect() as conn:
        return conn.execute(text(f"PRAGMA {name}")).scalar_one()


# The order of writers.


def test_begin_takes_the_write_lock_at_once(bank: pydb.Database) -> None:
    """A begin() block holds the write lock before its first statement."""
    other = foreign(bank)
    with bank.begin(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_second_begin_waits(bank: pydb.Database) -> None:
    """A second begin() waits until the first one ends, and then sees its changes."""
    seen = []

    def second() -> None:
        with bank.begin() as conn:
            seen.append(accounts.balance(conn, id=1))

    thread = threading.Thread(target=second)
    with bank.begin() as conn:
        thread.start()
        thread.join(0.1)
        assert seen == []
        accounts.deposit(conn, id=1, amount=5)
    thread.join()
    assert seen == [105]


def test_reader_does_not_wait(bank: pydb.Database) -> None:
    """A read() block reads while a writer is active; if it waited for the writer, it would raise Busy."""
    with bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        assert balances(bank) == [100, 100]


def test_read_does_not_take_the_write_lock(bank: pydb.Database) -> None:
    """A read() block does not block a writer."""
    other = foreign(bank)
    with bank.read() as conn:
        accounts.balance(conn, id=1)
        other.execute("UPDATE accounts SET balance = 105 WHERE id = 1")
    other.close()
    assert balances(bank) == [105, 100]


@pytest.mark.parametrize("who", ["ours", "foreign"])
def test_hung_writer(empty_url: str, who: str) -> None:
    """If a writer never ends, the next one raises Busy after the lock timeout, for pydb's and for foreign writers."""
    with pydb.Database(empty_url, lock_timeout=0.2) as database, pydb.Database(empty_url) as hung:
        open_accounts(database)
        other = foreign(database)
        block = hung.begin()
        if who == "ours":
            block.__enter__()
        else:
            other.execute("BEGIN IMMEDIATE")
        with pytest.raises(errors.Busy, match="hint: "), database.begin():
            pass
        if who == "ours":
            block.__exit__(None, None, None)
        other.close()
        assert balances(database) == [100, 100]


def test_waiting_writers_keep_no_connection(empty_url: str) -> None:
    """Writers that wait for their turn use no pooled connections, so that readers get them."""
    with pydb.Database(empty_url, pool_size=2, max_overflow=0, pool_timeout=0.5) as database:
        open_accounts(database)
        threads = [threading.Thread(target=add_one, args=(database,)) for _ in range(4)]
        with database.begin():
            for thread in threads:
                thread.start()
            time.sleep(0.05)
            assert balances(database) == [100, 100]
        for thread in threads:
            thread.join()
        assert balances(database) == [104, 100]


def add_one(database: pydb.Database) -> None:
    with database.begin() as conn:
        accounts.set_balance(conn, id=1, balance=accounts.balance(conn, id=1) + 1)


def test_no_thread_leak(empty_url: str) -> None:
    """However many writers stop waiting, at most one thread continues to wait, until the lock is released."""
    with pydb.Database(empty_url, lock_timeout=0.01) as database, pydb.Database(empty_url) as hung:
        open_accounts(database)
        before = _thread._count()
        with hung.begin():
            for _ in range(10):
                with pytest.raises(errors.Busy), database.begin():
                    pass
            assert _thread._count() == before + 1
        wait_until(lambda: _thread._count() == before, "the thread that waits ends")
        add_one(database)


def hang(url: str, began: Any) -> None:
    with pydb.Database(url) as database, database.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        began.set()
        time.sleep(ALARM)


def test_killed_writer(bank: pydb.Database) -> None:
    """A process that is killed inside a block releases the turn and the lock, and its changes are rolled back."""
    context = multiprocessing.get_context("fork")
    began = context.Event()
    writer = context.Process(target=hang, args=(str(bank.engine.url), began))
    writer.start()
    assert began.wait(ALARM)
    writer.kill()
    writer.join()
    add_one(bank)
    assert balances(bank) == [101, 100]


def test_two_databases_on_one_file(bank: pydb.Database) -> None:
    """Two Database objects on one file take turns, also if one of them uses a symbolic link."""
    link = file_of(bank).with_name("link.db")
    link.symlink_to(file_of(bank))
    with pydb.Database(f"sqlite:///{link}", lock_timeout=0.1) as other:
        with bank.begin(), pytest.raises(errors.Busy, match="waiting for other writers"), other.begin():
            pass
        with other.begin() as conn:
            accounts.deposit(conn, id=1, amount=5)
    assert balances(bank) == [105, 100]


def test_deferred_transaction_that_comes_too_late(bank: pydb.Database) -> None:
    """On connect(), a write after a read raises SerializationFailure if another writer wrote in between."""
    with bank.connect() as conn:
        accounts.balance(conn, id=1)
        add_one(bank)
        with pytest.raises(errors.SerializationFailure, match=r"hint: write in Database\.begin\(\)"):
            accounts.deposit(conn, id=1, amount=5)
    assert balances(bank) == [101, 100]


# The settings of a connection.


def test_settings(bank: pydb.Database) -> None:
    """Foreign keys are enforced, the file is in WAL mode, and a busy timeout is set."""
    assert pragma(bank, "foreign_keys") == 1
    assert pragma(bank, "journal_mode") == "wal"
    assert pragma(bank, "busy_timeout") == 10_000


def test_lock_timeout_is_the_busy_timeout(empty_url: str) -> None:
    """lock_timeout, in seconds, is the time that SQLite waits for a lock."""
    with pydb.Database(empty_url, lock_timeout=0.25) as database:
        assert pragma(database, "busy_timeout") == 250


@pytest.mark.skipif(sys.version_info < (3, 12), reason="sqlite3.Connection.setconfig came with Python 3.12")
def test_double_quotes_are_names(bank: pydb.Database) -> None:
    """A double-quoted name that does not exist is an error, not a string."""
    with pytest.raises(errors.DatabaseError, match="nosuch"), bank.read() as conn:
        conn.execute(text('SELECT "nosuch" FROM accounts'))


def test_autocommit(empty_url: str) -> None:
    """An AUTOCOMMIT connection commits each statement, and its pooled connection runs transactions afterwards."""
    with pydb.Database(empty_url, pool_size=1, max_overflow=0) as database:
        open_accounts(database)
        with database.connect() as conn:
            conn = conn.execution_options(isolation_level="AUTOCOMMIT")
            accounts.deposit(conn, id=1, amount=5)
            conn.execute(text("VACUUM"))
            conn.rollback()
        with database.begin() as conn:
            savepoint = conn.begin_nested()
            accounts.deposit(conn, id=1, amount=5)
            savepoint.commit()
            conn.rollback()
        with database.connect() as conn:
            accounts.deposit(conn, id=1, amount=5)
        assert balances(database) == [105, 100]


def test_autocommit_for_a_whole_database(empty_url: str) -> None:
    """A Database under AUTOCOMMIT is refused, because its begin() could not roll back."""
    with pytest.raises(ValueError, match="hint: set it on one connection"):
        pydb.Database(empty_url, isolation_level="AUTOCOMMIT")


def test_skip_autocommit_rollback(empty_url: str) -> None:
    """SQLAlchemy's skip_autocommit_rollback does not skip the ROLLBACK of a transaction that pydb has begun."""
    with pydb.Database(empty_url, skip_autocommit_rollback=True) as database:
        open_accounts(database)
        with pytest.raises(ZeroDivisionError), database.begin() as conn:
            conn.execute(text("DELETE FROM accounts"))
            raise ZeroDivisionError
        with database.connect() as conn:
            conn.execute(text("DELETE FROM accounts"))
            conn.rollback()
            accounts.deposit(conn, id=1, amount=5)
            conn.commit()
        assert balances(database) == [105, 100]


def test_own_pool_class(empty_url: str) -> None:
    """A pool class that the application chooses replaces the pool."""
    with pydb.Database(empty_url, poolclass=NullPool) as database:
        open_accounts(database)
        assert isinstance(database.engine.pool, NullPool)
        assert balances(database) == [100, 100]


# Transactions that SQLite ends by itself, or cannot end.


def roll_back(conn: Connection) -> None:
    with pytest.raises(exc.IntegrityError):
        conn.execute(text("INSERT OR ROLLBACK INTO accounts VALUES (1, 'again', 0)"))


def roll_back_in_a_savepoint(conn: Connection) -> None:
    with pytest.raises(exc.IntegrityError), conn.begin_nested():
        conn.execute(text("INSERT OR ROLLBACK INTO accounts VALUES (1, 'again', 0)"))


def deposit_in_vain(conn: Connection) -> None:
    with pytest.raises(exc.InvalidRequestError, match="closed transaction"):
        accounts.deposit(conn, id=1, amount=7)


@pytest.mark.parametrize("conflict", [roll_back, roll_back_in_a_savepoint])
def test_conflict_that_rolls_back(bank: pydb.Database, conflict: Callable[[Connection], None]) -> None:
    """ON CONFLICT ROLLBACK ends the transaction: later statements are refused, and the block raises an error."""
    with pytest.raises(errors.TransactionDoomed), bank.begin() as conn:
        accounts.deposit(conn, id=1, amount=5)
        conflict(conn)
        deposit_in_vain(conn)
    assert balances(bank) == [100, 100]


@pytest.fixture
def deferred(empty_url: str) -> Iterator[pydb.Database]:
    """A pool of one connection, and a foreign key that is checked at COMMIT."""
    with pydb.Database(empty_url, pool_size=1, max_overflow=0) as database:
        with database.begin() as conn:
            conn.execute(text("CREATE TABLE parent (id integer PRIMARY KEY)"))
            reference = "integer REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED"
            conn.execute(text(f"CREATE TABLE child (parent_id {reference})"))
        yield database


def orphan(database: pydb.Database) -> None:
    with database.begin() as conn:
        conn.execute(text("INSERT INTO child VALUES (5)"))


def orphan_by_hand(database: pydb.Database) -> None:
    with database.connect() as conn:
        conn.execute(text("INSERT INTO child VALUES (5)"))
        conn.commit()


@pytest.mark.parametrize("work", [orphan, orphan_by_hand])
def test_commit_that_is_refused(deferred: pydb.Database, work: Callable[[pydb.Database], None]) -> None:
    """A COMMIT that a deferred constraint refuses rolls back the transaction and releases the write lock."""
    with pytest.raises(exc.IntegrityError):
        work(deferred)
    foreign(deferred).execute("INSERT INTO parent VALUES (1)").connection.close()
    with deferred.begin() as conn:
        assert conn.execute(text("SELECT count(*) FROM child")).scalar_one() == 0
        assert conn.execute(text("SELECT count(*) FROM parent")).scalar_one() == 1


# Files, memory and permissions.


def test_lock_files(bank: pydb.Database) -> None:
    """The write queue uses two empty files beside the database, which may be deleted between transactions."""
    locks = [file_of(bank).with_name(file_of(bank).name + ending) for ending in ("-lock", "-queue")]
    for lock in locks:
        assert lock.stat().st_size == 0
        lock.unlink()
    add_one(bank)
    assert all(lock.exists() for lock in locks)


def test_memory() -> None:
    """A database in memory keeps its tables between blocks, and serves all threads with its one connection."""
    with pydb.Database("sqlite://", pool_timeout=ALARM) as database:
        open_accounts(database)
        threads = [threading.Thread(target=add_one, args=(database,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert balances(database) == [108, 100]


@pytest.mark.parametrize("url", ["sqlite:///:memory:", "sqlite:///file::memory:?uri=true"])
def test_memory_by_other_names(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database in memory has no lock file, whatever the spelling of its URL."""
    monkeypatch.chdir(tmp_path)
    with pydb.Database(url) as database:
        open_accounts(database)
        assert balances(database) == [100, 100]
    assert list(tmp_path.iterdir()) == []


def test_read_only_url(bank: pydb.Database) -> None:
    """A URL with mode=ro can read, and writes are refused."""
    with pydb.Database(f"sqlite:///file:{file_of(bank)}?mode=ro&uri=true") as database:
        assert balances(database) == [100, 100]
        with pytest.raises(errors.DatabaseError, match="read-only"), database.begin() as conn:
            accounts.deposit(conn, id=1, amount=5)


def nobody(work: Callable[[], None]) -> int:
    """Run the work in a child without root's right to write everywhere; return its exit code."""

    def child() -> None:
        if os.geteuid() == 0:
            os.setuid(65534)
        work()

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join(30)
    return process.exitcode if process.exitcode is not None else -1


@pytest.fixture
def open_folder(bank: pydb.Database) -> Iterator[Path]:
    """A folder that every user may enter, with a copy of the bank in rollback mode."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        source, copy = foreign(bank), sqlite3.connect(folder / "bank.db")
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.close()
        source.close()
        yield folder
        folder.chmod(0o777)


def test_read_only_file(open_folder: Path) -> None:
    """A file that this user may not write can be read; begin() fails with SQLite's own reason."""
    (open_folder / "bank.db").chmod(0o444)

    def work() -> None:
        with pydb.Database(f"sqlite:///{open_folder / 'bank.db'}") as database:
            assert balances(database) == [100, 100]
            with pytest.raises(errors.DatabaseError, match="read-only"), database.begin() as conn:
                accounts.deposit(conn, id=1, amount=5)

    assert nobody(work) == 0


def test_read_only_folder(open_folder: Path) -> None:
    """In a folder that this user may not write, a database can be read, and no file is created beside it."""
    open_folder.chmod(0o555)

    def work() -> None:
        with pydb.Database(f"sqlite:///{open_folder / 'bank.db'}") as database:
            assert balances(database) == [100, 100]
            with pytest.raises(errors.DatabaseError), database.begin() as conn:
                accounts.deposit(conn, id=1, amount=5)

    assert nobody(work) == 0
    assert [path.name for path in open_folder.iterdir()] == ["bank.db"]


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    """A database in a folder that does not exist raises an error with a hint, in read() and in begin()."""
    url = make_url(f"sqlite:///{tmp_path}/nowhere/bank.db")
    with pydb.Database(url) as database:
        with pytest.raises(errors.DatabaseError, match="hint: does its folder exist"), database.begin():
            pass
        with pytest.raises(errors.DatabaseError, match="hint: does its folder exist"), database.read():
            pass
