"""Write foreign text into a generated file: any text in, text that is safe in Python and on a terminal out."""

from __future__ import annotations

import re

__all__ = ["literal", "visible"]

# Control characters, marks that change the direction of text, line separators, lone surrogates and byte order
# marks.  They are listed here because str.isprintable() differs between versions of Python, and the same SQL must
# produce the same file.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def visible(text: str) -> str:
    """The text with escapes such as ``\\x1b`` and ``\\u202e`` for invisible and control characters."""
    return _UNSEEN.sub(lambda found: repr(found.group())[1:-1], text)


def literal(text: str) -> str:
    """The text as a Python string literal, with the quotes that ``ruff format`` would choose."""
    quoted = repr(text)
    return quoted if '"' in text else f'"{quoted[1:-1]}"'
