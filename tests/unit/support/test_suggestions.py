"""Similar words: the most similar first, as they are spelled, and none for a very long word."""

from __future__ import annotations

from pydb.support.suggestions import near_words, nearest


def test_near_words() -> None:
    """As many words as requested are returned, the most similar first; case counts by default."""
    known = ["UUID", "users", "user", "used"]
    assert near_words("usr", known, 2) == ["user", "users"]
    assert near_words("uuid", known) == []
    assert near_words("uuid", known, any_case=True) == ["UUID"]
    assert near_words("u" * 101, ["u" * 101]) == []


def test_nearest() -> None:
    """The hint has one word with its mark; without a similar word there is no hint."""
    assert nearest("mny", ["many", "one"], ":") == "did you mean :many?"
    assert nearest("zzz", ["many", "one"]) is None
