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
    """They are named after the constant or the function; what is put together is listed."""
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
        "10: its SQL is an f-string; it is not touched",
    ]


def test_a_file_that_is_no_python_is_told(tmp_path: Path) -> None:
    """The other files are read."""
    (tmp_path / "bad.py").write_text("def\n")
    (tmp_path / "good.py").write_text('cursor.execute("SELECT 1")\n')
    files, notes = import_program(tmp_path)
    assert len(files) == 1
    assert "bad.py: it cannot be read: SyntaxError" in notes[0] + notes[1]
