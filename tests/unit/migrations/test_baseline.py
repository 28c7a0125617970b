"""A baseline on SQLite; integration tests have the other engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from pydb import Database
from pydb.errors import MigrationError
from pydb.migrations.baseline import baseline


def test_without_migrations(tmp_path: Path) -> None:
    """Without migrations, there is nothing to record."""
    url = f"sqlite:///{tmp_path}/x.db"
    with (
        Database(url) as db,
        pytest.raises(MigrationError, match="the folder has no migrations    hint: pydb migrate draft"),
    ):
        baseline(db, make_url(url), str(tmp_path))
