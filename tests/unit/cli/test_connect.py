"""The database of a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from pydb.cli.connect import database_at, entered
from pydb.errors import DatabaseError, PydbError


def test_a_database() -> None:
    """The database is open in the block."""
    with database_at(make_url("sqlite://")) as database, entered(database.begin()) as conn:
        assert conn.exec_driver_sql("SELECT 1").scalar_one() == 1


@pytest.mark.parametrize("url", ["postgresql+psycopg://127.0.0.1:1/d?nowhere=secret", "sqlite:////nowhere/at/all.db"])
def test_one_that_cannot_be_opened(url: str) -> None:
    """An unreachable database raises another error than a statement, and the error repeats no value of the URL."""
    with (
        pytest.raises(PydbError, match="cannot connect to the database") as raised,
        database_at(make_url(url)) as database,
        entered(database.read()) as conn,
    ):
        conn.exec_driver_sql("SELECT 1")
    assert not isinstance(raised.value, DatabaseError)
    assert "secret" not in str(raised.value)


def test_an_error_in_the_block_stays() -> None:
    """An error of a statement is not reported as a failed connection."""

    @contextmanager
    def transaction() -> Iterator[Connection]:
        with database_at(make_url("sqlite://")) as database, database.begin() as conn:
            yield conn

    with pytest.raises(ValueError, match="mine"), entered(transaction()):
        raise ValueError("mine")


def test_an_interrupt_leaves() -> None:
    """An interrupt leaves the block unchanged, after the sessions were ended."""
    with pytest.raises(KeyboardInterrupt), database_at(make_url("sqlite://")):
        raise KeyboardInterrupt
