"""Versions of a project for reviews: the text of files in; their definitions, or a commit of git, out."""

from __future__ import annotations

import subprocess
from pathlib import Path

from pydb.sqlfile.definition import Definition
from pydb.sqlfile.loader import read

__all__ = ["commit", "definitions"]


def definitions(folder: Path, text: str, **overlays: str) -> tuple[Definition, ...]:
    """The statements of ``t.sql`` in a new folder, and of its overlays."""
    for name, content in {"t.sql": text, **{f"{engine}/t.sql": item for engine, item in overlays.items()}}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return read(str(folder), None)


def commit(folder: Path) -> None:
    """Commit all files of the folder, in a repository that is created if it does not exist."""
    who = ["-c", "user.name=A Tester", "-c", "user.email=tester@example.com"]
    if not (folder / ".git").exists():
        _git(folder, "init", "--quiet")
    _git(folder, "add", "--all")
    _git(folder, *who, "commit", "--quiet", "--message", "a version")


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
