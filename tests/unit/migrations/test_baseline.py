"""A baseline on SQLite; other engines are in the integration tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb import Database
from pydb.errors import MigrationError
from pydb.migrations.baseline import baseline


def test_without_migrations(tmp_path: Path) -> None:
    """There is nothing to record where there is no migration."""
    url = f"sqlite:///{tmp_path}/x.db"
    with (
        Database(url) as db,
        pytest.raises(MigrationError, match="the folder has no migrations    hint: pydb migrate draft"),
    ):
        baseline(db, make_url(url), str(tmp_path))
