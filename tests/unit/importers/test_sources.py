"""Common parts of importers of files: names, comments, semicolons, and the formats of aiosql and PugSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.errors import PydbError
from pydb.importers.aiosql import import_aiosql
from pydb.importers.imported import Imported, targets_of
from pydb.importers.pugsql import import_pugsql
from pydb.importers.sources import (
    ends_in_semicolon,
    notes_of,
    source_text,
    sql_files,
    without_notes,
)
from pydb.sqlfile.loader import read
from pydb.support.file_sets import write_files

IMPORTERS = {"aiosql": import_aiosql, "pugsql": import_pugsql}
MARKS = {"aiosql": "-- name: ", "pugsql": "-- :name "}


def test_a_file_that_is_not_utf_8_is_one_clear_line(tmp_path: Path) -> None:
    """The error names the file and the byte; a byte-order mark and CRLF are accepted."""
    (tmp_path / "a.sql").write_bytes(b"SELECT \xff")
    with pytest.raises(PydbError, match=r"a\.sql is not UTF-8: byte 7"):
        source_text(tmp_path / "a.sql")
    (tmp_path / "a.sql").write_bytes(b"\xef\xbb\xbfSELECT\r\n1")
    assert source_text(tmp_path / "a.sql") == "SELECT\n1"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [("SELECT 1", "SELECT 1;"), ("SELECT 1; -- end", "SELECT 1; -- end"), ("SELECT 1 -- end", "SELECT 1; -- end")],
)
def test_a_semicolon_ends_the_statement(sql: str, expected: str) -> None:
    """The semicolon is before the comments after the SQL."""
    assert ends_in_semicolon(sql) == expected


def test_comments_above_are_documentation() -> None:
    """A line that pydb would read as a directive, a header or an optional line is changed."""
    assert notes_of("-- One.\n-- @x\n-- :name\n\n-- if :a\nSELECT 1") == ["One.", "| @x", "| :name", "if :a |"]
    assert without_notes("-- One.\n\nSELECT 1 -- a\n") == "SELECT 1 -- a"


def test_files_have_names(tmp_path: Path) -> None:
    """Folders and files become names; if there is no file, that is an error."""
    (tmp_path / "a-b").mkdir()
    (tmp_path / "a-b" / "c.sql").touch()
    assert [parts for _, parts, _ in sql_files(tmp_path)] == [("a_b", "c")]
    (tmp_path / "empty").mkdir()
    with pytest.raises(PydbError, match=r"no \.sql file"):
        sql_files(tmp_path / "empty")


@pytest.mark.parametrize(
    ("file", "engine", "expected"),
    [
        ("pg/users.sql", None, ("postgresql", ("users",))),
        ("users/mysql/all.sql", None, ("mariadb", ("users", "all"))),
        ("postgres/users.sql", "postgresql", ("postgresql", ("users",))),
        ("mysql/users.sql", "postgresql", ("postgresql", ("mysql_", "users"))),
        ("sqlite.sql", None, (None, ("sqlite_",))),
        ("schema.sql", None, (None, ("schema_",))),
        ("class/a-b.sql", None, (None, ("class_", "a_b"))),
    ],
)
def test_a_folder_named_like_an_engine_is_for_it(
    tmp_path: Path, file: str, engine: str | None, expected: tuple[str | None, tuple[str, ...]]
) -> None:
    """The files are that engine's overlay; another name that pydb refuses gets an underscore."""
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).touch()
    assert [found[:2] for found in sql_files(tmp_path, engine)] == [expected]


