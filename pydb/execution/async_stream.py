"""Stream rows over an AsyncConnection in bounded memory: a function that opens Core's stream in, its rows out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from pydb.execution.stream import STREAM_ROWS

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["streamed"]

_Rows = Generator[Any, None, None]


async def streamed(conn: AsyncConnection, begin: Callable[[Connection], _Rows]) -> AsyncIterator[Any]:
    """The rows of the stream that ``begin`` opens; if the loop ends early or is cancelled, the cursor is closed."""
    rows = await conn.run_sync(begin)
    is_open = True
    try:
        while is_open:
            taken, error = await conn.run_sync(_take, rows)
            is_open = error is None and len(taken) == STREAM_ROWS
            for row in taken:
                yield row
            if error is not None:
                raise error
    finally:
        if is_open:
            await conn.run_sync(_close, rows)


def _take(_conn: Connection, rows: _Rows) -> tuple[list[Any], Exception | None]:
    """The next rows, and the error that ended the stream after them, if any."""
    taken: list[Any] = []
    try:
        taken.extend(islice(rows, STREAM_ROWS))
    except Exception as error:
        return taken, error
    return taken, None


def _close(_conn: Connection, rows: _Rows) -> None:
    rows.close()
