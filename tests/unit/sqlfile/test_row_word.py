"""The results and parameters of each row word."""

from __future__ import annotations

import pytest

from pydb.sqlfile.row_word import RowWord


@pytest.mark.parametrize("word", RowWord)
def test_rows_or_no_rows(word: RowWord) -> None:
    """A row word promises rows or excludes them; a batch may do either."""
    assert word.returns_rows + word.returns_no_rows + word.takes_sets == 1


def test_what_they_return() -> None:
    """At most one row, and a stream, are properties of the expected row words."""
    assert {word for word in RowWord if word.at_most_one} == {RowWord.ONE, RowWord.MAYBE}
    assert {word for word in RowWord if word.streams} == {RowWord.STREAM}
    assert all(word.returns_rows for word in RowWord if word.at_most_one or word.streams)


def test_the_word_is_its_text() -> None:
    """A row word is the text of the header without the colon."""
    assert RowWord("maybe") is RowWord.MAYBE
    assert f":{RowWord.MAYBE}" == ":maybe"