WORDS = {
    "aiosql": [
        ("a^", "SELECT 1", "maybe"),
        ("a$", "SELECT 1", "maybe scalar"),
        ("a", "SELECT 1", "many"),
        ("a!", "DELETE FROM t", "affected"),
        ("a*!", "INSERT INTO t (a) VALUES (:a)", "batch"),
        ("a#", "CREATE TABLE t (a int)", "exec"),
        ("a<!", "INSERT INTO t (a) VALUES (:a) RETURNING a", "one scalar"),
        ("a<!", "INSERT INTO t (a) VALUES (:a) RETURNING a, b", "one"),
        ("a<!", "INSERT INTO t (a) VALUES (:a)", "affected"),
        ("a(x)^", "SELECT :x", "maybe"),
    ],
    "pugsql": [
        ("a :one", "SELECT 1", "maybe"),
        ("a :1", "SELECT 1", "maybe"),
        ("a :many", "SELECT 1", "many"),
        ("a :*", "SELECT 1", "many"),
        ("a :scalar", "SELECT 1", "maybe scalar"),
        ("a :affected", "DELETE FROM t", "affected"),
        ("a :n", "DELETE FROM t", "affected"),
        ("a :insert", "INSERT INTO t (a) VALUES (:a)", "affected"),
        ("a :insert", "INSERT INTO t (a) VALUES (:a) RETURNING a", "one scalar"),
        ("a :raw", "SELECT 1", "many"),
        ("a :? :1", "SELECT 1", "maybe"),
        ("a :! :n", "DELETE FROM t", "affected"),
        ("a\n-- :command :query\n-- :result :scalar", "SELECT 1", "maybe scalar"),
        ("a\n-- :result :affected", "DELETE FROM t", "affected"),
        ("a", "DELETE FROM t", "affected"),
    ],
}


@pytest.mark.parametrize(("tool", "header", "sql", "rows"), [(tool, *case) for tool in WORDS for case in WORDS[tool]])
def test_what_is_returned(tmp_path: Path, tool: str, header: str, sql: str, rows: str) -> None:
    """Each operator or word of a tool has a row word."""
    [one] = imported(tmp_path, tool, f"{MARKS[tool]}{header}\n-- About it.\n{sql}\n")
    assert " ".join(filter(None, (one.rows, one.record))) == rows
    assert (one.name, one.doc, one.reason) == ("a", ("About it.",), "")


@pytest.mark.parametrize("tool", MARKS)
def test_for_one_engine(tmp_path: Path, tool: str) -> None:
    """With an engine, the files are overlays of that engine."""
    (tmp_path / "q.sql").write_text(f"{MARKS[tool]}a\nSELECT 1;\n")
    [made] = IMPORTERS[tool](tmp_path / "q.sql", engine="postgresql")
    assert made.target(tmp_path) == tmp_path / "postgresql" / "q.sql"


@pytest.mark.parametrize("tool", MARKS)
def test_a_script_is_not_a_statement(tmp_path: Path, tool: str) -> None:
    """A script is written as a comment, unchanged."""
    word = {"aiosql": "a#", "pugsql": "a :raw"}[tool]
    [one] = imported(tmp_path, tool, f"{MARKS[tool]}{word}\nDELETE FROM t;\nDELETE FROM u;\n")
    assert one.reason == "it is a script of several statements: run it with Database.apply"
    assert one.text.endswith("-- | DELETE FROM t;\n-- | DELETE FROM u;\n")


@pytest.mark.parametrize("tool", MARKS)
def test_a_form_of_a_folder_for_one_engine(tmp_path: Path, tool: str) -> None:
    """The form is an overlay of the statement for all engines."""
    (tmp_path / "pg").mkdir()
    (tmp_path / "q.sql").write_text(f"{MARKS[tool]}a\nSELECT 1;\n")
    (tmp_path / "pg" / "q.sql").write_text(f"{MARKS[tool]}a\nSELECT 2;\n")
    write_files(targets_of(IMPORTERS[tool](tmp_path), {}, tmp_path / "made"))
    [definition] = read(tmp_path / "made")
    assert {engine: form.sql for engine, form in definition.forms.items()} == {
        "mariadb": "SELECT 1;",
        "postgresql": "SELECT 2;",
        "sqlite": "SELECT 1;",
    }


def imported(folder: Path, tool: str, text: str) -> tuple[Imported, ...]:
    (folder / "q.sql").write_text(text)
    [made] = IMPORTERS[tool](folder / "q.sql")
    return made.statements
