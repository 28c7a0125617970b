"""Make context managers that always close: a generator function in, a function for ``with`` blocks out.

A signal, another thread or a tracer may raise an exception between any two bytecodes.  If that happens inside
``contextlib.contextmanager``, its generator is not closed; its resources are released only with the traceback.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial, update_wrapper
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from weakref import ref

__all__ = ["guarded_block"]

Arguments = ParamSpec("Arguments")
Held = TypeVar("Held")


def guarded_block(
    function: Callable[Arguments, Iterator[Held]],
) -> Callable[Arguments, AbstractContextManager[Held]]:
    """``contextmanager`` for resources that must be released at the end of the block.

    If the ``with`` statement is interrupted, at any bytecode, the generator is resumed or closed before the
    exception is handled.
    """
    make = contextmanager(function)

    def block(*args: Arguments.args, **kwargs: Arguments.kwargs) -> AbstractContextManager[Held]:
        return _Block(make(*args, **kwargs))

    return update_wrapper(block, function)


class _Exit:
    """The ``__exit__`` of a block, as a descriptor.

    The ``with`` statement keeps the only reference to it, on its stack.  When the statement is left, even by an
    exception before the first line of ``_leave``, the object is deleted, and the block is closed.
    """

    def __get__(self, block: _Block | None, owner: type[_Block]) -> Any:
        if block is None:
            return self
        bound = partial(_leave, block)
        block.watch = ref(bound, block.close)
        return bound

    def __call__(self, block: _Block, *raised: Any) -> bool | None:
        """Leave the block; for ``ExitStack``, which reads ``__exit__`` from the class."""
        return _leave(block, *raised)


class _Block(AbstractContextManager[Any]):
    """A ``with`` block around a generator."""

    __slots__ = ("_manager", "watch")

    def __init__(self, manager: Any) -> None:
        self._manager = manager
        self.watch: ref[Any] | None = None

    def close(self, _left: object = None) -> None:
        """Make the generator clean up, if it has not done so."""
        generator = self._manager.gen
        if not generator.gi_running:
            generator.close()

    def __enter__(self) -> Any:
        try:
            return self._manager.__enter__()
        except BaseException:
            self.close()
            raise

    if TYPE_CHECKING:

        def __exit__(
            self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
        ) -> bool | None: ...

    else:
        __exit__ = _Exit()


def _leave(block: _Block, *raised: Any) -> bool | None:
    try:
        swallowed: bool | None = block._manager.__exit__(*raised)
        return swallowed
    except BaseException:
        block.close()
        raise
    finally:
        block.watch = None
