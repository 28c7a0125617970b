"""Measure asynchronous calls on one connection: an engine in, the client's CPU time by case and contender out."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from bench.cases import PEOPLE, show
from bench.contenders.asynchronous import CONTENDERS, Contender, Native
from bench.domain import Account, Person
from bench.measure import entry, take_turns

PREFIX = "asynchronous "
CALLS, ROWS = 200, 10_000
TARGETS = {
    "point read, plain record": {"sqlite": 1.05, "postgresql": 0.95, "mariadb": 1.05},
    "10,000 rows, plain record": {"sqlite": 1.05, "postgresql": 0.75, "mariadb": 1.05},
}


def run(engine: str, url: str, chosen: Callable[[str], bool], quick: bool) -> dict[str, Any]:
    """Run every chosen case on one engine; results are like those of ``cases.run``, in CPU time of the client."""
    some = random.Random(1)
    ids = some.sample(range(1, PEOPLE + 1), CALLS)
    work: dict[str, tuple[str, int, int, Callable[[Contender], Coroutine[Any, Any, Any]]]] = {
        "point read, plain record": ("call", CALLS, 20, lambda it: it.point(ids)),
        "point read, typed columns": ("call", CALLS, 20, lambda it: it.point_typed(ids)),
        "10,000 rows, plain record": ("row", ROWS, 8, lambda it: it.plain(ROWS)),
        "10,000 rows, typed columns": ("row", ROWS, 8, lambda it: it.typed(ROWS)),
    }
    wanted = {name: case for name, case in work.items() if chosen(PREFIX + name)}
    found: dict[str, Any] = {}
    if not wanted:
        return found
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())
        made = _opened(engine, url, stack, runner)
        _check(made, runner)

        def around(name: str, before: bool) -> None:
            runner.run(made[name].begin() if before else made[name].rollback())

        for name, (unit, units, rounds, call) in wanted.items():
            turns = {each.name: partial(_run, runner, call, each) for each in made.values()}
            seconds = take_turns(turns, 5 if quick else rounds, units, around, clock=time.process_time)
            target = TARGETS.get(name, {}).get(engine)
            found[PREFIX + name] = entry(unit, seconds, Native.name, target)
            show(engine, PREFIX + name, found[PREFIX + name])
    return found


def _run(runner: asyncio.Runner, call: Callable[[Contender], Coroutine[Any, Any, Any]], it: Contender) -> Any:
    return runner.run(call(it))


def _opened(engine: str, url: str, stack: ExitStack, runner: asyncio.Runner) -> dict[str, Contender]:
    made: dict[str, Contender] = {}
    for kind in CONTENDERS:
        if engine in kind.engines:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            made[kind.name] = it = kind(engine, url, folder)
            runner.run(it.open())
            stack.callback(_close, runner, it)
    return made


def _close(runner: asyncio.Runner, it: Contender) -> None:
    runner.run(it.close())


def _check(made: dict[str, Contender], runner: asyncio.Runner) -> None:
    """Raise AssertionError if a contender's data differs from that of the native driver."""
    seen: dict[str, Any] = {}

    async def look(it: Contender) -> None:
        await it.begin()
        looks = [await it.point([1, 77]), await it.point_typed([1, 77]), await it.plain(100), await it.typed(100)]
        seen[it.name] = [[_fields(each) for each in found] for found in looks]
        await it.rollback()

    for it in made.values():
        runner.run(look(it))
        assert seen[it.name] == seen[Native.name], f"{it.name} returned other data than {Native.name}"


def _fields(record: Any) -> tuple[Any, ...]:
    kind = Account if hasattr(record, "holder") else Person
    return tuple(getattr(record, name) for name in kind.__slots__)
