"""The columns of a result, compared with the record, the header and ``@column``."""

from __future__ import annotations

import pytest

from pydb.errors import RecordError
from tests.harness.plans import rows, statement_from
from tests.harness.records import User


@pytest.mark.parametrize(
    ("header", "sql", "said"),
    [
        (":many User", "SELECT id, name, 1 AS more FROM t", "more"),
        (":many User", "SELECT id FROM t", "name"),
        (":many User", "SELECT id, name, name FROM t", "two columns are named name"),
        (":many scalar", "SELECT id, name FROM t", "a scalar has one column, not 2"),
        (":many", "SELECT id, id FROM t", "two columns are named id"),
        (":many\n-- @column other int", "SELECT id FROM t", "there is no column for @column other"),
        (":many\n-- @column name int", "SELECT name FROM t", "column name contains a str that is not a int"),
        (":many scalar\n-- @column name int", "SELECT name FROM t", "column name contains a str that is not a int"),
        (":many scalar\n-- @column name str", "SELECT NULL AS name FROM t", "column name is NULL, and str is not"),
    ],
)
def test_what_does_not_fit(header: str, sql: str, said: str) -> None:
    """The first call raises an error that names the column."""
    statement = statement_from(f"-- name: x {header}\n{sql};\n", User)
    with rows("ann") as conn, pytest.raises(RecordError, match=said) as raised:
        list(statement(conn))
    assert raised.value.statement_name == "t.x"
    assert raised.value.file == "t.sql"


def test_columns_in_another_order() -> None:
    """A record gets its columns by their names."""
    with rows("ann") as conn:
        assert statement_from("-- name: x :one User\nSELECT name, id FROM t;\n", User)(conn) == User(1, "ann")


def test_core_rows_are_converted() -> None:
    """``@column`` gives the rows of a statement without a record their types."""
    statement = statement_from("-- name: x :many\n-- @column known bool\nSELECT id, 1 AS known FROM t;\n")
    with rows("ann") as conn:
        assert statement(conn)[0].known is True


def test_a_layout_that_changed() -> None:
    """If a table's change has changed ``SELECT *``, an error says so, and no field gets another column's value."""
    statement = statement_from("-- name: x :many User\nSELECT * FROM t;\n", User)
    with rows("ann") as conn:
        assert statement(conn) == [User(1, "ann")]
        conn.exec_driver_sql("ALTER TABLE t ADD COLUMN more text")
        with pytest.raises(RecordError, match="its columns are no longer id, name"):
            statement(conn)


@pytest.mark.parametrize("sql", ["SELECT * FROM t", "SELECT t.* FROM t", "SELECT DISTINCT * FROM t"])
def test_an_order_that_changed(sql: str) -> None:
    """The columns of a ``*`` are found by name at each call."""
    statement = statement_from(f"-- name: x :many User\n{sql};\n", User)
    with rows("ann") as conn:
        assert [statement(conn) for _ in range(2)] == [[User(1, "ann")]] * 2
        conn.exec_driver_sql("DROP TABLE t")
        conn.exec_driver_sql("CREATE TABLE t AS SELECT 'ann' AS name, 1 AS id")
        assert [statement(conn) for _ in range(2)] == [[User(1, "ann")]] * 2
