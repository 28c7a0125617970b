"""Positions of MariaDB: valid texts and their order; tests/clusters/ has replicas and Galera."""

from __future__ import annotations

import pytest

from pydb import Database
from pydb.engines.mariadb.positions import MariadbPositions
from pydb.errors import PydbError

POSITIONS = MariadbPositions("mariadb")


@pytest.mark.parametrize("position", ["0-1-57", "0-1-57,3-2-9", "galera:0-1-57"])
def test_positions(position: str) -> None:
    """A position is one GTID for each domain, or one GTID of Galera."""
    assert POSITIONS.is_position(position)


@pytest.mark.parametrize(
    "position",
    ["", "0-1", "0-1-", "16/B374D848", "galera:0-1-5,1-1-1", "0-1-5'; --", "0-1-5\n", "0-1-٥", "0-1-5," * 3],
)
def test_no_positions(position: str) -> None:
    """No other text is a position."""
    assert not POSITIONS.is_position(position)


@pytest.mark.parametrize(
    ("answer", "reached"),
    [
        ("0-1-57,3-2-9", True),
        ("0-7-100,3-1-10,5-5-5", True),
        ("0-1-57", False),
        ("0-1-57,3-2-8", False),
        ("0-1-6,3-2-9", False),
        ("", False),
        (None, False),
    ],
)
def test_order(answer: str | None, reached: bool) -> None:
    """Every domain must be at least as far, by the number of its last transaction, of whatever server."""
    assert POSITIONS.has_reached(answer, "0-1-57,3-2-9") is reached


@pytest.mark.parametrize(("answer", "reached"), [("1", True), ("0", False), (None, False)])
def test_galera(answer: str | None, reached: bool) -> None:
    """A Galera node compares positions itself."""
    assert POSITIONS.has_reached(answer, "galera:0-1-57") is reached


@pytest.mark.engines("mariadb")
def test_no_binary_log(empty_url: str) -> None:
    """A server without a binary log has no position; one with replicas must have one."""
    with Database(empty_url) as alone:
        assert alone.position() == ""
    with Database(empty_url, read_url=empty_url) as database, pytest.raises(PydbError, match="keeps no position"):
        database.position()
