"""The journal's table on SQLite."""

from __future__ import annotations

from pathlib import Path

from pydb import Database
from pydb.migrations.engine_migrations import migrations_of
from pydb.migrations.files import read_migrations
from pydb.migrations.journal import Journal, Progressed
from tests.harness.migrations import write_migrations


def test_rows(tmp_path: Path) -> None:
    """A row has the progress of its migration, changed by one process only, and a time at the end."""
    folder = write_migrations(tmp_path, {"0001_a": "SELECT 1;\nSELECT 2;"})
    (migration,) = read_migrations(str(folder), "sqlite")
    with Database("sqlite://") as db, db.begin() as conn:
        journal = Journal(conn)
        assert journal.rows() == {}
        conn.exec_driver_sql(migrations_of("sqlite").table)
        journal.add(migration, 0)
        begun, one = Progressed.of(migration, 0), Progressed.of(migration, 1, under_way=1)
        assert journal.move(migration, begun, one)
        (row,) = journal.rows().values()
        assert (row.done, row.statements, row.is_complete) == (1, 2, False)
        assert row.checksum == migration.checksum(2)
        assert not journal.move(migration, begun, Progressed.of(migration, 2))
        assert journal.move(migration, one, Progressed.of(migration, 2))
        assert journal.rows()[1].is_complete
        journal.remove(1)
        assert journal.rows() == {}
