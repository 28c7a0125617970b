"""Lists of plain columns that take more lines than they need."""

from __future__ import annotations

import pytest

from pydb.lint.column_lists import WIDTH, long_lists
from pydb.sqlfile.lexer import tokenize

NAMES = ", ".join(f"column_{number:02}" for number in range(9))


def found(sql: str) -> list[tuple[int, str]]:
    return list(long_lists(list(tokenize(sql, "postgresql"))))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a, b, c FROM t;",
        "SELECT\n    a, b, c\nFROM t;",
        "SELECT\n    a\nFROM t;",
        "SELECT\n    a,\n    count(*) AS n,\n    b\nFROM t;",
        "SELECT\n    a, -- the first\n    b\nFROM t;",
        "SELECT\n    a,\n    b, -- if :with_b\n    c\nFROM t;",
        "SELECT\n    a,\n    -- what follows\n    b\nFROM t;",
        "SELECT\n    a,\n    b AS c\nFROM t;",
        "UPDATE t\nSET a = 1,\n    b = 2;",
        "SELECT a\nFROM t\nORDER BY\n    a,\n    b;",
        "INSERT INTO t (a, b) VALUES (:a, :b) RETURNING a, b;",
        f"SELECT\n    {NAMES},\n    another\nFROM t;",
        "SELECT 1;",
    ],
)
def test_lists_on_few_lines(sql: str) -> None:
    """A list that needs all of its lines, an expression, and a column with a comment are accepted."""
    assert found(sql) == []


@pytest.mark.parametrize(
    ("sql", "first", "message"),
    [
        ("SELECT\n    a,\n    b\nFROM t;", "a", "these columns take 2 lines but fit on 1"),
        ('SELECT DISTINCT\n    t.a,\n    t.b,\n    "c"\nFROM t;', "t.a", "these columns take 3 lines but fit on 1"),
        ("SELECT count(*) AS n,\n    x,\n    y\nFROM t;", "x", "these columns take 2 lines but fit on 1"),
        ("DELETE FROM t WHERE a = :a\nRETURNING\n    x,\n    y;", "x", "these columns take 2 lines but fit on 1"),
        ("INSERT INTO t (\n    x,\n    y\n) VALUES (1, 2);", "x", "these columns take 2 lines but fit on 1"),
        ("SELECT 1 FROM (SELECT\n    x,\n    y FROM t) AS s;", "x", "these columns take 2 lines but fit on 1"),
        (f"SELECT\n    {NAMES.replace(' ', chr(10))}\nFROM t;", "column_00", "these columns take 9 lines but fit on 2"),
    ],
)
def test_lists_on_too_many_lines(sql: str, first: str, message: str) -> None:
    """A list is reported at its first column, with the number of lines that it needs."""
    assert found(sql) == [(sql.index(first), message)]


@pytest.mark.parametrize("width", [WIDTH, WIDTH + 1])
def test_a_line_has_at_most_so_many_characters(width: int) -> None:
    """Two columns of exactly WIDTH characters fit on a line, and with one character more they do not."""
    column = "a" * (width - len("    , b"))
    sql = f"SELECT\n    {column},\n    b\nFROM t;"
    assert bool(found(sql)) == (width == WIDTH)
