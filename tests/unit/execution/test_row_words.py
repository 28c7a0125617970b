"""What each row word makes of a result."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import ResourceClosedError

from pydb import Database
from pydb.errors import NoRow, ParameterError, TooManyRows
from pydb.execution.row_words import STREAM_ROWS
from tests.harness.plans import TABLE, rows, statement_from
from tests.harness.records import User

SELECT = "SELECT id, name FROM t WHERE name = :name"
DELETE = "DELETE FROM t WHERE name = :name"


@pytest.mark.parametrize(
    ("header", "sql", "name", "expected"),
    [
        (":one User", SELECT, "ann", User(1, "ann")),
        (":one User", SELECT, "eve", NoRow),
        (":one User", SELECT, "bob", TooManyRows),
        (":maybe User", SELECT, "ann", User(1, "ann")),
        (":maybe User", SELECT, "eve", None),
        (":maybe User", SELECT, "bob", TooManyRows),
        (":many User", SELECT, "bob", [User(2, "bob"), User(3, "bob")]),
        (":many User", SELECT, "eve", []),
        (":one scalar", "SELECT name FROM t WHERE name = :name", "ann", "ann"),
        (":one scalar", "SELECT max(name) FROM t WHERE name = :name", "eve", None),
        (":affected", DELETE, "bob", 2),
        (":affected", DELETE, "eve", 0),
        (":exec", DELETE, "bob", None),
    ],
)
def test_what_comes_back(header: str, sql: str, name: str, expected: Any) -> None:
    """The header's word is kept, or an error says how it was not."""
    statement = statement_from(f"-- name: x {header}\n{sql};\n", User)
    with rows("ann", "bob", "bob") as conn:
        for _ in range(2 if header != ":affected" else 1):
            if isinstance(expected, type):
                with pytest.raises(expected):
                    statement(conn, name=name)
            else:
                assert statement(conn, name=name) == expected


@pytest.mark.parametrize("given", [({},), ([],), ("text",), ({"id": 1}, {"id": 2})])
def test_positions(given: tuple[Any, ...]) -> None:
    """A statement takes its parameters by name, and a batch one iterable of sets."""
    batch = statement_from("-- name: x :batch\nINSERT INTO t (id) VALUES (:id);\n")
    one = statement_from(f"-- name: x :exec\n{DELETE};\n")
    with rows() as conn:
        with pytest.raises(ParameterError, match="by name only"):
            one(conn, *given)
        if given == ([],):
            assert batch(conn, *given) == 0
        else:
            with pytest.raises(ParameterError, match="takes its parameter sets as one iterable"):
                batch(conn, *given)


def test_a_stream_comes_piece_by_piece() -> None:
    """Its rows are those of ``:many``, and leaving it early closes its cursor."""
    names = [f"n{number}" for number in range(2 * STREAM_ROWS + 1)]
    statement = statement_from("-- name: x :stream scalar\nSELECT name FROM t ORDER BY id;\n")
    with rows(*names) as conn:
        assert list(statement(conn)) == names
        stream = statement(conn)
        assert next(stream) == "n0"
        stream.close()
        conn.exec_driver_sql("DROP TABLE t")


def test_a_stream_ends_with_its_connection(tmp_path: Any) -> None:
    """It does not read on from a connection that was given back."""
    statement = statement_from("-- name: x :stream scalar\nSELECT id FROM t;\n")
    with Database(f"sqlite:///{tmp_path}/a.db") as database:
        with database.begin() as conn:
            conn.exec_driver_sql(TABLE)
            conn.exec_driver_sql("INSERT INTO t (id) VALUES (1), (2)")
        with database.read() as conn:
            stream = statement(conn)
        with pytest.raises(ResourceClosedError, match=r"the connection of the stream t.x is closed"):
            list(stream)
