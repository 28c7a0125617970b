"""Database.run(work, once=key) on SQLite; integration tests have lost answers to COMMIT."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from pydb import AlreadyDone, Database, errors
from pydb.database.once import LONGEST_KEY, check_key
from pydb.engines.base import rules_of


@pytest.fixture
def database() -> Iterator[Database]:
    """A database in memory with a table and the table of the keys."""
    with Database("sqlite://") as database:
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (id integer)")
            conn.exec_driver_sql(rules_of("sqlite").once_table)
        yield database


def add(conn: Connection) -> int:
    conn.exec_driver_sql("INSERT INTO t VALUES (1)")
    return int(conn.exec_driver_sql("SELECT count(*) FROM t").scalar_one())


def count(database: Database, table: str = "t") -> int:
    return int(database.run_read(lambda conn: conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()))


def test_it_happens_once(database: Database) -> None:
    """The second call with a key does nothing and raises AlreadyDone with the key and the time."""
    assert database.run(add, once="a") == 1
    with pytest.raises(AlreadyDone) as caught:
        database.run(add, once="a")
    assert caught.value.key == "a"
    assert caught.value.done_at is not None
    assert timedelta(0) <= datetime.now(UTC) - caught.value.done_at < timedelta(minutes=5)
    assert "'a'" not in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).done_at == caught.value.done_at
    assert count(database) == 1


@pytest.mark.parametrize("other", ["A", "a ", "ä", "a" * LONGEST_KEY])
def test_keys_are_compared_byte_for_byte(database: Database, other: str) -> None:
    """A key that differs in one byte is another transaction."""
    database.run(add, once="a")
    assert database.run(add, once=other) == 2


def test_the_key_goes_with_the_work(database: Database) -> None:
    """If the work fails, its key is rolled back, and it can be done later."""
    with pytest.raises(ZeroDivisionError):
        database.run(lambda conn: add(conn) / 0, once="a")
    assert count(database, "pydb_once") == 0
    assert database.run(add, once="a") == 1


def test_repeated_work(database: Database) -> None:
    """run() repeats the same errors with once= as without it."""
    calls = []

    def work(conn: Connection) -> int:
        calls.append(1)
        if len(calls) < 3:
            raise errors.Deadlock("x")
        return add(conn)

    assert database.run(work, once="a") == 1
    assert len(calls) == 3


def test_attempts(database: Database) -> None:
    """attempts limits the calls of the work."""

    def work(conn: Connection) -> None:
        calls.append(1)
        raise errors.Deadlock("x")

    calls: list[int] = []
    with pytest.raises(errors.Deadlock):
        database.run(work, once="a", attempts=2)
    assert len(calls) == 2


def test_a_unique_violation_of_the_work(database: Database) -> None:
    """A duplicate in the work raises the work's own error."""
    with database.begin() as conn:
        conn.exec_driver_sql("CREATE UNIQUE INDEX u ON t (id)")
    database.run(add, once="a")
    with pytest.raises(errors.UniqueViolation):
        database.run(add, once="b")


@pytest.mark.parametrize("key", ["", "a" * (LONGEST_KEY + 1), "a\0", "\ud800", None, 7])
def test_keys_that_are_none(key: Any) -> None:
    """A key that some engine could not store is refused."""
    with pytest.raises(errors.ParameterError, match="the key of once="):
        check_key(key)


def test_not_inside_of_a_block(database: Database) -> None:
    """Inside begin() or run(), once is refused; after the block it is not."""
    with database.begin(), pytest.raises(errors.ParameterError, match="inside of another"):
        database.run(add, once="a")
    with pytest.raises(errors.ParameterError, match="inside of another"):
        database.run(lambda conn: database.run(add, once="a"))
    assert database.run(add, once="a") == 1


def test_the_table_is_missing() -> None:
    """The error about a missing table has its DDL, which works."""
    with Database("sqlite://") as database:
        with pytest.raises(errors.DatabaseError, match=r"no such table: pydb_once.*in schema\.sql") as caught:
            database.run(lambda conn: 1, once="a")
        assert caught.value.hint is not None
        with database.begin() as conn:
            conn.exec_driver_sql(caught.value.hint.partition("\n")[2])
        assert database.run(lambda conn: 1, once="a") == 1
