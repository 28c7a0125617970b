"""A text in; whether Python takes it as a name, out."""

from __future__ import annotations

import keyword
import unicodedata

__all__ = ["is_python_name"]


def is_python_name(name: str) -> bool:
    """Whether Python takes the text as a name, and as this very name: it normalises identifiers to NFKC (PEP 3131)."""
    return name.isidentifier() and not keyword.iskeyword(name) and unicodedata.normalize("NFKC", name) == name
