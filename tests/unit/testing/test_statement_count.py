"""The statements that are counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

import pydb
from pydb.testing import round_trips
from pydb.testing.statement_count import sent_statements


@pytest.fixture
def queries(sql: Path) -> pydb.Queries:
    """Two statements."""
    (sql / "notes.sql").write_text(
        "-- name: one :one scalar\nSELECT 1;\n\n-- name: all :many scalar\nSELECT id FROM notes;\n"
    )
    return pydb.load(sql)


def test_statements_are_counted_by_name(queries: pydb.Queries) -> None:
    """Statements of files are counted by name, others by text, and those for transactions are not counted."""
    with pydb.Database("sqlite://") as database, sent_statements() as sent:
        with database.begin() as conn:
            conn.execute(text("CREATE TABLE notes (id integer)"))
            with conn.begin_nested():
                assert queries.notes.all(conn) == []
        database.run_read(lambda conn: queries.notes.one(conn))
    assert sent.statements == ["CREATE TABLE notes (id integer)", "notes.all", "notes.one"]


def test_a_call_that_was_made_before_is_counted_too(queries: pydb.Queries) -> None:
    """The function that pydb generates for later calls is counted too."""
    with pydb.Database("sqlite://") as database, database.read() as conn:
        for _ in range(3):
            queries.notes.one(conn)
        with round_trips(2) as sent:
            queries.notes.one(conn)
            queries.notes.one(conn)
        assert sent.count == 2


def test_too_many_fail_the_test(queries: pydb.Queries) -> None:
    """The failure lists the statements in order, also those that are not pydb's."""
    with (
        pytest.raises(
            pytest.fail.Exception, match=r"2 statements were sent, the limit is 1:\n +1  notes.one\n +2  SELECT 2"
        ),
        round_trips(1),
        pydb.Database("sqlite://") as database,
        create_engine("sqlite://").connect() as other,
    ):
        database.run_read(queries.notes.one)
        other.execute(text("SELECT 2"))


def test_an_error_goes_before_the_count(queries: pydb.Queries) -> None:
    """An error in the block is raised, not the failure of the count."""
    with pytest.raises(ZeroDivisionError), round_trips(0), pydb.Database("sqlite://") as database:
        database.run_read(queries.notes.one)
        _ = 1 / 0
