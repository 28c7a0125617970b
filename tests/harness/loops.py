"""Run a coroutine in a new event loop, which must report no exception: a coroutine in, its result out."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

__all__ = ["run_in_loop"]

Result = TypeVar("Result")


def run_in_loop(work: Coroutine[Any, Any, Result]) -> Result:
    """The coroutine's result.  Fails if the loop has an exception that nothing has retrieved."""
    unheard: list[dict[str, Any]] = []

    async def main() -> Result:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: unheard.append(context))
        return await work

    result = asyncio.run(main())
    assert unheard == []
    return result
