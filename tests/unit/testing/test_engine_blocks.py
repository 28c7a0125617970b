"""Texts that would end a test's transaction."""

from __future__ import annotations

import pytest

from pydb.testing.engine_blocks import blocks_of


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mariadb"])
@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("COMMIT", "COMMIT"),
        ("-- done\nend;", "END"),
        ("START TRANSACTION", "START TRANSACTION"),
        ("SELECT 1; ROLLBACK", "ROLLBACK"),
        ("ROLLBACK TO SAVEPOINT one", None),
        ("SAVEPOINT one", None),
        ("SELECT 'COMMIT'", None),
        ("/* COMMIT */ SELECT 1", None),
        ("SELECT 'never closed", None),
    ],
)
def test_the_word_that_ends_it(engine: str, sql: str, word: str | None) -> None:
    """The word is found in code, in any statement of the text."""
    assert blocks_of(engine).ending_word(sql) == word
