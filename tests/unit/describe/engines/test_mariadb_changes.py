"""Changes of a MariaDB database; integration tests prove that they lead to the schema."""

from __future__ import annotations

from pathlib import Path

from pydb.describe.changes import SchemaTexts, changes_of


def test_lines_of_show_create_table(tmp_path: Path) -> None:
    """ALTER TABLE has the lines of SHOW CREATE TABLE, with names in backticks, which are valid in every mode."""
    (tmp_path / "schema.sql").write_text("")
    texts = SchemaTexts(str(tmp_path / "schema.sql"), "mariadb")
    have = {"table t": "ENGINE=InnoDB", "column t.a": '"a" int(11) NOT NULL', "key t.k": 'KEY "k" ("a")'}
    want = {
        "table t": "ENGINE=InnoDB",
        "column t.a": '"a" int(11) NOT NULL DEFAULT 1 COMMENT \'a "b"\'',
        "constraint t.c": 'CONSTRAINT "c" CHECK ("a" > 0)',
    }
    assert [change.sql for change in changes_of("mariadb").changes(have, want, texts)] == [
        "ALTER TABLE t DROP INDEX k",
        "ALTER TABLE t MODIFY COLUMN `a` int(11) NOT NULL DEFAULT 1 COMMENT 'a \"b\"'",
        "ALTER TABLE t ADD CONSTRAINT `c` CHECK (`a` > 0)",
    ]
