"""Migrations on MariaDB: its lock."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import make_url

from pydb import Database
from pydb.errors import MigrationError
from pydb.migrations.engine_migrations import Patience, migrations_of

pytestmark = pytest.mark.engines("mariadb")


def test_the_lock_is_of_one_database(empty_url: str, sample_url: str) -> None:
    """Two databases of one server can be migrated at the same time, and one database by one session only."""
    own = migrations_of("mariadb")
    assert make_url(empty_url).host == make_url(sample_url).host
    with Database(empty_url) as one, Database(sample_url) as other, own.lock(one, Patience(0, lambda: None)) as locked:
        assert locked()
        with own.lock(other, Patience(0, lambda: None)):
            pass
        with pytest.raises(MigrationError, match="another process"), own.lock(one, Patience(0, lambda: None)):
            pass
