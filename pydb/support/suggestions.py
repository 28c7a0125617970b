"""A word that nobody knows in; the near word that was probably meant, as a hint, out."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LONGEST = 100
"""Characters of a name for which a near one is looked for: the time for it grows with the square of the length."""


def nearest(word: str, known: Iterable[str], mark: str = "") -> str | None:
    """``did you mean :many?``, or None when nothing is near."""
    if len(word) > _LONGEST:
        return None
    close = difflib.get_close_matches(word, [name for name in known if len(name) <= _LONGEST], n=1)
    return f"did you mean {mark}{close[0]}?" if close else None
