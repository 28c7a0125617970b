"""Databases on MariaDB servers; tests/integration/test_servers.py starts one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.testing.engines.mariadb_server import MariadbServer


def test_it_copies_no_databases(tmp_path: Path) -> None:
    """A template is refused."""
    server = MariadbServer(tmp_path, "mariadb", 1, "password")
    assert not server.copies
    with pytest.raises(AssertionError, match="MariaDB cannot copy a database"):
        server.create_database("one", "two")
