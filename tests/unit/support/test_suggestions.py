"""Near words: the nearest first, as they are spelled, and nothing for a word of any length."""

from __future__ import annotations

from pydb.support.suggestions import near_words, nearest


def test_near_words() -> None:
    """As many as are asked for, the nearest first; capitals count unless they are said not to."""
    known = ["UUID", "users", "user", "used"]
    assert near_words("usr", known, 2) == ["user", "users"]
    assert near_words("uuid", known) == []
    assert near_words("uuid", known, any_case=True) == ["UUID"]
    assert near_words("u" * 101, ["u" * 101]) == []


def test_nearest() -> None:
    """The hint names one word with its mark; without a near one there is none."""
    assert nearest("mny", ["many", "one"], ":") == "did you mean :many?"
    assert nearest("zzz", ["many", "one"]) is None
