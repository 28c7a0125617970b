"""Waits that stop a thread or await in a task, and work that a cancellation does not leave half done."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from sqlalchemy.util.concurrency import greenlet_spawn

from pydb.engines import waiting
from pydb.engines.waiting import bell, finished, in_task, pause
from tests.harness.loops import run_in_loop


def test_where_a_wait_awaits() -> None:
    """A synchronous function awaits in a greenlet of a task, and otherwise it cannot."""

    async def main() -> list[bool]:
        return [in_task(), await greenlet_spawn(in_task), await asyncio.to_thread(in_task)]

    assert not in_task()
    assert run_in_loop(main()) == [False, True, False]


def test_a_pause_lets_the_loop_go_on() -> None:
    """While one task pauses in a synchronous function, another one ends."""

    async def main() -> list[str]:
        ended: list[str] = []

        def wait() -> None:
            pause(0.05)
            ended.append("pause")

        async def work() -> None:
            ended.append("work")

        await asyncio.gather(greenlet_spawn(wait), work())
        return ended

    assert run_in_loop(main()) == ["work", "pause"]


def test_a_pause_of_a_thread() -> None:
    """Outside a task, a pause stops the thread."""
    begun = time.monotonic()
    pause(0.01)
    assert time.monotonic() - begun >= 0.01


def test_bells() -> None:
    """A bell wakes its waiter, in a thread or a task, whoever rings and when; without a ring the wait times out."""

    def hear() -> tuple[bool, bool, bool]:
        silent, early, late = bell(), bell(), bell()
        early.ring()
        ringer = threading.Timer(0.01, late.ring)
        ringer.start()
        heard = silent.wait(0.01), early.wait(5.0), late.wait(5.0)
        ringer.join()
        return heard

    async def main() -> tuple[bool, bool, bool]:
        return await greenlet_spawn(hear)

    assert hear() == (False, True, True)
    assert run_in_loop(main()) == (False, True, True)


def test_a_bell_of_a_closed_loop() -> None:
    """Ringing for a task whose loop has ended has no effect."""

    async def main() -> waiting.Bell:
        return await greenlet_spawn(bell)

    run_in_loop(main()).ring()


class Steps:
    """Work of two steps, each of which waits for ``go``, and its result."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.log: list[str] = []

    async def work(self) -> str:
        try:
            await self.go.wait()
            self.log.append("done")
            return "result"
        except asyncio.CancelledError:
            self.log.append("stops")
            await self.go.wait()
            self.log.append("cleaned up")
            raise

    async def undo(self, _cancelled: BaseException) -> None:
        self.log.append("undone")


async def cancelled(steps: Steps, *, stops: bool, times: int = 1) -> None:
    """Cancel the task of the work this number of ``times``, and then let the work continue."""
    task = asyncio.ensure_future(finished(steps.work(), stops=stops, undo=steps.undo))
    for _ in range(times):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    steps.go.set()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("times", [1, 3])
def test_work_that_does_not_stop(times: int) -> None:
    """The work is done to its end, then undone, and then the task is cancelled, however often that was requested."""

    async def main() -> list[str]:
        steps = Steps()
        await cancelled(steps, stops=False, times=times)
        return steps.log

    assert run_in_loop(main()) == ["done", "undone"]


@pytest.mark.parametrize("times", [1, 3])
def test_work_that_stops(times: int) -> None:
    """The work is cancelled once, and cleans up to its end."""

    async def main() -> list[str]:
        steps = Steps()
        await cancelled(steps, stops=True, times=times)
        return steps.log

    assert run_in_loop(main()) == ["stops", "cleaned up"]


def test_work_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that does not end is cancelled after some time."""
    monkeypatch.setattr(waiting, "PATIENCE", 0.01)

    async def main() -> None:
        task = asyncio.ensure_future(finished(asyncio.Event().wait(), stops=False))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_in_loop(main())


def test_work_that_is_not_cancelled() -> None:
    """The result or the error of the work is that of the call."""

    async def fail() -> None:
        raise LookupError

    async def main() -> None:
        assert await finished(asyncio.sleep(0, "result"), stops=True) == "result"
        with pytest.raises(LookupError):
            await finished(fail(), stops=True)

    run_in_loop(main())
