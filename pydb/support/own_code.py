"""Compute a digest of pydb's own code, for caches: its files in, a digest out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

__all__ = ["PACKAGE", "code_digest", "files_digest"]

PACKAGE = Path(__file__).parent.parent
_WORKS_NOTHING_OUT = frozenset({"sample", "__pycache__"})
"""Folders of pydb whose code no command runs."""


@cache
def code_digest() -> bytes | None:
    """A digest of all modules of pydb; None if they are not in files."""
    try:
        files = _modules(str(PACKAGE))
    except OSError:
        return None
    return files_digest(PACKAGE, files)


def files_digest(folder: Path, files: Sequence[str | Path]) -> bytes | None:
    """A digest of the names and the contents of these files in ``folder``; None if no file can be read."""
    digest = hashlib.sha256()
    try:
        for file in files:
            with open(file, "rb") as stream:
                data = stream.read()
            digest.update(b"%s %d\n" % (os.fsencode(os.path.relpath(file, folder)), len(data)))
            digest.update(data)
    except OSError:
        return None
    return digest.digest() if files else None


def _modules(folder: str) -> list[str]:
    found: list[str] = []
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir():
                found += _modules(entry.path) if entry.name not in _WORKS_NOTHING_OUT else []
            elif entry.name.endswith(".py"):
                found.append(entry.path)
    return found
