"""The errors that are repeated, the number of attempts, and the time limit."""

from __future__ import annotations

import time

import pytest

from pydb import errors
from pydb.database.retry import Tries, repeat, repeats
from pydb.engines.base import rules_of
from pydb.engines.patience import seconds_left

RULES = rules_of("sqlite")


class Failing:
    """A call that fails this number of times."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.calls = 0

    def __call__(self) -> int:
        self.calls += 1
        if self.calls <= self.failures:
            raise errors.Busy("x")
        return self.calls


def test_it_is_called_until_it_succeeds() -> None:
    """The result is that of the first successful call."""
    assert repeat(Failing(3), Tries(None, None), lambda error: True) == 4


def test_attempts_bound_the_calls() -> None:
    """The last error is raised after this number of calls."""
    work = Failing(9)
    with pytest.raises(errors.Busy):
        repeat(work, Tries(30, 3), lambda error: True)
    assert work.calls == 3


def test_no_time_is_one_call() -> None:
    """Within 0 seconds there is one call, and its waits have no time."""
    left = []

    def work() -> None:
        left.append(seconds_left())
        raise errors.Busy("x")

    with pytest.raises(errors.Busy):
        repeat(work, Tries(0, None), lambda error: True)
    assert left == [0.0]


def test_no_try_begins_after_the_time() -> None:
    """Every call begins within the time."""
    begun = []
    end = time.monotonic() + 0.1

    def work() -> None:
        begun.append(time.monotonic())
        raise errors.Busy("x")

    with pytest.raises(errors.Busy):
        repeat(work, Tries(0.1, None), lambda error: True)
    assert len(begun) > 1
    assert max(begun) <= end + 0.01


def test_other_errors_end_it() -> None:
    """An error that may not be repeated is raised at once."""
    work = Failing(1)
    with pytest.raises(errors.Busy):
        repeat(work, Tries(30, None), lambda error: False)
    assert work.calls == 1


@pytest.mark.parametrize("within", [-1, float("nan")])
def test_wrong_times(within: float) -> None:
    """An invalid number of seconds is refused."""
    with pytest.raises(ValueError, match="within must be a number of seconds"):
        Tries(within, None)


def test_a_lost_connection_is_repeated_where_there_was_one() -> None:
    """If a server was never reached, a lost connection is not repeated."""
    assert repeats(errors.Disconnected("x"), RULES, was_connected=True)
    assert not repeats(errors.Disconnected("x"), RULES, was_connected=False)


@pytest.mark.parametrize("kind", [errors.CommitOutcomeUnknown, errors.StatementTimeout, errors.PoolTimeout])
def test_never_repeated(kind: type[errors.PydbError]) -> None:
    """An unknown outcome and the timeouts of statement and pool are never repeated."""
    assert not repeats(kind("x"), RULES, was_connected=True)
