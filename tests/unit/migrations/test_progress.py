"""The events of a run."""

from __future__ import annotations

from pathlib import Path

import pydb
from pydb.migrations.files import Migration
from pydb.migrations.progress import Progress
from tests.harness.migrations import write_migrations


class Noting(Progress):
    """Records the events."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int | None]] = []

    def statement(self, migration: Migration, number: int) -> None:
        self.told.append((migration.name, number))

    def applied(self, migration: Migration) -> None:
        self.told.append((migration.name, None))


def test_statements_and_files(tmp_path: Path) -> None:
    """Each statement is reported before it runs, and each migration when it is committed."""
    noting = Noting()
    folder = write_migrations(tmp_path, {"0001_a": "SELECT 1;\nSELECT 2;", "0002_b": "SELECT 3;"})
    with pydb.Database("sqlite://") as db:
        pydb.migrate(db, folder, progress=noting)
    assert noting.told == [("0001_a", 0), ("0001_a", 1), ("0001_a", None), ("0002_b", 0), ("0002_b", None)]
