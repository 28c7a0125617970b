"""Lend a connection to a block: a function that takes it from the pool in; the connection, returned at the end, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from pydb.support.blocks import guarded_block

__all__ = ["pooled_connection"]


@guarded_block
def pooled_connection(connect: Callable[[], Connection]) -> Iterator[Connection]:
    """The connection that ``connect`` takes; it goes back to the pool at the block's end, also after an interrupt."""
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
            conn.close()  # an interrupt may have stopped the first close() before it did anything
        hidden = _hidden_by(error)
        if hidden is None:
            raise
        raise hidden from None


def _hidden_by(error: BaseException) -> BaseException | None:
    """The exception that a failed assertion inside SQLAlchemy has hidden; None for any other error."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if not isinstance(error, AssertionError) or traceback is None or error.__context__ is None:
        return None
    module = str(traceback.tb_frame.f_globals.get("__name__"))
    return error.__context__ if module.startswith("sqlalchemy.") else None
