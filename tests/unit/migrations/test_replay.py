"""Replays on SQLite; integration tests have the other engines."""

from __future__ import annotations

from pathlib import Path

from pydb.migrations.files import read_migrations
from pydb.migrations.replay import replayed, schema_fingerprint
from tests.harness.migrations import write_migrations


def test_a_replay(tmp_path: Path) -> None:
    """A scratch database has the schema of the migrations up to a number, and no journal."""
    files = {"0001_a": "CREATE TABLE t (a text);", "0002_b": "ALTER TABLE t ADD COLUMN b text;"}
    schema = tmp_path / "schema.sql"
    schema.write_text(files["0001_a"])
    migrations = read_migrations(str(write_migrations(tmp_path / "steps", files)), "sqlite")
    with replayed("sqlite", None, migrations, 1) as replay:
        assert replay.fingerprint() == schema_fingerprint("sqlite", None, str(schema))
        with replay.session() as session:
            assert list(session.catalogue.tables["t"].columns) == ["a"]
