"""Synchronous context managers in a task: no cancellation leaves them half done."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.util.concurrency import greenlet_spawn

from pydb.database.async_blocks import AsyncBlock, AwaitedBlock
from pydb.engines.waiting import pause
from tests.harness.loops import run_in_loop

log: list[str] = []


@contextmanager
def held(enter: float = 0.0, leave: float = 0.0) -> Iterator[int]:
    """A block whose beginning and end take this number of seconds each."""
    log.append("entering")
    pause(enter)
    try:
        yield 42
    except BaseException as error:
        log.append(type(error).__name__)
        raise
    finally:
        pause(leave)
        log.append("left")


@pytest.fixture(autouse=True)
def _empty_log() -> None:
    log.clear()


def test_a_block() -> None:
    """The block returns a value made from that of the synchronous block, and an error passes through both."""

    async def main() -> None:
        async with AsyncBlock(held(), str) as given:
            assert given == "42"
        with pytest.raises(LookupError):
            async with AsyncBlock(held(), str):
                raise LookupError

    run_in_loop(main())
    assert log == ["entering", "left", "entering", "LookupError", "left"]


def test_what_marks_the_task() -> None:
    """The mark exists in the task's block, and not after it."""

    @contextmanager
    def mark(_number: int) -> Iterator[None]:
        log.append("marked")
        yield
        log.append("unmarked")

    async def main() -> None:
        async with AsyncBlock(held(), str, mark):
            log.append("block")

    run_in_loop(main())
    assert log == ["entering", "marked", "block", "unmarked", "left"]


@pytest.mark.parametrize("after", range(12))
def test_cancelled_at_every_step(after: int) -> None:
    """Whenever the task is cancelled, a block that was entered is left once, and the task ends as cancelled."""

    async def block() -> None:
        async with AsyncBlock(held(0.001, 0.001), str):
            await asyncio.sleep(0.001)

    async def main() -> None:
        task = asyncio.ensure_future(block())
        for _ in range(after):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_in_loop(main())
    assert log.count("entering") == log.count("left") or log[-1] == "entering"
    assert log.count("left") <= 1


def test_for_synchronous_functions() -> None:
    """A synchronous function in a task can use it as a ``with`` block."""

    def work() -> str:
        with AwaitedBlock(AsyncBlock(held(0.001, 0.001), str)) as given:
            return given

    async def main() -> str:
        return await greenlet_spawn(work)

    assert run_in_loop(main()) == "42"
    assert log == ["entering", "left"]
