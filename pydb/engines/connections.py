"""Borrow a connection for a block: the function that takes it in; out, a connection returned at the block's end."""

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
    except BaseException as error:
        if conn is not None:
            conn.close()  # the interrupt may have come before the first call of it did anything
        hidden = _hidden_by(error)
        if hidden is None:
            raise
        raise hidden from None


def _hidden_by(error: BaseException) -> BaseException | None:
    """The exception that was raised in Core and then hidden by a failed assertion of Core's."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if not isinstance(error, AssertionError) or traceback is None or error.__context__ is None:
        return None
    module = str(traceback.tb_frame.f_globals.get("__name__"))
    return error.__context__ if module.startswith("sqlalchemy.") else None
