"""Imported statements are read by pydb before they are written, and replace no other file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.errors import PydbError
from pydb.importers.imported import Imported, ImportedFile, Report, as_name, settled, targets_of
from pydb.sqlfile.loader import read
from pydb.support.file_sets import write_files


def imported(*statements: Imported) -> ImportedFile:
    return ImportedFile(("users",), statements, "users.sql", doc=("Users.",))


GOOD = Imported("by_id", "maybe", "SELECT id FROM users WHERE id = :id;", "users.sql:1", doc=("One.",))
BAD = Imported("cast", "many", "SELECT :a::int; -- if :x", "users.sql:4")


def test_what_pydb_refuses_stands_as_a_comment() -> None:
    """A statement that cannot be loaded is never written in part, and its comment has no other meaning."""
    [file] = settled(imported(GOOD, BAD))
    assert [bool(one.reason) for one in file.statements] == [False, True]
    assert file.text.endswith(
        "-- cast (users.sql:4) is not imported: :a::int is not bound (CAST(:a AS int))\n"
        "-- | SELECT :a::int; -- if :x |\n"
    )


def test_a_taken_name_is_told() -> None:
    """The second statement with the same name is written as a comment."""
    [file] = settled(imported(GOOD, GOOD))
    assert file.statements[1].reason == "the file already has a statement by_id"


def test_a_row_word_that_cannot_be_answered_is_replaced() -> None:
    """DDL changes no rows, and an INSERT without RETURNING returns none."""
    [file] = settled(imported(Imported("make", "many", "INSERT INTO users (id) VALUES (:id);", "a:1")))
    assert [(one.rows, one.changes) for one in file.statements] == [
        ("affected", (":affected instead of :many, because of what its SQL returns",))
    ]


def test_what_one_engine_reads_is_for_it_alone() -> None:
    """It is written into the overlay of the first engine that accepts it."""
    files = settled(imported(GOOD, Imported("null", "many", "SELECT 1 WHERE :a IS NULL;", "a:1")))
    assert [(file.engine, [one.name for one in file.statements]) for file in files] == [
        (None, ["by_id"]),
        ("sqlite", ["null"]),
    ]


def test_it_is_loaded(tmp_path: Path) -> None:
    """The written file can be loaded."""
    targets = targets_of(settled(imported(GOOD, BAD)), {}, tmp_path / "sql")
    write_files(targets)
    assert [definition.name for definition in read(tmp_path / "sql")] == ["users.by_id"]
    assert list(targets) == [tmp_path / "sql" / "users.sql"]


def test_nothing_of_others_is_overwritten(tmp_path: Path) -> None:
    """A second import replaces the files of the first one, unless they were changed."""
    files = settled(imported(GOOD))
    [target] = targets = targets_of(files, {}, tmp_path)
    write_files(targets)
    assert targets_of(files, {}, tmp_path) == targets
    target.write_text(target.read_text() + "-- mine\n")
    with pytest.raises(PydbError, match="already exists, and was not written by an import or was changed since"):
        targets_of(files, {}, tmp_path)
    assert target.read_text().endswith("-- mine\n")


def test_two_sources_of_one_file_are_refused(tmp_path: Path) -> None:
    """Two sources of one .sql file, or of a schema script, are refused."""
    [file] = settled(imported(GOOD))
    with pytest.raises(PydbError, match="two sources would be written to"):
        targets_of([file, file], {}, tmp_path)
    with pytest.raises(PydbError, match="two sources would be written to"):
        targets_of([file], {tmp_path / "users.sql": "SELECT 1;"}, tmp_path)


@pytest.mark.parametrize(
    ("text", "name"), [("get-all", "get_all"), ("1st", "n1st"), ("_x", "x"), ("ok", "ok"), ("class", "class_")]
)
def test_a_name(text: str, name: str) -> None:
    """A character that cannot be in a name is an underscore."""
    assert as_name(text) == name


def test_the_report_counts() -> None:
    """The report counts unchanged statements, changed ones, and those that are left."""
    report = Report()
    report.count(settled(imported(GOOD, BAD)), Path("sql"))
    assert [(one.name, one.engine, one.target) for one in report.unchanged] == [
        ("users.by_id", None, Path("sql/users.sql"))
    ]
    assert ([one.name for one in report.changed], [one.name for one in report.left]) == ([], ["users.cast"])
