"""Positions of engines that have none."""

from __future__ import annotations

from pydb.engines.positions import Positions, positions_of


def test_no_positions() -> None:
    """SQLite has no positions: no text is a position."""
    positions = positions_of("sqlite")
    assert type(positions) is Positions
    assert not positions.is_position("16/B374D848")
