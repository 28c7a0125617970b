"""Procedures that return rows: one result set has the header's record, and a second one is refused by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from pydb import Database
from pydb.errors import NoRow, RecordError, TooManyRows
from tests.harness.runtime import Load

pytestmark = [pytest.mark.engines("mariadb"), pytest.mark.usefixtures("call_path"), pytest.mark.awaited]


@dataclass(frozen=True, slots=True)
class Item:
    id: int
    name: str


PROCEDURES = {
    "single": "SELECT 1 AS id, 'a' AS name",
    "pair": "BEGIN SELECT 1 AS id, 'a' AS name; SELECT 2 AS id, 'b' AS name; END",
    "emptied": "BEGIN SELECT 1 AS id, 'a' AS name FROM dual WHERE false; SELECT 2 AS id, 'b' AS name; END",
    "none_found": "SELECT 1 AS id, 'a' AS name FROM dual WHERE false",
    "several": "SELECT 1 AS id, 'a' AS name UNION ALL SELECT 2, 'b'",
    "silent": "SET @pydb_test = 1",
}
WAYS = {"record": ":many Item", "one": ":one Item", "plain": ":many", "plain_one": ":maybe", "stream": ":stream Item"}


@pytest.fixture
def queries(database: Database, load: Load) -> Any:
    """A statement for each procedure and way of calling it; ``single_record`` is for one row."""
    with database.begin() as conn:
        for name, body in PROCEDURES.items():
            conn.exec_driver_sql(f"CREATE PROCEDURE {name}() {body}")
    header = "-- name: {0}_{1} {2}\nCALL {0}();\n"
    text = "\n".join(header.format(name, way, words) for name in PROCEDURES for way, words in WAYS.items())
    return load(text + "\n-- name: run :exec\nCALL pair();\n", Item)


def call(database: Database, statement: Any) -> list[tuple[Any, ...]]:
    """The rows of the second of two calls, each as a tuple."""
    with database.begin() as conn:
        found: Any = None
        for _ in range(2):
            found = statement(conn)
            found = list(found) if statement.rows in ("many", "stream") else [found]
        return [tuple(row) if isinstance(row, tuple) else (row.id, row.name) for row in found]


@pytest.mark.parametrize("way", WAYS)
def test_sets_of_rows(database: Database, queries: Any, way: str) -> None:
    """The rows of one result set are returned in each shape; a second one is a RecordError, also after an empty one."""
    assert call(database, getattr(queries, f"single_{way}")) == [(1, "a")]
    for name in ("pair", "emptied"):
        with pytest.raises(RecordError, match="returned more than one set of rows"):
            call(database, getattr(queries, f"{name}_{way}"))
    with pytest.raises(RecordError, match="returned no set of rows"):
        call(database, getattr(queries, f"silent_{way}"))
    with database.begin() as conn:
        assert conn.exec_driver_sql("SELECT 3").scalar() == 3


def test_counts_of_rows(database: Database, queries: Any) -> None:
    """The row word is valid for a procedure's rows; a row word without rows accepts any number of result sets."""
    assert call(database, queries.several_record) == call(database, queries.several_plain) == [(1, "a"), (2, "b")]
    assert call(database, queries.none_found_record) == call(database, queries.none_found_plain) == []
    for statement, error in ((queries.several_one, TooManyRows), (queries.none_found_one, NoRow)):
        with pytest.raises(error), database.begin() as conn:
            statement(conn)
    with database.begin() as conn:
        assert [queries.run(conn) for _ in range(2)] == [None, None]
        assert conn.exec_driver_sql("SELECT 3").scalar() == 3
