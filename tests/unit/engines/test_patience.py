"""Waits that are limited to the remaining time."""

from __future__ import annotations

import math
import sqlite3
import time

import pytest
from sqlalchemy import create_engine, exc

from pydb.engines import patience


def test_no_moment_no_limit() -> None:
    """Outside wait_until there is no limit, and each timeout is unchanged."""
    assert patience.seconds_left() == math.inf
    assert patience.connect_timeout(3) == 3
    assert patience.lock_timeout(3) == 3


def test_the_earlier_moment_counts() -> None:
    """An inner wait cannot be longer than the outer one, which is valid again after it."""
    with patience.wait_until(time.monotonic() + 5):
        with patience.wait_until(time.monotonic() + 50):
            assert patience.seconds_left() <= 5
        with patience.wait_until(time.monotonic() + 1):
            assert patience.seconds_left() <= 1
        assert patience.seconds_left() > 1


def test_locks_have_a_limit_of_their_own() -> None:
    """The wait for a lock may be shorter than all others."""
    with patience.wait_until(time.monotonic() + 50, lock_limit=2):
        assert patience.lock_timeout(10) == 2
        assert patience.connect_timeout(10) == 10


def test_there_is_always_time_to_connect() -> None:
    """After the time is over, some time is left for connecting, and none for anything else."""
    with patience.wait_until(time.monotonic() - 1):
        assert patience.connect_timeout(10) == patience.LEAST_CONNECT
        assert patience.lock_timeout(10) == 0


def test_the_pool_waits_no_longer() -> None:
    """The wait for an empty pool ends at the limit, and the pool then has its own timeout again, also in a copy."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(":memory:"),
        poolclass=patience.PatientPool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=600,
    )
    with engine.connect():
        with patience.wait_until(time.monotonic() + 0.05), pytest.raises(exc.TimeoutError):
            engine.connect()
        with patience.wait_until(time.monotonic()):
            copy = engine.pool.recreate()
        assert isinstance(copy, patience.PatientPool)
        assert copy.timeout() == 600
    engine.dispose()
