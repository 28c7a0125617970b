"""Changes of a SQLite database; integration tests prove that they lead to the schema."""

from __future__ import annotations

from pathlib import Path

from pydb.describe.changes import SchemaTexts, changes_of


def test_what_can_be_added(tmp_path: Path) -> None:
    """A column is added if SQLite accepts it whatever rows exist; otherwise the table is rebuilt."""
    for column, first in {
        "b text": "ALTER TABLE t ADD COLUMN b text",
        "b text NOT NULL DEFAULT 'x'": "ALTER TABLE t ADD COLUMN b text NOT NULL DEFAULT 'x'",
        "b text DEFAULT CURRENT_TIMESTAMP": "CREATE TABLE pydb_new_t",
        "b text UNIQUE": "CREATE TABLE pydb_new_t",
        "b text NOT NULL": "CREATE TABLE pydb_new_t",
    }.items():
        (tmp_path / "schema.sql").write_text(f"CREATE TABLE t (a text, {column});")
        texts = SchemaTexts(str(tmp_path / "schema.sql"), "sqlite")
        have = {"table t": "CREATE TABLE t", "column t.a": "a text"}
        changes = changes_of("sqlite").changes(have, {**have, "column t.b": column}, texts)
        assert changes[0].sql.startswith(first)
        assert changes[0].about == ("column t.b",)
