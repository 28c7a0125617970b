"""The parser with an ``on_error``: every error of a file, and the statements that can be read beside them."""

from __future__ import annotations

from pydb.errors import SqlFileError
from pydb.sqlfile.parser import parse_file

TEXT = """\
SELECT 0;

-- name: a :many
SELECT 1;

-- name: b :lots
SELECT 2;

-- name: c :many
SELECT (3;

-- name: a :one
SELECT 4;
"""


def test_on_error() -> None:
    """A broken statement hides no other, and one whose name alone is wrong is read as well."""
    errors: list[SqlFileError] = []
    parsed = parse_file(TEXT, "t.sql", "t", None, on_error=errors.append)
    assert [(one.header.name, one.line, one.form.sql) for one in parsed] == [
        ("t.a", 3, "SELECT 1;"),
        ("t.a", 12, "SELECT 4;"),
    ]
    assert [(error.line, error.message) for error in errors] == [
        (1, "SQL stands before the first header"),
        (6, "asks for :lots"),
        (10, "a bracket is never closed"),
        (12, "the name is taken by the statement in line 3"),
    ]
