"""Keep a stream whole when its connection is asked for something else: an open PyMySQL cursor in, nothing out.

MariaDB's protocol has one open result a connection.  When another statement is sent while a stream is read, PyMySQL
throws the stream's remaining rows away, and the stream ends as if it were over.  Here they are kept in memory instead.
"""

from __future__ import annotations

from collections import deque
from functools import cache, partial
from itertools import islice
from typing import Any


def keep_rows(cursor: Any) -> None:
    """Let no other statement on the connection take the rows that this cursor has not read yet."""
    result: Any = getattr(cursor, "_result", None)
    if type(result).__module__ == "pymysql.connections" and result.unbuffered_active:
        result.kept, result.reading = deque(), False
        result.__class__ = _whole_result()
        cursor.fetchmany = partial(_many, result)


def _many(result: Any, size: int) -> list[Any]:
    """The cursor's next rows, read as PyMySQL reads one: what keeps them costs nothing while nobody else can ask."""
    whole = result.__class__
    rows = [result.kept.popleft() for _ in range(min(size, len(result.kept)))]
    result.__class__ = whole.__base__
    try:
        rows += islice(iter(result._read_rowdata_packet_unbuffered, None), size - len(rows))
    finally:
        result.__class__ = whole
    return rows


@cache
def _whole_result() -> Any:
    from pymysql.connections import MySQLResult

    class WholeResult(MySQLResult):
        """A result that PyMySQL finds read to its end whenever it is about to send another statement.

        ``kept`` are the rows that were read for that; ``reading`` says that it is read on purpose.
        """

        kept: deque[Any]
        reading: bool

        @property
        def unbuffered_active(self) -> bool:
            """PyMySQL looks here before it sends another statement, to drop the rows that are left."""
            if not self.reading:
                while (row := self._read_next()) is not None:
                    self.kept.append(row)
            return bool(vars(self)["unbuffered_active"])

        @unbuffered_active.setter
        def unbuffered_active(self, active: bool) -> None:
            vars(self)["unbuffered_active"] = active

        def _read_next(self) -> Any:
            self.reading = True
            try:
                return super()._read_rowdata_packet_unbuffered()  # type: ignore[misc]
            finally:
                self.reading = False

        def _read_rowdata_packet_unbuffered(self) -> Any:
            return self.kept.popleft() if self.kept else self._read_next()

        def _finish_unbuffered_query(self) -> None:
            self.kept.clear()
            self.reading = True
            try:
                super()._finish_unbuffered_query()  # type: ignore[misc]
            finally:
                self.reading = False

        def __del__(self) -> None:
            self._finish_unbuffered_query()

    return WholeResult
