"""A Database with rollbacks; test_rollback_isolation.py runs it on each engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.errors import NotIsolated
from pydb.testing.rollback import RollbackDatabase


def test_outside_of_a_test_it_has_no_connection(tmp_path: Path) -> None:
    """After its test, in a module or a thread, the database cannot be used."""
    database = RollbackDatabase(f"sqlite:///{tmp_path / 'a.db'}")
    with pytest.raises(NotIsolated, match="pydb_db is used outside of a test"), database.begin():
        pass
    database.dispose()
