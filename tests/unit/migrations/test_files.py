"""Folders of migration files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.errors import MigrationError, SqlFileError
from pydb.migrations.files import Migration, down_file, read_migrations
from tests.harness.migrations import write_migrations


def one(folder: Path, text: str) -> Migration:
    (migration,) = read_migrations(str(write_migrations(folder, {"0001_x": text})), "sqlite")
    return migration


def test_by_number(tmp_path: Path) -> None:
    """Migrations are sorted by their numbers, whatever their digits; down files are not migrations."""
    write_migrations(
        tmp_path, {"0002_b": "SELECT 1;", "10_c": "SELECT 1;", "1_a": "SELECT 1;", "1_a.down": "SELECT 1;"}
    )
    (tmp_path / "README.md").write_text("")
    migrations = read_migrations(str(tmp_path), "sqlite")
    assert [(item.version, item.name) for item in migrations] == [(1, "1_a"), (2, "0002_b"), (10, "10_c")]
    assert down_file(migrations[0]) is not None
    assert down_file(migrations[1]) is None


def test_an_overlay(tmp_path: Path) -> None:
    """An engine reads its own folder's file instead of the shared one, and another engine does not."""
    write_migrations(tmp_path, {"0001_a": "SELECT 1;", "mariadb/0001_a": "SELECT 2;", "mariadb/0002_b": "SELECT 3;"})
    assert [item.text for item in read_migrations(str(tmp_path), "mariadb")] == ["SELECT 2;", "SELECT 3;"]
    assert [item.text for item in read_migrations(str(tmp_path), "sqlite")] == ["SELECT 1;"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["x"], r"x.sql: the file's name has no number    hint: name it like 0001_name.sql"),
        (["0001_a", "1_b"], r"0001_a.sql also has the number 1"),
        (["0001_a", "sqlite/0001_b"], r"sqlite/0001_b.sql: 0001_a.sql also has the number 1"),
        (["postgres/0001_a"], r"no engine is named postgres    hint: rename the folder to postgresql"),
    ],
)
def test_names_that_are_refused(tmp_path: Path, names: list[str], message: str) -> None:
    """A name without a number, and a number of two files, are refused."""
    write_migrations(tmp_path, dict.fromkeys(names, "SELECT 1;"))
    with pytest.raises((MigrationError, SqlFileError), match=message):
        read_migrations(str(tmp_path), "sqlite")


def test_no_folder(tmp_path: Path) -> None:
    """A missing folder is an error."""
    with pytest.raises(MigrationError, match="the folder does not exist"):
        read_migrations(str(tmp_path / "none"), "sqlite")


def test_directives(tmp_path: Path) -> None:
    """The lines before the first statement say how the file is run; later lines have no effect."""
    text = "-- Why.\n-- pydb: Outside a transaction\n\n-- pydb: DRAFT\nVACUUM;\n-- pydb: DRAFT\n"
    migration = one(tmp_path, text)
    assert migration.is_outside
    assert migration.draft_line == 4
    migration = one(tmp_path, "VACUUM;\n-- pydb: outside a transaction\n")
    assert not migration.is_outside
    assert migration.draft_line is None


def test_an_unknown_directive(tmp_path: Path) -> None:
    """An unknown directive is refused with the nearest one."""
    with pytest.raises(
        MigrationError, match=r"0001_x.sql:1: unknown directive -- pydb: outside of a transaction"
    ) as caught:
        _ = one(tmp_path, "-- pydb: outside of a transaction\nSELECT 1;").is_outside
    assert caught.value.hint == "did you mean outside a transaction?"


def test_the_checksum(tmp_path: Path) -> None:
    """The checksum is that of the statements, or of the first ones."""
    migration = one(tmp_path, "SELECT 1;\nSELECT 2;\n")
    commented = one(tmp_path, "-- Two.\r\nSELECT 1;\r\n\r\n-- More.\nSELECT 2 ;")
    assert migration.checksum() == commented.checksum()
    assert migration.checksum(1) == one(tmp_path, "SELECT 1;").checksum()
    assert migration.checksum() != one(tmp_path, "SELECT 1;\nSELECT 3;").checksum()


def test_an_empty_file(tmp_path: Path) -> None:
    """A file without a statement is refused."""
    with pytest.raises(MigrationError, match="the file has no statement"):
        _ = one(tmp_path, "-- Nothing.\n").statements
