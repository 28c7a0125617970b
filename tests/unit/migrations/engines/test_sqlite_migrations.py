"""Migrations on SQLite: their connections."""

from __future__ import annotations

from pathlib import Path

from pydb import Database
from pydb.migrations.engine_migrations import Patience, migrations_of
from pydb.migrations.run import single_statements


def test_foreign_keys_are_off_while_it_runs(tmp_path: Path) -> None:
    """The connection of a file enforces no foreign keys, and the next user's connection does."""
    with Database(f"sqlite:///{tmp_path}/x.db", pool_size=1) as db:
        with single_statements(db, migrations_of("sqlite"), Patience(0, lambda: None)) as conn:
            assert conn.exec_driver_sql("PRAGMA foreign_keys").scalar() == 0
        with db.read() as conn:
            assert conn.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
