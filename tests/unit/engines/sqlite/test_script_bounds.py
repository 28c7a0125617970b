"""The bounds of a script on SQLite, by its text and by SQLite's authorizer."""

from __future__ import annotations

import sqlite3

import pytest

from pydb.engines.script_bounds import OutOfBounds
from pydb.engines.sqlite.script_bounds import SqliteBounds, authorize


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("ATTACH 'other.db' AS other", "ATTACH in a script: it reaches another database file"),
        ("ATTACH 'other.db' AS other /* never closed", "ATTACH in a script: it reaches another database file"),
        ("VACUUM INTO 'copy.db'", "VACUUM INTO in a script: it writes another file"),
        ("SELECT load_extension('x')", "LOAD_EXTENSION loads code from a file"),
        ("SELECT \"Load_Extension\"('x')", '"Load_Extension" loads code from a file'),
        ("PRAGMA temp_store_directory = '/'", "PRAGMA temp_store_directory in a script"),
        ("PRAGMA main.hard_heap_limit(1)", "PRAGMA hard_heap_limit in a script"),
        (".read other.sql", ".read is a command of sqlite3, not SQL"),
        ("COMMIT", "COMMIT in a script"),
    ],
)
def test_texts_that_are_refused(sql: str, message: str) -> None:
    """A script that reaches another file, code or the process is refused by name."""
    with pytest.raises(OutOfBounds) as caught:
        SqliteBounds().check(sql)
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize(
    "sql",
    [
        "VACUUM",
        "PRAGMA user_version = 3",
        "SELECT 'ATTACH'",
        "CREATE TABLE attach_log (load_extension text)",
        "PRAGMA hard_heap_limit",
    ],
)
def test_texts_that_pass(sql: str) -> None:
    """A script that stays in its database is accepted, whatever its names are."""
    SqliteBounds().check(sql)
    SqliteBounds().verify(sql)


def test_the_authorizer() -> None:
    """SQLite's authorizer refuses the same while a script runs."""
    connection = sqlite3.connect(":memory:")
    connection.set_authorizer(authorize)
    for sql in ("ATTACH 'x.db' AS x", "SELECT load_extension('x')", "PRAGMA temp_store_directory = '/'"):
        with pytest.raises(sqlite3.DatabaseError):
            connection.execute(sql)
    connection.execute("CREATE TABLE t (id integer)")
    connection.execute("PRAGMA user_version = 3")
    connection.close()
