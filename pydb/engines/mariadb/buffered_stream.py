"""Keep a stream complete when its connection sends another statement: an open PyMySQL cursor in, nothing out.

MariaDB's protocol has one open result a connection.  When another statement is sent while a stream is read, PyMySQL
throws the stream's remaining rows away, and the stream ends as if it were over.  Here they are kept in memory instead.

This relies on private parts of PyMySQL 1.1.0 to 1.2.4: a connection asks ``_result.unbuffered_active`` before it sends,
and a cursor reads by ``_result._read_rowdata_packet_unbuffered()``.  A test streams with each of these releases.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

__all__ = ["BufferedResult", "buffer_on_interrupt"]


def buffer_on_interrupt(cursor: Any) -> None:
    """Let no other statement on the connection take the rows that this cursor has not read yet."""
    result: Any = getattr(cursor, "_result", None)
    is_pymysqls = any(base.__module__ == "pymysql.connections" for base in type(result).__mro__)
    if is_pymysqls and result.unbuffered_active:
        buffered = BufferedResult(result)
        cursor._result = cursor.connection._result = buffered
        cursor.fetchmany = buffered.fetch


class BufferedResult:
    """Replaces a PyMySQL result between a cursor and its connection, and buffers its rows when necessary."""

    def __init__(self, result: Any) -> None:
        self._result = result
        self._rows: deque[Any] = deque()
        self._reading = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._result, name)

    def fetch(self, size: int) -> list[Any]:
        """The next rows, those that are buffered first."""
        rows = [self._rows.popleft() for _ in range(min(size, len(self._rows)))]
        return rows + self._read(size - len(rows))

    @property
    def unbuffered_active(self) -> bool:
        """Whether rows have to be dropped: the connection asks before it sends, and now they are in the buffer."""
        if self._reading:  # the connection asks when the server reports an error instead of a row
            return bool(self._result.unbuffered_active)
        self._rows += self._read(None)
        return False

    @unbuffered_active.setter
    def unbuffered_active(self, active: bool) -> None:
        self._result.unbuffered_active = active

    def _read_rowdata_packet_unbuffered(self) -> Any:
        return next(iter(self.fetch(1)), None)

    def _finish_unbuffered_query(self) -> None:
        self._rows.clear()
        with self._at_the_server():
            self._result._finish_unbuffered_query()

    def _read(self, size: int | None) -> list[Any]:
        """The next rows from the server, all that are left where no ``size`` is given."""
        with self._at_the_server():
            return list(islice(iter(self._result._read_rowdata_packet_unbuffered, None), size))

    @contextmanager
    def _at_the_server(self) -> Iterator[None]:
        self._reading = True
        try:
            yield
        finally:
            self._reading = False
