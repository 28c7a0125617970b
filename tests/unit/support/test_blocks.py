"""Blocks: whatever leaves them, and wherever it is raised, their generators have cleaned up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from pydb.support.blocks import guarded_block
from tests.harness.interrupts import at_each_bytecode


class Held:
    """An object that is held in a block."""

    def __init__(self) -> None:
        self.count = 0

    @guarded_block
    def once(self, result: str = "") -> Iterator[str]:
        """Hold the object."""
        try:
            self.count = 1
            yield result
        finally:
            self.count = 0


def test_a_block_gives_and_takes_as_contextmanager_does() -> None:
    """The block gets the yielded value, its exception leaves it, and the generator ends with the block."""
    held = Held()
    with held.once("seven") as seven:
        assert (seven, held.count) == ("seven", 1)
    assert held.count == 0
    with pytest.raises(ZeroDivisionError), held.once():
        raise ZeroDivisionError
    assert held.count == 0


def test_a_generator_may_swallow_an_exception() -> None:
    """An exception that the generator does not raise again is suppressed."""

    @guarded_block
    def forgiving() -> Iterator[None]:
        with suppress(LookupError):
            yield

    with forgiving():
        raise KeyError
    with pytest.raises(ValueError, match="other"), forgiving():
        raise ValueError("other")


def test_exit_stacks_enter_blocks() -> None:
    """ExitStack reads ``__exit__`` from the class, not from the object."""
    held = Held()
    with ExitStack() as stack:
        stack.enter_context(held.once())
        assert held.count == 1
    assert held.count == 0


def test_an_interrupt_at_any_bytecode_ends_the_block() -> None:
    """At any bytecode of a block, nothing is held while the exception exists with all its frames."""
    held = Held()

    def work() -> None:
        with held.once("x") as x:
            assert x

    interrupted = 0
    for error in at_each_bytecode(
        work, of=lambda file: file.endswith(("blocks.py", "contextlib.py")) and file != __file__
    ):
        assert isinstance(error, KeyboardInterrupt)
        assert held.count == 0
        interrupted += 1
    assert interrupted > 50
