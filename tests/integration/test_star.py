"""``*`` into a record after the order of the columns has changed: each value is in the field with its name."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pydb import Database
from pydb.errors import RecordError
from tests.harness.runtime import Load


@dataclass(frozen=True, slots=True)
class Pair:
    a: str
    b: str


TEXT = """\
-- name: all :many Pair
SELECT * FROM pairs;

-- name: one :one Pair
SELECT pairs.* FROM pairs;

-- name: add :one Pair
INSERT INTO pairs (a, b) VALUES (:a, :b) RETURNING *;

-- name: add_many :batch Pair
INSERT INTO pairs (a, b) VALUES (:a, :b) RETURNING *;

-- name: stream :stream Pair
SELECT * FROM pairs;

-- name: remove :exec
DELETE FROM pairs;
"""
pytestmark = [pytest.mark.usefixtures("call_path"), pytest.mark.awaited]


def test_columns_in_another_order(database: Database, load: Load) -> None:
    """A table that is created again with its columns in another order returns the same records."""
    queries = load(TEXT, Pair)
    pair, other = Pair("1", "2"), Pair("3", "4")
    for columns in ("a varchar(9), b varchar(9)", "b varchar(9), a varchar(9)"):
        with database.begin() as conn:
            conn.exec_driver_sql("DROP TABLE IF EXISTS pairs")
            conn.exec_driver_sql(f"CREATE TABLE pairs ({columns})")
        for _ in range(2):
            with database.begin() as conn:
                assert queries.add(conn, a="1", b="2") == pair
                assert queries.one(conn) == pair
                assert queries.add_many(conn, [{"a": "3", "b": "4"}]) == [other]
                assert queries.all(conn) == list(queries.stream(conn)) == [pair, other]
                queries.remove(conn)


def test_columns_that_do_not_fit_any_more(database: Database, load: Load) -> None:
    """If a column is added, the next call raises RecordError."""
    queries = load(TEXT, Pair)
    with database.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE pairs (a varchar(9), b varchar(9))")
    with database.begin() as conn:
        assert queries.all(conn) == []
    with database.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE pairs ADD COLUMN c varchar(9)")
    with pytest.raises(RecordError, match="its columns are no longer a, b"), database.begin() as conn:
        queries.all(conn)


@pytest.mark.engines("postgresql")
def test_another_search_path(database: Database, load: Load) -> None:
    """The search path decides which table a name means; the record is the same."""
    queries = load(TEXT, Pair)
    with database.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE pairs (a text, b text)")
        conn.exec_driver_sql("CREATE SCHEMA other CREATE TABLE pairs (b text, a text)")
        conn.exec_driver_sql("INSERT INTO pairs (a, b) VALUES ('1', '2')")
        conn.exec_driver_sql("INSERT INTO other.pairs (a, b) VALUES ('1', '2')")
    for path in ("public", "other", "public"):
        with database.begin() as conn:
            conn.exec_driver_sql(f"SET LOCAL search_path = {path}")
            assert queries.one(conn) == Pair("1", "2")
