"""What importers share: comments, semicolons, and ``*`` written out."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.errors import PydbError
from pydb.importers.imported import Imported
from pydb.importers.sources import (
    ends_in_semicolon,
    notes_of,
    source_text,
    sql_files,
    tables_of,
    without_notes,
    without_stars,
)

SCHEMA = """
CREATE TABLE users (id integer PRIMARY KEY, "name" text, CONSTRAINT a UNIQUE (name));
CREATE TABLE posts (id integer, user_id integer);
"""


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT * FROM users;", 'SELECT id, "name" FROM users;'),
        ("SELECT u.*, 1 FROM users u;", 'SELECT u.id, u."name", 1 FROM users u;'),
        (
            "SELECT p.* FROM posts AS p JOIN users u ON TRUE;",
            "SELECT p.id, p.user_id FROM posts AS p JOIN users u ON TRUE;",
        ),
        ("INSERT INTO posts (id) VALUES (1) RETURNING *;", "INSERT INTO posts (id) VALUES (1) RETURNING id, user_id;"),
        ("SELECT * FROM posts JOIN users ON TRUE;", "SELECT * FROM posts JOIN users ON TRUE;"),
        ("SELECT count(*), 2 * 3 FROM users;", "SELECT count(*), 2 * 3 FROM users;"),
        ("SELECT * FROM others;", "SELECT * FROM others;"),
        ("SELECT * FROM posts, users;", "SELECT * FROM posts, users;"),
        ("SELECT * FROM posts p, users u;", "SELECT * FROM posts p, users u;"),
        ("SELECT * FROM (SELECT id FROM posts) p;", "SELECT * FROM (SELECT id FROM posts) p;"),
        (
            "WITH posts AS (SELECT 1 AS a) SELECT * FROM posts;",
            "WITH posts AS (SELECT 1 AS a) SELECT * FROM posts;",
        ),
        (
            "SELECT * FROM posts WHERE user_id IN (SELECT id FROM users);",
            "SELECT id, user_id FROM posts WHERE user_id IN (SELECT id FROM users);",
        ),
    ],
)
def test_a_star_is_written_out_where_the_schema_is_known(sql: str, expected: str) -> None:
    """Only the ``*`` of one known table has columns."""
    assert without_stars(Imported("x", "many", sql, "a:1"), SCHEMA).sql == expected


def test_the_columns_of_tables() -> None:
    """Constraints are no columns."""
    assert tables_of(SCHEMA) == {"users": ["id", '"name"'], "posts": ["id", "user_id"]}


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ("ALTER TABLE posts ADD COLUMN a int, ADD b numeric(3, 1);", ["id", "user_id", "a", "b"]),
        ("ALTER TABLE IF EXISTS public.posts DROP COLUMN id;", ["user_id"]),
        ("ALTER TABLE posts RENAME COLUMN id TO number;", ["number", "user_id"]),
        ("ALTER TABLE posts ADD CONSTRAINT a UNIQUE (id);", ["id", "user_id"]),
        ("ALTER TABLE posts ADD (a int, b int);", None),
        ("ALTER TABLE posts ADD a int FIRST;", None),
        ("DROP TABLE posts;", None),
    ],
)
def test_the_columns_follow_migrations(change: str, columns: list[str] | None) -> None:
    """A table that is changed in a way that cannot be followed is not known."""
    assert tables_of(SCHEMA + change).get("posts") == columns


def test_a_renamed_table_has_its_columns() -> None:
    """The old name is gone."""
    assert "notes" in tables_of(SCHEMA + "ALTER TABLE posts RENAME TO notes;")
    assert "posts" not in tables_of(SCHEMA + "ALTER TABLE posts RENAME TO notes;")


def test_a_file_that_is_not_utf_8_is_one_clear_line(tmp_path: Path) -> None:
    """The error names the file and the byte; a byte-order mark and CRLF are read."""
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
    """It stands before the comments behind the SQL."""
    assert ends_in_semicolon(sql) == expected


def test_comments_above_are_documentation() -> None:
    """What would be a directive is none."""
    assert notes_of("-- One.\n-- @x\n\nSELECT 1") == ["One.", " @x"]
    assert without_notes("-- One.\n\nSELECT 1 -- a\n") == "SELECT 1 -- a"


def test_files_have_names(tmp_path: Path) -> None:
    """Folders and files become names; where there is no file, that is an error."""
    (tmp_path / "a-b").mkdir()
    (tmp_path / "a-b" / "c.sql").touch()
    assert [parts for parts, _ in sql_files(tmp_path)] == [("a_b", "c")]
    (tmp_path / "empty").mkdir()
    with pytest.raises(PydbError, match=r"no \.sql file"):
        sql_files(tmp_path / "empty")
