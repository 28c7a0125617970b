"""The settings of a session, and the SQL that changes one mode to another."""

from __future__ import annotations

import pytest

from pydb.engines.mariadb.session_modes import PLAIN, READS, SNAPSHOT_READS, has_snapshot_isolation, mode_change


@pytest.mark.parametrize(
    ("version", "has"),
    [
        ("10.6.17-MariaDB", False),
        ("10.6.18-MariaDB-log", True),
        ("10.7.8-MariaDB", False),
        ("5.5.5-10.11.7-MariaDB", False),
        ("5.5.5-10.11.8-MariaDB-1:10.11.8+maria~deb12", True),
        ("11.3.2-MariaDB", True),
        ("12.0.1-MariaDB", True),
        ("8.0.36", False),
    ],
)
def test_versions_with_snapshot_isolation(empty_url: str, version: str, has: bool) -> None:
    """``innodb_snapshot_isolation`` exists since different releases in several series."""
    assert has_snapshot_isolation(version) is has


def test_from_one_mode_to_another() -> None:
    """Settings of only the old mode are reset, and the previous values for the new mode are saved first."""
    assert mode_change(SNAPSHOT_READS, READS) == "SET innodb_snapshot_isolation = @pydb_innodb_snapshot_isolation"
    noted = "@pydb_tx_isolation = @@tx_isolation, @pydb_tx_read_only = @@tx_read_only"
    assert mode_change(PLAIN, READS) == f"SET {noted}, tx_isolation = 'REPEATABLE-READ', tx_read_only = 1"
