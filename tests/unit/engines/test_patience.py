"""Waits that are cut to what is left."""

from __future__ import annotations

import math
import sqlite3
import time

import pytest
from sqlalchemy import create_engine, exc

from pydb.engines import patience


def test_no_moment_no_limit() -> None:
    """Outside of wait_until there is no limit, and each timeout is what it is."""
    assert patience.seconds_left() == math.inf
    assert patience.connect_timeout(3) == 3
    assert patience.lock_timeout(3) == 3


def test_the_earlier_moment_counts() -> None:
    """An inner wait cannot be longer than the outer one, and after it the outer one counts again."""
    with patience.wait_until(time.monotonic() + 5):
        with patience.wait_until(time.monotonic() + 50):
            assert patience.seconds_left() <= 5
        with patience.wait_until(time.monotonic() + 1):
            assert patience.seconds_left() <= 1
        assert patience.seconds_left() > 1


def test_locks_have_a_limit_of_their_own() -> None:
    """A lock may be waited for shorter than all else."""
    with patience.wait_until(time.monotonic() + 50, lock_limit=2):
        assert patience.lock_timeout(10) == 2
        assert patience.connect_timeout(10) == 10


def test_there_is_always_time_to_connect() -> None:
    """A moment that is over leaves some time to make a connection, and none for anything else."""
    with patience.wait_until(time.monotonic() - 1):
        assert patience.connect_timeout(10) == patience.LEAST_CONNECT
        assert patience.lock_timeout(10) == 0


def test_the_pool_waits_no_longer() -> None:
    """A pool that is empty is waited for until the moment, and has its own timeout again afterwards, also in a copy."""
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
