"""A ``:stream``: its rows, its memory, and its end."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import ResourceClosedError

from pydb import Database
from pydb.execution.stream import STREAM_ROWS
from tests.harness.plans import TABLE, rows, statement_from


def test_a_stream_comes_piece_by_piece() -> None:
    """The rows are those of ``:many``, and leaving the stream early closes its cursor."""
    names = [f"n{number}" for number in range(2 * STREAM_ROWS + 1)]
    statement = statement_from("-- name: x :stream scalar\nSELECT name FROM t ORDER BY id;\n")
    with rows(*names) as conn:
        assert list(statement(conn)) == names
        stream = statement(conn)
        assert next(stream) == "n0"
        stream.close()
        conn.exec_driver_sql("DROP TABLE t")


def test_a_stream_ends_with_its_connection(tmp_path: Any) -> None:
    """A stream does not continue on a connection that was returned to the pool."""
    statement = statement_from("-- name: x :stream scalar\nSELECT id FROM t;\n")
    with Database(f"sqlite:///{tmp_path}/a.db") as database:
        with database.begin() as conn:
            conn.exec_driver_sql(TABLE)
            conn.exec_driver_sql("INSERT INTO t (id) VALUES (1), (2)")
        with database.read() as conn:
            stream = statement(conn)
        with pytest.raises(ResourceClosedError, match=r"the connection of the stream t.x is closed"):
            list(stream)
