"""The log record of each call: when it is written, and its contents."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from pydb.errors import NoRow, ParameterError
from pydb.execution import call_log
from tests.harness.plans import rows, statement_from
from tests.harness.records import User

SECRET = "s3cret"


@pytest.fixture
def caplog_debug(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The log ``pydb``, read at DEBUG."""
    with caplog.at_level(logging.DEBUG, "pydb"):
        yield caplog


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
def test_it_is_wanted_at_debug(caplog: pytest.LogCaptureFixture, level: int) -> None:
    """Without a reader of the log, nothing is recorded."""
    with caplog.at_level(level, "pydb"):
        assert call_log.wanted() == (level == logging.DEBUG)


@pytest.mark.parametrize(
    ("header", "sql", "count"),
    [
        (":one User", "SELECT id, name FROM t WHERE name = :name", 1),
        (":maybe User", "SELECT id, name FROM t WHERE name <> :name", 0),
        (":many User", "SELECT id, name FROM t WHERE name = :name", 1),
        (":affected", "DELETE FROM t WHERE name = :name", 1),
        (":exec", "DELETE FROM t WHERE name = :name", None),
        (":stream User", "SELECT id, name FROM t WHERE name = :name", 1),
    ],
)
def test_one_record_a_call(caplog_debug: pytest.LogCaptureFixture, header: str, sql: str, count: int | None) -> None:
    """A record has the name, the rows and the time, and no value."""
    with rows(SECRET) as conn:
        found = statement_from(f"-- name: x {header}\n{sql};\n", User)(conn, name=SECRET)
        if header.startswith(":stream"):
            list(found)
    (record,) = caplog_debug.records
    assert record.__dict__["pydb_statement"] == "t.x"
    assert record.__dict__["pydb_rows"] == count
    assert record.__dict__["pydb_milliseconds"] >= 0
    assert SECRET not in record.getMessage()
    assert record.getMessage().startswith("t.x: done" if count is None else f"t.x: {count} rows")


def test_a_failure_is_recorded_by_its_class(caplog_debug: pytest.LogCaptureFixture) -> None:
    """A call that raises an error is recorded too, and the error is raised."""
    with rows() as conn, pytest.raises(NoRow):
        statement_from("-- name: x :one User\nSELECT id, name FROM t WHERE name = :name;\n", User)(conn, name=SECRET)
    assert [record.getMessage().split(" in ")[0] for record in caplog_debug.records] == ["t.x: failed with NoRow"]


def test_a_stream_that_is_left_is_recorded(caplog_debug: pytest.LogCaptureFixture) -> None:
    """The record of an abandoned stream has the number of rows that were read."""
    with rows("a", "b", "c") as conn:
        stream = statement_from("-- name: x :stream User\nSELECT id, name FROM t;\n", User)(conn)
        next(stream)
        assert caplog_debug.records == []
        stream.close()
    assert [record.__dict__["pydb_rows"] for record in caplog_debug.records] == [1]


def test_an_observer_hears_of_what_was_sent() -> None:
    """An observer gets each call, also one that failed in the engine, but not one that was refused before."""
    seen: list[str] = []
    end = call_log.observe(lambda plan: seen.append(plan.definition.name))
    statement = statement_from("-- name: x :one User\nSELECT id, name FROM t WHERE name = :name;\n", User)
    with rows("a") as conn:
        statement(conn, name="a")
        statement(conn, name="a")
        with pytest.raises(NoRow):
            statement(conn, name="b")
        with pytest.raises(ParameterError):
            statement(conn)
        end()
        statement(conn, name="a")
    assert seen == ["t.x"] * 3
