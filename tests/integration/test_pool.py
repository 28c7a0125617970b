"""The pool of a Database: exhaustion, reuse, sizes, and use after close()."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import create_engine, exc, text
from sqlalchemy.orm import Session

import pydb
from pydb import errors
from tests.integration.bank import accounts, balances, open_accounts

pytestmark = [pytest.mark.usefixtures("call_path"), pytest.mark.core_in_deep, pytest.mark.awaited]


@pytest.fixture
def small(empty_url: str) -> Iterator[pydb.Database]:
    """Two accounts of 100, and a pool of two connections with a timeout of 50 ms."""
    with pydb.Database(empty_url, pool_size=1, max_overflow=1, pool_timeout=0.05) as database:
        open_accounts(database)
        yield database


@pytest.mark.parametrize("kind", ["begin", "read", "connect"])
def test_exhausted_pool(small: pydb.Database, kind: str) -> None:
    """If all connections are in use, the next block fails after pool_timeout, and the hint says what to do."""
    block = getattr(small, kind)
    with small.connect(), small.connect(), pytest.raises(errors.PoolTimeout, match="hint: end transactions"), block():
        pass
    assert balances(small) == [100, 100]


def test_pool_timeout_is_sqlalchemys_too(small: pydb.Database) -> None:
    """PoolTimeout is caught by handlers of SQLAlchemy's TimeoutError, is not repeated by run(), and can be pickled."""
    calls = []
    with small.connect(), small.connect(), pytest.raises(exc.TimeoutError) as caught:
        small.run(lambda conn: calls.append(1))
    assert calls == []
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (type(copy), str(copy)) == (errors.PoolTimeout, str(caught.value))


def fail(database: pydb.Database) -> None:
    with database.begin() as conn:
        accounts.create(conn, id=1, owner="again", balance=0)


def refuse(database: pydb.Database) -> None:
    with database.read() as conn:
        accounts.deposit(conn, id=1, amount=1)


def doom(database: pydb.Database) -> None:
    with database.begin() as conn, pytest.raises(errors.UniqueViolation):
        accounts.create(conn, id=1, owner="again", balance=0)


@pytest.mark.parametrize("work", [fail, refuse, doom])
def test_no_connection_is_lost(small: pydb.Database, work: Callable[[pydb.Database], None]) -> None:
    """However a block ends, its connection returns to the pool, clean."""
    for _ in range(5):
        with pytest.raises(errors.PydbError):
            work(small)
    assert small.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    with small.begin() as one, small.read() as two:
        accounts.deposit(one, id=1, amount=1)
        assert accounts.balance(two, id=1) == 100
    assert balances(small) == [101, 100]


def test_close(empty_url: str) -> None:
    """close() closes the pooled connections; a Database that is used again opens new ones."""
    database = pydb.Database(empty_url)
    with database:
        open_accounts(database)
    assert database.engine.pool.checkedin() == 0  # type: ignore[attr-defined]
    assert balances(database) == [100, 100]
    database.close()
    database.close()


def test_close_after_an_error(empty_url: str) -> None:
    """A Database as a context manager is closed, and does not suppress an error."""
    with pytest.raises(ValueError, match="mine"), pydb.Database(empty_url) as database:
        open_accounts(database)
        raise ValueError("mine")
    assert database.engine.pool.checkedin() == 0  # type: ignore[attr-defined]


def test_default_url(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a URL, Database uses $DATABASE_URL, and if that is not set, the error says so."""
    monkeypatch.setenv("DATABASE_URL", empty_url)
    with pydb.Database() as database:
        open_accounts(database)
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(errors.PydbError, match=r"no database is named.*hint: .*set \$DATABASE_URL"):
        pydb.Database()


@pytest.mark.parametrize("url", ["nonsense", "sqlite", "oracle://x", "://"])
def test_wrong_url(url: str) -> None:
    """An invalid URL, and the URL of an unknown engine, are refused with a hint."""
    with pytest.raises(errors.PydbError, match="hint: "):
        pydb.Database(url)


def test_options_of_create_engine(empty_url: str) -> None:
    """Other options are passed to create_engine."""
    with (
        pydb.Database(empty_url, pool_recycle=7, execution_options={"mine": 1}) as database,
        database.connect() as conn,
    ):
        assert conn.get_execution_options()["mine"] == 1
    with pytest.raises(pydb.errors.OptionError, match="nonsense"):
        pydb.Database(empty_url, nonsense=1)


# Connections that do not belong to Database.


def test_own_engine(empty_url: str) -> None:
    """Statements run on the application's own engine, in the application's transactions."""
    engine = create_engine(empty_url)
    with pydb.Database(empty_url) as database:
        open_accounts(database)
        with engine.begin() as conn:
            accounts.deposit(conn, id=1, amount=5)
        with engine.connect() as conn:
            accounts.deposit(conn, id=1, amount=5)
        assert balances(database) == [105, 100]
    engine.dispose()


def test_orm_session(empty_url: str) -> None:
    """Statements run on an ORM session's connection, and are committed and rolled back with the session."""
    engine = create_engine(empty_url)
    with pydb.Database(empty_url) as database:
        open_accounts(database)
        with Session(engine) as session:
            accounts.deposit(session.connection(), id=1, amount=5)
            session.commit()
            accounts.deposit(session.connection(), id=1, amount=5)
            session.rollback()
        assert balances(database) == [105, 100]
    engine.dispose()


def test_orm_session_in_a_block(empty_url: str) -> None:
    """An ORM session on a begin() block's connection is part of the block, and a suppressed error dooms it."""
    with pydb.Database(empty_url) as database:
        open_accounts(database)
        with database.begin() as conn, Session(conn) as session:
            session.execute(text("UPDATE accounts SET balance = balance + 5 WHERE id = 1"))
        assert balances(database) == [105, 100]
        with pytest.raises(errors.TransactionDoomed), database.begin() as conn, Session(conn) as session:
            accounts.deposit(conn, id=1, amount=5)
            with pytest.raises(exc.IntegrityError):
                session.execute(text("INSERT INTO accounts (id, owner, balance) VALUES (1, 'again', 0)"))
        assert balances(database) == [105, 100]
