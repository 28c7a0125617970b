"""The SQL in a program."""

from __future__ import annotations

from pathlib import Path

from pydb.importers.program import import_program

PROGRAM = """
SQL = "SELECT a FROM t"

def one(conn):
    return conn.execute(text("SELECT a FROM t WHERE b = :b"), {})

def two(cursor, name):
    cursor.execute(SQL)
    cursor.execute("DELETE FROM t WHERE a = %s", (1,))
    cursor.execute(f"SELECT {name} FROM t")
    print("SELECT is a word")
"""


def test_literals_become_statements(tmp_path: Path) -> None:
    """Statements are named after the constant or the function; concatenated SQL is listed."""
    file = tmp_path / "app.py"
    file.write_text(PROGRAM)
    [made], notes = import_program(file)
    assert [(one.name, one.rows, one.sql) for one in made.statements] == [
        ("one", "many", "SELECT a FROM t WHERE b = :b;"),
        ("sql", "many", "SELECT a FROM t;"),
        ("two", "affected", "DELETE FROM t WHERE a = :a;"),
    ]
    assert [note.partition("app.py:")[2] for note in notes] == [
        "5: call app.one instead",
        "8: call app.sql instead",
        "9: call app.two instead",
        "10: its SQL is an f-string; not imported",
    ]


def test_a_file_that_is_no_python_is_told(tmp_path: Path) -> None:
    """A file that is not Python is reported, and the other files are read."""
    (tmp_path / "bad.py").write_text("def\n")
    (tmp_path / "good.py").write_text('cursor.execute("SELECT 1")\n')
    files, notes = import_program(tmp_path)
    assert len(files) == 1
    assert "bad.py: cannot be read: SyntaxError" in notes[0] + notes[1]


NAMES = """
SQL: str = "SELECT a FROM t"

class Store:
    ALL = "SELECT b FROM t"
    BUILT = "SELECT c FROM t"

    def __init__(self):
        self.BUILT = self.BUILT + " LIMIT 1"

    def all(self, cursor):
        cursor.execute(self.ALL)
        cursor.execute(Store.ALL)
        cursor.execute(self.BUILT)
        cursor.execute(SQL)
        cursor.execute(SQL.format(1))

def page(cursor, limit):
    sql = "SELECT d FROM t"
    if limit:
        sql += " LIMIT 10"
    cursor.execute(sql)

def passed(cursor, sql):
    cursor.execute(sql)
"""


def test_a_name_is_its_text_where_nothing_else_can_be(tmp_path: Path) -> None:
    """Text that is bound twice or appended to is not imported in part, but listed."""
    file = tmp_path / "app.py"
    file.write_text(NAMES)
    [made], notes = import_program(file)
    assert [(one.name, one.sql) for one in made.statements] == [
        ("all", "SELECT b FROM t;"),
        ("sql", "SELECT a FROM t;"),
    ]
    assert [note.partition("app.py:")[2] for note in notes] == [
        "12: call app.all instead",
        "13: call app.all instead",
        "14: its SQL is in BUILT, which is built at run time; not imported",
        "15: call app.sql instead",
        "16: its SQL is built by a call; not imported",
        "22: its SQL is in sql, which is built at run time; not imported",
    ]


def test_lists_and_scripts(tmp_path: Path) -> None:
    """A driver's tuple is a list in brackets, and a script is written as a comment."""
    file = tmp_path / "app.py"
    file.write_text(
        'cursor.execute("SELECT a FROM t WHERE b IN %s", (b,))\ncursor.execute("DELETE FROM t; DELETE FROM u")\n'
    )
    [made], _ = import_program(file)
    assert [(one.sql, one.reason) for one in made.statements] == [
        ("SELECT a FROM t WHERE b IN (:b);", ""),
        ("DELETE FROM t; DELETE FROM u;", "it is a script of several statements: run it with Database.apply"),
    ]


def test_where_the_text_of_a_call_may_be(tmp_path: Path) -> None:
    """A keyword argument, an assignment in the call, and both sides of a conditional are its SQL."""
    file = tmp_path / "app.py"
    file.write_text(
        'def a(c, x):\n    c.execute(sql="SELECT 1")\n    c.execute(s := "SELECT 2")\n'
        '    c.execute("SELECT 3" if x else "SELECT 4")\n    c.execute(text("SELECT 5").bindparams())\n'
        '    c.executescript("CREATE TABLE t (a); CREATE TABLE u (b)")\n'
    )
    [made], notes = import_program(file)
    assert [one.sql for one in made.statements if not one.reason] == [f"SELECT {number};" for number in (1, 2, 3, 4, 5)]
    assert [one.reason[:32] for one in made.statements if one.reason] == ["it is a script of several statem"]
    assert not any("not imported" in note for note in notes)
