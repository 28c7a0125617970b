"""Connections for a block return to the pool at its end."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import QueuePool

from pydb.engines.connections import pooled_connection


@pytest.fixture
def engine() -> Engine:
    """An engine with a pool of one connection."""
    return create_engine("sqlite://", poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.1)


def in_use(engine: Engine) -> int:
    assert isinstance(engine.pool, QueuePool)
    return engine.pool.checkedout()


def test_the_connection_is_given_back(engine: Engine) -> None:
    """The connection returns after the block, and after an exception in it."""
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), pooled_connection(engine.connect) as conn:
            assert in_use(engine) == 1
            raise ZeroDivisionError
        assert conn.closed
        assert in_use(engine) == 0


def test_a_connection_that_cannot_be_had(engine: Engine) -> None:
    """If connecting fails, the error leaves the block, and nothing is returned."""

    def connect() -> Connection:
        raise LookupError

    with pytest.raises(LookupError), pooled_connection(connect):
        raise AssertionError("there is no connection")


def test_a_clean_up_that_was_interrupted_is_done_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt before the connection is closed does not leave it open."""
    close = Connection.close
    interrupts = [KeyboardInterrupt()]

    def interrupted(conn: Connection) -> None:
        if interrupts:
            raise interrupts.pop()
        close(conn)

    monkeypatch.setattr(Connection, "close", interrupted)
    with pytest.raises(KeyboardInterrupt), pooled_connection(engine.connect):
        pass
    assert in_use(engine) == 0
