"""The pool works like QueuePool, and slots that an exception has lost return."""

from __future__ import annotations

import gc
import threading
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, exc

from pydb.engines.pool import SlotPool


@pytest.fixture
def engine(tmp_path: Any) -> Engine:
    """An engine with a pool of two connections and one more."""
    return create_engine(
        f"sqlite:///{tmp_path}/a.db", poolclass=SlotPool, pool_size=2, max_overflow=1, pool_timeout=0.1
    )


def counts(engine: Engine) -> tuple[int, int, int]:
    """The numbers of connections in use, idle connections, and connections beyond the pool's size."""
    pool = engine.pool
    assert isinstance(pool, SlotPool)
    return pool.checkedout(), pool.checkedin(), pool.overflow()


def test_it_counts_as_a_queue_pool_does(engine: Engine) -> None:
    """The numbers are those of QueuePool; connections beyond the size are closed when they return."""
    assert counts(engine) == (0, 0, -2)
    conns = [engine.connect() for _ in range(3)]
    assert counts(engine) == (3, 0, 1)
    with pytest.raises(exc.TimeoutError, match="limit of size 2 overflow 1 reached"):
        engine.connect()
    for conn in conns:
        conn.close()
    assert counts(engine) == (0, 2, 0)
    engine.dispose()
    assert counts(engine) == (0, 0, -2)


def test_connections_are_used_again(engine: Engine) -> None:
    """The connection that was idle longest is used first, or with ``pool_use_lifo`` the one that returned last."""
    for pool, again in ((engine.pool, 0), (create_engine("sqlite://", poolclass=SlotPool, pool_use_lifo=True).pool, 1)):
        first, second = pool.connect(), pool.connect()
        drivers = [first.dbapi_connection, second.dbapi_connection]
        first.close()
        second.close()
        assert pool.connect().dbapi_connection is drivers[again]


def test_no_limit() -> None:
    """``max_overflow=-1`` and ``pool_size=0`` have no limit; with the latter all connections are kept."""
    for options in ({"pool_size": 1, "max_overflow": -1}, {"pool_size": 0}):
        engine = create_engine("sqlite://", poolclass=SlotPool, **options)
        conns = [engine.connect() for _ in range(20)]
        for conn in conns:
            conn.close()
        assert counts(engine)[:2] == (0, options["pool_size"] or 20)


def test_who_waits_gets_what_comes_back(engine: Engine) -> None:
    """A thread that waits for a connection gets it when another one is closed."""
    patient = engine.execution_options()
    patient.pool._timeout = 60.0  # type: ignore[attr-defined]
    conns = [engine.connect() for _ in range(3)]
    got: list[Any] = []
    threads = [threading.Thread(target=lambda: got.append(patient.connect())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for conn in conns:
        conn.close()
    for thread in threads:
        thread.join(60)
    assert len(got) == 3


@pytest.mark.parametrize("where", ["connect", "checkout", "checkin"])
def test_an_interrupt_costs_no_slot(engine: Engine, where: str) -> None:
    """If a listener of the pool is interrupted, the connection may be lost, but its slot is not."""
    interrupts = [KeyboardInterrupt() for _ in range(10)]

    def interrupted(*_: object) -> None:
        if interrupts:
            raise interrupts.pop()

    event.listen(engine, where, interrupted)
    while interrupts:
        with pytest.raises(KeyboardInterrupt):
            engine.connect().close()
    gc.collect()
    assert counts(engine)[0] == 0
    conns = [engine.connect() for _ in range(3)]
    for conn in conns:
        conn.close()


def test_slots_in_garbage_come_back(engine: Engine) -> None:
    """Before it fails, the pool searches for entries that are referenced only by an exception's cycle."""

    def lose() -> None:
        lost = [engine.pool._do_get()]
        lost.append(lost)  # type: ignore[arg-type]

    for _ in range(7):
        lose()
    engine.connect().close()
