"""Measure times: contenders in, the seconds of each round out.  Contenders take turns, so that conditions are equal."""

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
    """The result of one contender in one case: seconds for a unit (call or row), and the ratio to the first contender.

    ``spread`` is half the distance between the quartiles, as a fraction of the median.  The ratio is the median of the
    ratios of the rounds.
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
    """The seconds for a unit of each of ``work`` in each round; each round begins with another one.

    ``around`` is called before and after each one; ``clock`` returns the seconds.
    """
    names = list(work)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    # Existing objects do not belong to a contender, so garbage collections need not visit them.
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
            if turn > 0:  # the first round is a warm-up
                seconds[name].append(took / units)
    gc.unfreeze()
    return seconds


def entry(unit: str, seconds: Mapping[str, Sequence[float]], first: str, target: float | None) -> dict[str, Any]:
    """The entry of a case in the results; the ratios are to the contender named ``first``."""
    contenders = {name: _result(own, seconds[first]).as_dict() for name, own in seconds.items()}
    return {"unit": unit, "target": target, "contenders": contenders}


def _result(own: Sequence[float], first: Sequence[float]) -> Result:
    low, median, high = statistics.quantiles(own, n=4) if len(own) > 1 else [own[0]] * 3
    ratio = statistics.median(mine / other for mine, other in zip(own, first, strict=True))
    return Result(median, (high - low) / 2 / median, ratio)


def in_threads(contenders: Sequence[Contender], ids: Sequence[int]) -> None:
    """Let each contender read all people in its own thread, all at the same time."""
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
