"""A line of SQL, with the ^ under a place in it."""

from __future__ import annotations

import pickle
from pathlib import Path
from unicodedata import east_asian_width

import pytest

from pydb.errors import SqlFileError
from pydb.sqlfile.loader import read
from pydb.support.pointer import WIDTH, pointed


def under(text: str) -> str:
    """The displayed text from the place of the ^ on; wide characters take two columns."""
    line, pointer = text.split("\n")
    column, at = pointer.index("^"), 0
    for i, character in enumerate(line):
        if at == column:
            return line[i:]
        at += 2 if east_asian_width(character) in "WF" else 1
    assert at == column
    return ""


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("SELECT x::y FROM t", "x::y"),
        ("\tSELECT a,\tx::y", "x::y"),
        ("    \t  x::y", "x::y"),
        ("SELECT '漢字', ﾊﾝ, x::y", "x::y"),
        ("SELECT '\x1b[31m\u202e', x::y\r", "x::y"),
        ("  ::error file=a::x", "error"),
        ("##[error] x::y", "x::y"),
        ("SELECT '" + "漢" * 200 + "', x::y, '" + "字" * 200 + "'", "x::y"),
        ("SELECT '" + "a" * 900_000 + "', x::y", "x::y"),
        ("x::y" + " OR y" * 10_000, "x::y"),
    ],
)
def test_the_pointer_is_under_the_place(line: str, place: str) -> None:
    """The ^ is under the first character of the place, whatever is before it and however long the line is."""
    shown = pointed(line, line.index(place) + 1)
    assert under(shown).startswith(place)
    assert all(len(each) <= WIDTH + 6 for each in shown.split("\n"))
    assert shown.replace("\n", "").isprintable()


def test_a_combining_character_takes_no_column() -> None:
    """A separate accent character does not move the ^."""
    assert pointed("SELECT 'e\u0301', :x", 14).split("\n")[1] == " " * 16 + "^"


def test_a_cut_line_says_so() -> None:
    """A line that is cut has … at each cut end."""
    shown = pointed("a" * 500, 250).split("\n")[0].strip()
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert not pointed("a" * 500, 1).strip().startswith("…")


def test_the_place_behind_the_line() -> None:
    """If something is missing at the end of a line, the ^ is after its last character."""
    assert pointed("-- name: by_id", 15) == "    -- name: by_id\n" + " " * 18 + "^"
    assert pointed("-- name: by_id\r", 900) == "    -- name: by_id\n" + " " * 18 + "^"


def test_without_a_column_there_is_no_pointer() -> None:
    """If only the line is known, the line is shown without a ^."""
    assert pointed("\tSELECT 1", None) == "    SELECT 1"


@pytest.mark.parametrize(
    ("text", "line", "place"),
    [
        ("-- name: a :lots\nSELECT 1;\n", 1, ":lots"),
        ("-- name: a\nSELECT 1;\n", 1, ""),
        ("-- name: 1a :one\nSELECT 1;\n", 1, "1a"),
        ("-- name: a :one user\nSELECT 1;\n", 1, "user"),
        ("-- name: a :one\r\n\r\n   SELECT 1,\r\n\t:x::int;\r\n", 4, ":x::int"),
        ("-- name: a :one\n  SELECT :x::int;\n", 2, ":x::int"),
        ("\ufeff-- name: a :one\n-- @param x  intt\nSELECT :x;\n", 2, "intt"),
        ("-- name: a :one\n  -- @parm x int\nSELECT :x;\n", 2, "@parm"),
        ("-- name: a :one\nSELECT (1;\n", 2, "("),
        ("-- name: a :one\nSELECT 'x;\n", 2, "'x"),
        ("-- name: a :many\nSELECT 1 FROM t\nWHERE y = :y -- if :y\n-- z = :y::int -- if not :y\n;\n", 4, ":y::int"),
        ("-- name: a :one\nSELECT 1\n", 2, "1"),
        ("SELECT 1;\n-- name: a :one\nSELECT 1;\n", 1, "SELECT"),
    ],
)
def test_a_file_error_points_at_its_place(tmp_path: Path, text: str, line: int, place: str) -> None:
    """An error about a file has the line and the column of its place, and shows both, also after pickling."""
    (tmp_path / "t.sql").write_bytes(text.encode())
    with pytest.raises(SqlFileError) as caught:
        read(tmp_path)
    error = caught.value
    assert error.source is not None
    assert error.column is not None
    assert (error.line, error.source[error.column - 1 :].rstrip("\r").startswith(place)) == (line, True)
    assert under("\n".join(str(error).split("\n")[1:])).startswith(place)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.column, again.source) == (str(error), error.column, error.source)


@pytest.mark.parametrize(
    ("data", "column"), [(b"-- \xc3\xa9\xff x\n", 5), ("-- é\0 x\n".encode(), 5), (b"-- a\rb\n", 5)]
)
def test_a_file_that_is_no_text_points_at_the_byte(tmp_path: Path, data: bytes, column: int) -> None:
    """The ^ is at a byte that is not UTF-8, at a NUL, and at a lone carriage return."""
    (tmp_path / "t.sql").write_bytes(b"\n" + data)
    with pytest.raises(SqlFileError) as caught:
        read(tmp_path)
    assert (caught.value.line, caught.value.column) == (2, column)
    assert str(caught.value).count("\n") == 2


def test_an_error_about_a_whole_header_shows_it(tmp_path: Path) -> None:
    """An unknown record, and forms that disagree, show the header without a ^."""
    (tmp_path / "t.sql").write_text("-- name: a :one Usr\nSELECT 1;\n")
    with pytest.raises(SqlFileError) as caught:
        read(tmp_path, frozenset({"User"}))
    assert str(caught.value).split("\n")[1:] == ["    -- name: a :one Usr"]
