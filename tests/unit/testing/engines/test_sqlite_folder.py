"""SQLite's databases for tests."""

from __future__ import annotations

from pathlib import Path

from pydb.testing.engines.sqlite_folder import SqliteFolder


def test_a_copy_is_dropped_with_what_lies_beside_it(tmp_path: Path) -> None:
    """The file of a database is removed with its log, and the file from which it was copied stays."""
    folder = SqliteFolder(tmp_path)
    (tmp_path / "template.db").write_bytes(b"rows")
    folder.create_database("copy", "template")
    assert (tmp_path / "copy.db").read_bytes() == b"rows"
    assert folder.url("copy") == f"sqlite:///{tmp_path / 'copy.db'}"
    (tmp_path / "copy.db-wal").touch()
    folder.drop_database("copy")
    assert [file.name for file in tmp_path.iterdir()] == ["template.db"]
