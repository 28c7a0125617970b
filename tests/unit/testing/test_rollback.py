"""A Database whose transactions are rolled back; test_rollback_isolation.py runs it on each engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.errors import NotIsolated
from pydb.testing.rollback import RollbackDatabase


def test_outside_of_a_test_it_has_no_connection(tmp_path: Path) -> None:
    """A database that outlives its test, in a module or a thread, cannot be used."""
    database = RollbackDatabase(f"sqlite:///{tmp_path / 'a.db'}")
    with pytest.raises(NotIsolated, match="pydb_db is used outside of a test"), database.begin():
        pass
    database.dispose()
