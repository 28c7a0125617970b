"""The common parts of the engines' migrations."""

from __future__ import annotations

import pytest

from pydb.errors import MigrationError
from pydb.migrations.engine_migrations import Patience, migrations_of


def test_patience() -> None:
    """The wait is reported once, and ends after its time."""
    told = []
    patience = Patience(0.15, lambda: told.append(1))
    with pytest.raises(MigrationError, match=r"timed out after 0\.15 s waiting for another process"):
        while True:
            patience.pause()
    assert told == [1]


@pytest.mark.parametrize(
    ("statement", "rows", "session"),
    [
        ("/* x */ INSERT INTO t VALUES (1)", True, False),
        ("with x AS (SELECT 1) DELETE FROM t", True, False),
        ("CREATE TABLE t (id integer)", False, False),
        ("set @x = 1", False, True),
    ],
)
def test_kinds_of_statements(statement: str, rows: bool, session: bool) -> None:
    """Changes of rows can be rolled back with the journal, and settings are repeated."""
    own = migrations_of("mariadb")
    assert own.only_changes_rows(statement) is rows
    assert own.sets_session(statement) is session


def test_words() -> None:
    """The words are the words and names of the code, without quotes, comments and strings."""
    assert migrations_of("postgresql").words("DROP TABLE \"a b\", c -- d\n, 'e'") == ["DROP", "TABLE", "a b", "c"]
