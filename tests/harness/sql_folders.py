"""Folders of .sql files for tests: texts by path in, a folder out."""

from __future__ import annotations

from pathlib import Path


def write(top: Path, files: dict[str, str]) -> Path:
    """A folder of files, as text by relative path."""
    for name, content in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    return top
