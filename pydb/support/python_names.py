"""A text in; whether Python takes it as a name, and the name that a parameter has there, out."""

from __future__ import annotations

import keyword
import unicodedata

__all__ = ["is_python_name", "parameter_name"]


def is_python_name(name: str) -> bool:
    """Whether Python takes the text as a name, and as this very name: it normalises identifiers to NFKC (PEP 3131)."""
    return name.isidentifier() and not keyword.iskeyword(name) and unicodedata.normalize("NFKC", name) == name


def parameter_name(name: str) -> str:
    """The name in Python of a parameter of SQL: ``from_`` for ``from``, as PEP 8 spells what a keyword has taken."""
    return f"{name}_" if keyword.iskeyword(name) else name
