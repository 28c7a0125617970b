"""Check and make Python names: a text in; whether it is a valid name, or the Python name of a parameter, out."""

from __future__ import annotations

import keyword
import unicodedata

__all__ = ["is_python_name", "parameter_name"]


def is_python_name(name: str) -> bool:
    """Whether the text is a Python name that Python does not change: it normalises identifiers to NFKC (PEP 3131)."""
    return name.isidentifier() and not keyword.iskeyword(name) and unicodedata.normalize("NFKC", name) == name


def parameter_name(name: str) -> str:
    """The Python name of an SQL parameter: ``from_`` for ``from``, as PEP 8 spells names that are keywords."""
    return f"{name}_" if keyword.iskeyword(name) else name
