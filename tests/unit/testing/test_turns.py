"""The turns on a test's one connection."""

from __future__ import annotations

import contextvars
import threading

import pytest
from sqlalchemy import create_engine

from pydb.errors import NotIsolated
from pydb.testing.turns import OneConnectionPool, Turns
from tests.harness.waiting import ALARM


def test_a_turn_is_given_on() -> None:
    """A waiting block continues when the turn ends."""
    turns = Turns(ALARM)
    turns.take()
    waiting = threading.Thread(target=turns.take)
    waiting.start()
    turns.give()
    waiting.join(ALARM)
    assert turns.holder is not None
    assert "test_turns.py" in turns.holder or "threading.py" in turns.holder


def test_a_turn_may_end_in_another_thread() -> None:
    """A framework may begin a block in one thread of its pool and end it in another."""
    turns = Turns(0)
    turns.take()
    other = threading.Thread(target=turns.give)
    other.start()
    other.join(ALARM)
    turns.take()


def test_inside_is_told_from_beside() -> None:
    """Inside the block that has the turn, a block is refused at once; otherwise it waits."""
    turns = Turns(0)
    turns.take()
    with pytest.raises(NotIsolated, match="is inside the block of connect"):
        turns.take()
    with pytest.raises(NotIsolated, match="timed out after 0 s, waiting for the block of connect"):
        contextvars.Context().run(turns.take)


def test_a_pool_that_is_made_anew_keeps_the_turns() -> None:
    """An application that disposes of its engine still takes turns."""
    engine = create_engine("sqlite://", poolclass=OneConnectionPool, turns=Turns(0))
    engine.dispose()
    with engine.connect(), pytest.raises(NotIsolated):
        engine.connect()
    engine.connect().close()
