"""The word that was probably meant."""

from __future__ import annotations

import pytest

from pydb.support.suggestions import nearest


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("mayb", ["one", "maybe", "many"], "did you mean :maybe?"),
        ("ids", ["id", "name"], "did you mean :id?"),
        ("xyz", ["one", "maybe"], None),
        ("one", [], None),
    ],
)
def test_near_words(word: str, known: list[str], hint: str | None) -> None:
    """The nearest known word is suggested with its mark, or none where none is near."""
    assert nearest(word, known, ":") == hint


def test_long_words_are_not_compared() -> None:
    """A word of more than a hundred characters has no near one: comparing takes time by the square of the length."""
    assert nearest("a" * 100, ["a" * 100]) == f"did you mean {'a' * 100}?"
    assert nearest("a" * 101, ["a" * 101]) is None
    assert nearest("a" * 100, ["a" * 101]) is None
