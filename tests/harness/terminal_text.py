"""The expected display of text: any text in, the text with visible escapes out."""

from __future__ import annotations

import unicodedata

__all__ = ["ACTING", "shown"]

ACTING = "\x00\x07\x0b\x0c\x1b\x7f\x85\x9b\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\ud800\udfff"
"""Characters of each kind."""


def shown(text: str) -> str:
    """The text with an escape for each character on which a terminal would act, as Unicode classifies characters."""

    def acts(character: str) -> bool:
        turns = unicodedata.bidirectional(character) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        unseen = unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs") or character in "\u061c\u200e\u200f\ufeff"
        return (turns or unseen) and character not in "\t\n"

    return "".join(repr(character)[1:-1] if acts(character) else character for character in text)
