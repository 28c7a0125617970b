"""The result of each row word."""

from __future__ import annotations

from typing import Any

import pytest

from pydb.errors import NoRow, ParameterError, TooManyRows
from tests.harness.plans import rows, statement_from
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
    """The result fits the row word, or an error says how it differs."""
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
    """A statement accepts its parameters by name, and a batch one iterable of sets."""
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
