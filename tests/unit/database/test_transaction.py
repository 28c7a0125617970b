"""The status of a transaction, which decides whether it may commit, on SQLite; integration tests have the engines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, exc

from pydb import Database
from pydb.database.transaction import Status, TransactionState, state_of
from pydb.errors import TransactionDoomed


@pytest.fixture
def database() -> Iterator[Database]:
    """A database in memory with an empty table."""
    with Database("sqlite://") as database:
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (id integer PRIMARY KEY)")
        yield database


def state(conn: Connection) -> TransactionState:
    found = state_of(conn)
    assert found is not None
    return found


def fail(conn: Connection) -> None:
    with pytest.raises(exc.OperationalError):
        conn.exec_driver_sql("/* users.by_id */ SELECT nowhere FROM t")


def rows(database: Database) -> int:
    with database.read() as conn:
        return int(conn.exec_driver_sql("SELECT count(*) FROM t").scalar_one())


def test_a_transaction_that_commits(database: Database) -> None:
    """A transaction is open until COMMIT is sent."""
    with database.begin() as conn:
        known = state(conn)
        assert [known.status] == [Status.OPEN]
        assert known.can_commit
        conn.exec_driver_sql("INSERT INTO t VALUES (1)")
    assert known.status is Status.COMMITTING
    assert rows(database) == 1


def test_a_failure_dooms_it(database: Database) -> None:
    """A failed statement dooms the transaction, and the error at COMMIT names the statement."""
    with pytest.raises(TransactionDoomed) as caught, database.begin() as conn:
        conn.exec_driver_sql("INSERT INTO t VALUES (1)")
        fail(conn)
        known = state(conn)
        assert known.status is Status.DOOMED
    assert known.status is Status.ROLLED_BACK
    assert caught.value.statement_name == "users.by_id"
    assert rows(database) == 0


def test_a_savepoint_takes_the_failure_with_it(database: Database) -> None:
    """A failure in a savepoint that is rolled back does not doom the transaction."""
    with database.begin() as conn:
        with pytest.raises(ZeroDivisionError), conn.begin_nested():
            fail(conn)
            assert state(conn).status is Status.OPEN
            assert not state(conn).can_commit
            raise ZeroDivisionError
        assert state(conn).can_commit
        conn.exec_driver_sql("INSERT INTO t VALUES (1)")
    assert rows(database) == 1


def test_a_savepoint_is_not_released_after_a_failure(database: Database) -> None:
    """Releasing a savepoint with a failed statement is refused, and the transaction can continue without it."""
    with database.begin() as conn:
        with pytest.raises(TransactionDoomed), conn.begin_nested():
            fail(conn)
        assert state(conn).can_commit


def test_no_state_outside_of_begin(database: Database) -> None:
    """pydb does not track transactions that begin outside its blocks."""
    with database.connect() as conn:
        assert state_of(conn) is None
        fail(conn)
        conn.commit()
