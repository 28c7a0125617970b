"""Streams over an AsyncConnection: the size of a read, and the closing of the inner stream."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from pydb.execution.async_stream import streamed
from pydb.execution.stream import STREAM_ROWS


class Source:
    """A stream of numbers that records how many were read, and whether it was closed."""

    def __init__(self, count: int, fails: bool = False) -> None:
        self.count, self.fails = count, fails
        self.taken = 0
        self.closed = False

    def rows(self, _conn: object) -> Iterator[int]:
        try:
            for number in range(self.count):
                self.taken += 1
                yield number
            if self.fails:
                raise ValueError("no more")
        finally:
            self.closed = True


def read(source: Source, limit: int | None = None) -> list[Any]:
    """The rows of the stream, at most ``limit``."""

    async def main() -> list[Any]:
        engine = create_async_engine("sqlite+aiosqlite://")
        rows: list[Any] = []
        try:
            async with engine.connect() as conn:
                stream: Any = streamed(conn, source.rows)  # type: ignore[arg-type]
                async with contextlib.aclosing(stream):
                    async for row in stream:
                        rows.append(row)
                        if len(rows) == limit:
                            break
        finally:
            await engine.dispose()
        return rows

    return asyncio.run(main())


@pytest.mark.parametrize("count", [0, 1, STREAM_ROWS, STREAM_ROWS + 1, 3 * STREAM_ROWS])
def test_all_rows(count: int) -> None:
    """A stream of any length is read to its end, and is then closed."""
    source = Source(count)
    assert read(source) == list(range(count))
    assert source.closed


def test_a_stream_that_is_left() -> None:
    """A stream that is left has read the rows of one chunk, and is closed."""
    source = Source(10 * STREAM_ROWS)
    assert read(source, limit=3) == [0, 1, 2]
    assert (source.taken, source.closed) == (STREAM_ROWS, True)


def test_rows_before_an_error() -> None:
    """The rows before an error are returned before it is raised."""
    source = Source(STREAM_ROWS + 5, fails=True)
    with pytest.raises(ValueError, match="no more"):
        read(source)
    assert len(read(Source(STREAM_ROWS + 5, fails=True), limit=STREAM_ROWS + 5)) == STREAM_ROWS + 5
