"""Write numbers of things: a number and a noun in, ``1 file`` or ``2 files`` out."""

from __future__ import annotations

__all__ = ["number_of"]


def number_of(number: int, noun: str, plural: str = "") -> str:
    """``1 file``, ``1,000 files``; ``plural`` is for a noun whose plural is not made with an s."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
