"""Compute a digest of pydb's own code, for caches: its files in, a digest out."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

__all__ = ["code_digest"]

PACKAGE = Path(__file__).parent.parent
_WORKS_NOTHING_OUT = frozenset({"sample", "__pycache__"})
"""Folders of pydb that no command runs."""


@cache
def code_digest() -> bytes | None:
    """A digest of the modules of pydb, which changes with each of them; None if they are not in files."""
    digest = hashlib.sha256()
    try:
        for file in _modules(str(PACKAGE)):
            with open(file, "rb") as stream:
                data = stream.read()
            digest.update(b"%s %d\n" % (os.fsencode(os.path.relpath(file, PACKAGE)), len(data)))
            digest.update(data)
    except OSError:
        return None
    return digest.digest() if os.path.isfile(__file__) else None


def _modules(folder: str) -> list[str]:
    found: list[str] = []
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir():
                found += _modules(entry.path) if entry.name not in _WORKS_NOTHING_OUT else []
            elif entry.name.endswith(".py"):
                found.append(entry.path)
    return found
