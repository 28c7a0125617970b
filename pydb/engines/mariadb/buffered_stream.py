"""Keep a stream complete when its connection sends another statement: an open PyMySQL cursor in, nothing out.

In MariaDB's protocol, a connection has at most one open result.  If a connection sends another statement while a stream
is read, PyMySQL drops the stream's remaining rows, and the stream ends early without an error.  This module keeps the
rows in memory instead.

It relies on private parts of PyMySQL 1.1.0 to 1.2.4.  A connection checks ``_result.unbuffered_active`` before it sends
a statement, and a cursor reads by ``_result._read_rowdata_packet_unbuffered()``.  A test streams with each of these
releases.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

__all__ = ["BufferedResult", "buffer_on_interrupt"]


def buffer_on_interrupt(cursor: Any) -> None:
    """Keep the rows that this cursor has not read yet when the connection sends another statement."""
    result: Any = getattr(cursor, "_result", None)
    is_pymysqls = any(base.__module__ == "pymysql.connections" for base in type(result).__mro__)
    if is_pymysqls and result.unbuffered_active:
        buffered = BufferedResult(result)
        cursor._result = cursor.connection._result = buffered
        cursor.fetchmany = buffered.fetch


class BufferedResult:
    """Takes the place of a PyMySQL result, and buffers its rows when the connection sends another statement."""

    def __init__(self, result: Any) -> None:
        self._result = result
        self._rows: deque[Any] = deque()
        self._reading = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._result, name)

    def fetch(self, size: int) -> list[Any]:
        """The next rows, the buffered ones first."""
        rows = [self._rows.popleft() for _ in range(min(size, len(self._rows)))]
        return rows + self._read(size - len(rows))

    @property
    def unbuffered_active(self) -> bool:
        """Whether the connection must drop rows before it sends: no, because this property has buffered them."""
        if self._reading:  # PyMySQL also asks when the server reports an error instead of a row
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
        """The next rows from the server; without a ``size``, all remaining rows."""
        with self._at_the_server():
            return list(islice(iter(self._result._read_rowdata_packet_unbuffered, None), size))

    @contextmanager
    def _at_the_server(self) -> Iterator[None]:
        self._reading = True
        try:
            yield
        finally:
            self._reading = False
