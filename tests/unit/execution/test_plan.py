"""The data that is computed once for a statement on an engine, and how a call is sent and fails."""

from __future__ import annotations

import pytest

from pydb.errors import NoRow, RecordError, TooManyRows, UniqueViolation
from pydb.execution.plan import Plan
from tests.harness.plans import definition_from, plan_of, rows
from tests.harness.records import User

LIST = "-- name: x :many User\nSELECT id, name FROM t WHERE id IN (:ids) AND id NOT IN (:others);\n"


def plan(text: str, record: type | None = None) -> Plan:
    """The plan of a statement on SQLite."""
    return plan_of(definition_from(text), record)


@pytest.mark.parametrize(
    ("text", "record", "fits"),
    [
        ("-- name: x :many User\nSELECT id, name FROM t;\n", User, True),
        ("-- name: x :many scalar\nSELECT id FROM t;\n", None, True),
        ("-- name: x :exec\nDELETE FROM t;\n", None, True),
        ("-- name: x :many\nSELECT id FROM t;\n", None, False),  # Core makes its own rows
        (LIST, User, False),  # the text depends on the lists
    ],
)
def test_what_may_go_to_the_driver(text: str, record: type | None, fits: bool) -> None:
    """Rows that pydb makes, and calls without rows, may use the driver's cursor."""
    assert plan(text, record).fits_driver_path == fits


def test_core_is_told_the_statement() -> None:
    """The clause and every execution have the name of the statement."""
    made = plan("-- name: x :exec\nDELETE FROM t;\n")
    assert made.options == {"pydb_statement": "t.x"}
    assert made.clause.get_execution_options()["pydb_statement"] == "t.x"


def test_rows_are_counted_where_they_are_asked_for() -> None:
    """Core keeps the row count only for row words that return it."""
    assert plan("-- name: x :affected\nDELETE FROM t;\n").result_options == {"preserve_rowcount": True}
    assert plan("-- name: x :exec\nDELETE FROM t;\n").result_options == {}


def test_reading() -> None:
    """The results are all rows, the one row in a tuple, or None."""
    made = plan("-- name: x :many User\nSELECT id, name FROM t WHERE name = :name;\n", User)
    with rows("ann", "bob", "bob") as conn:
        assert made.send(conn, {"name": "ann"}, made.read_all) == [User(1, "ann")]
        assert made.send(conn, {"name": "ann"}, lambda cursor: made.read_one(conn, cursor)) == (User(1, "ann"),)
        assert made.send(conn, {"name": "eve"}, lambda cursor: made.read_one(conn, cursor)) is None
        with pytest.raises(TooManyRows, match="more than one row"):
            made.send(conn, {"name": "bob"}, lambda cursor: made.read_one(conn, cursor))


def test_a_failure_names_the_statement() -> None:
    """An error of the database is pydb's, with the statement's name and place, and without a context."""
    made = plan("-- name: x :exec\nINSERT INTO t (id, name) VALUES (:id, 'secret');\n")
    with rows("ann") as conn, pytest.raises(UniqueViolation) as raised:
        made.send(conn, {"id": 1}, lambda cursor: None, "set 7: ")
    assert (raised.value.statement_name, raised.value.file, raised.value.line) == ("t.x", "t.sql", 2)
    assert raised.value.__context__ is None
    assert "set 7: " in str(raised.value)


def test_a_value_that_does_not_fit() -> None:
    """A value that does not fit its type raises an error about the column, without the value."""
    made = plan("-- name: x :many User\nSELECT id, name FROM t;\n", User)
    with rows(None) as conn, pytest.raises(RecordError, match="column name is NULL, and str is not"):
        made.send(conn, {}, made.read_all)


def test_an_empty_list_without_an_engine_s_words() -> None:
    """SQLite and PostgreSQL accept an empty list as Core writes it, so the clause is the same."""
    made = plan(LIST, User)
    executable, bound = made.executable({"ids": [], "others": [1]})
    assert executable is made.clause
    assert bound == {"ids": [], "others": [1]}
    with rows("ann", "bob") as conn:
        found = made.send(conn, {"ids": [1, 2], "others": []}, made.read_all)
    assert found == [User(1, "ann"), User(2, "bob")]


def test_what_a_miscount_says() -> None:
    """The errors for no row and for too many rows say what to write instead."""
    made = plan("-- name: x :one User\nSELECT id, name FROM t;\n", User)
    with rows("ann") as conn:
        nothing = made.miscounted(conn, None, None)
    assert isinstance(nothing, NoRow)
    assert "use :maybe" in str(nothing)
