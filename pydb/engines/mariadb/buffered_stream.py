"""Keep a stream whole when its connection is asked for something else: an open PyMySQL cursor in, nothing out.

MariaDB's protocol has one open result a connection.  When another statement is sent while a stream is read, PyMySQL
throws the stream's remaining rows away, and the stream ends as if it were over.  Here they are kept in memory instead.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from itertools import islice
from typing import Any


def keep_rows(cursor: Any) -> None:
    """Let no other statement on the connection take the rows that this cursor has not read yet."""
    result: Any = getattr(cursor, "_result", None)
    found: Any = type(result)
    is_its = any(base.__module__ == "pymysql.connections" for base in found.__mro__)
    if is_its and result.unbuffered_active:
        result.kept = deque()
        result.__class__ = _whole(found)
        cursor.fetchmany = partial(_next, result)


def _next(result: Any, size: int) -> list[Any]:
    """The next rows, those that were kept first."""
    rows = [result.kept.popleft() for _ in range(min(size, len(result.kept)))]
    return rows + _read(result, size - len(rows))


def _read(result: Any, size: int | None) -> list[Any]:
    """The next rows from the server, all that are left where no ``size`` is given."""
    with _as_it_was(result):
        return list(islice(iter(result._read_rowdata_packet_unbuffered, None), size))


@contextmanager
def _as_it_was(result: Any) -> Iterator[None]:
    """Let PyMySQL's own class read the result on purpose."""
    whole = result.__class__
    result.__class__ = whole.__base__
    try:
        yield
    finally:
        result.__class__ = whole


@cache
def _whole(result_class: Any) -> Any:
    class BufferedResult(result_class):  # type: ignore[misc]
        """A result that PyMySQL finds read to its end whenever it is about to send another statement.

        ``kept`` are the rows that were read for that.
        """

        kept: deque[Any]

        @property
        def unbuffered_active(self) -> bool:
            """PyMySQL looks here before it sends another statement, to drop the rows that are left."""
            self.kept += _read(self, None)
            return False

        def _read_rowdata_packet_unbuffered(self) -> Any:
            return next(iter(_next(self, 1)), None)

        def _finish_unbuffered_query(self) -> None:
            self.kept.clear()
            with _as_it_was(self):
                self._finish_unbuffered_query()

        def __del__(self) -> None:
            self._finish_unbuffered_query()

    return BufferedResult
