"""A connection for a block: what takes one from the pool in, a connection that is given back at the block's end out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from pydb.support.blocks import guarded_block

__all__ = ["pooled_connection"]


@guarded_block
def pooled_connection(connect: Callable[[], Connection]) -> Iterator[Connection]:
    """The connection that ``connect`` takes; it is back in the pool when the block is left, whatever interrupts it."""
    conn = None
    try:
        try:
            conn = connect()
            yield conn
        finally:
            if conn is not None:
                conn.close()
    except BaseException:
        if conn is not None:
            conn.close()  # the interrupt may have come before the first call of it did anything
        raise
