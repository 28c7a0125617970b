"""Suggest similar words: an unknown word in; similar known words, or a hint with the most similar one, out."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["near_words", "nearest"]

_LONGEST = 100
"""The maximum length of a name for which similar names are searched: the time grows with its square."""


def near_words(word: str, known: Iterable[str], count: int = 1, *, any_case: bool = False) -> list[str]:
    """Up to ``count`` of the known words, the most similar first; with ``any_case``, case does not matter."""
    if len(word) > _LONGEST:
        return []
    words = {name.lower() if any_case else name: name for name in known if len(name) <= _LONGEST}
    return [words[near] for near in difflib.get_close_matches(word.lower() if any_case else word, words, count)]


def nearest(word: str, known: Iterable[str], mark: str = "", *, any_case: bool = False) -> str | None:
    """The hint ``did you mean :many?``, or None if no known word is similar."""
    near = near_words(word, known, any_case=any_case)
    return f"did you mean {mark}{near[0]}?" if near else None
