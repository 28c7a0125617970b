"""Positions of PostgreSQL: valid texts and their order."""

from __future__ import annotations

import pytest

from pydb import Database
from pydb.engines.postgresql.positions import PostgresqlPositions

POSITIONS = PostgresqlPositions("postgresql")


@pytest.mark.parametrize("position", ["0/0", "16/B374D848", "FFFFFFFF/FFFFFFFF"])
def test_positions(position: str) -> None:
    """Two hexadecimal numbers are a position."""
    assert POSITIONS.is_position(position)


@pytest.mark.parametrize("position", ["", "/", "0/", "16/b374d848", "0-1-7", "1/0; --", "1/000000000", "1/0\n", "١/٢"])
def test_no_positions(position: str) -> None:
    """No other text is a position."""
    assert not POSITIONS.is_position(position)


@pytest.mark.parametrize(
    ("answer", "reached"),
    [("1/0", True), ("1/1", True), ("0/FFFFFFFF", False), ("A/0", True), ("0/F", False), (None, False)],
)
def test_order(answer: str | None, reached: bool) -> None:
    """Positions are ordered by their numbers, not as texts; a server without an answer has reached none."""
    assert POSITIONS.has_reached(answer, "1/0") is reached


@pytest.mark.engines("postgresql")
def test_of_a_server(empty_url: str) -> None:
    """A primary's position grows with its commits, and the primary has reached its own position."""
    with Database(empty_url, read_url=empty_url) as database:
        before = database.position()
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (id integer)")
        after = database.position()
        assert POSITIONS.has_reached(after, before)
        assert not POSITIONS.has_reached(before, after)
        with database.read(after=after) as conn:
            assert conn.engine is database.read_engine
