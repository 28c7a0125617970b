"""One file, run on SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb import Database, errors
from pydb.migrations.engine_migrations import Patience, migrations_of
from pydb.migrations.files import read_migrations
from pydb.migrations.progress import Progress
from pydb.migrations.run import Run
from tests.harness.migrations import journal, write_migrations


def test_a_lost_lock(tmp_path: Path) -> None:
    """If the lock is lost, no file is begun."""
    (migration,) = read_migrations(str(write_migrations(tmp_path, {"0001_a": "SELECT 1;"})), "sqlite")
    with Database("sqlite://") as db:
        run = Run(db, migrations_of("sqlite"), lambda: False, Patience(0, lambda: None), Progress())
        with pytest.raises(errors.MigrationError, match="was lost; nothing of this file was run"):
            run.apply(migration, None)


def test_another_process_was_faster(tmp_path: Path) -> None:
    """Without a valid lock, a migration that is applied when its transaction begins is not applied again."""
    (migration,) = read_migrations(str(write_migrations(tmp_path, {"0001_a": "CREATE TABLE t (id int);"})), "sqlite")
    with Database(f"sqlite:///{tmp_path}/x.db") as db:
        run = Run(db, migrations_of("sqlite"), lambda: True, Patience(0, lambda: None), Progress())
        with run.connection() as conn:
            run.create_journal(conn)
        assert run.apply(migration, None)
        assert not run.apply(migration, None)
        assert len(journal(db)) == 1


def test_outside_of_a_transaction(tmp_path: Path) -> None:
    """A statement that cannot run in a transaction runs in a file with the directive."""
    (migration,) = read_migrations(
        str(write_migrations(tmp_path, {"0001_a": "-- pydb: outside a transaction\nVACUUM;"})), "sqlite"
    )
    with Database(f"sqlite:///{tmp_path}/x.db") as db:
        run = Run(db, migrations_of("sqlite"), lambda: True, Patience(0, lambda: None), Progress())
        with run.connection() as conn:
            run.create_journal(conn)
        assert run.apply(migration, None)
        assert journal(db) == [(1, "0001_a", 1, 1, 1)]
