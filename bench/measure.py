"""Timing: contenders in, the seconds of each round out; they take turns, so that all meet the same weather."""

from __future__ import annotations

import gc
import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.contenders.base import Contender


@dataclass(frozen=True)
class Result:
    """One contender in one case: seconds a unit (call or row), and the ratio to the one that others are compared with.

    ``spread`` is half the distance of the quartiles, as a part of the median.  The ratio is the median of the
    rounds' ratios.
    """

    median: float
    spread: float
    ratio: float

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


def take_turns(
    work: Mapping[str, Callable[[], Any]],
    rounds: int,
    units: int,
    around: Callable[[str, bool], None] = lambda _name, _before: None,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """The seconds a unit of each of ``work`` in each round, the first in turn by turn.

    ``around`` is told before and after; ``clock`` gives the seconds.
    """
    names = list(work)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    # What lives already is no contender's own: its garbage collections need not look at it.
    gc.collect()
    gc.freeze()
    for turn in range(rounds + 1):
        for position in range(len(names)):
            name = names[(turn + position) % len(names)]
            around(name, True)
            gc.collect()
            started = clock()
            made = work[name]()
            took = clock() - started
            del made
            around(name, False)
            if turn > 0:  # the first round is to warm up
                seconds[name].append(took / units)
    gc.unfreeze()
    return seconds


def entry(unit: str, seconds: Mapping[str, Sequence[float]], first: str, target: float | None) -> dict[str, Any]:
    """What the rounds of a case come to, as the results keep it; the ratios are to the contender named ``first``."""
    contenders = {name: _result(own, seconds[first]).as_dict() for name, own in seconds.items()}
    return {"unit": unit, "target": target, "contenders": contenders}


def _result(own: Sequence[float], first: Sequence[float]) -> Result:
    low, median, high = statistics.quantiles(own, n=4) if len(own) > 1 else [own[0]] * 3
    ratio = statistics.median(mine / other for mine, other in zip(own, first, strict=True))
    return Result(median, (high - low) / 2 / median, ratio)


def in_threads(contenders: Sequence[Contender], ids: Sequence[int]) -> None:
    """Each contender reads all the people, each in its own thread, all at once."""
    failures: list[BaseException] = []

    def read(contender: Contender) -> None:
        try:
            contender.point(ids)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=read, args=(each,)) for each in contenders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
