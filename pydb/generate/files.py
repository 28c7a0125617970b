"""The files that a package should have, and its folder: in; what is stale there, or the files written: out.

Only files that begin with the mark are replaced or removed; the others belong to whoever wrote them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydb.errors import PydbError
from pydb.file_sets import write_files
from pydb.generate.render import MARK

__all__ = ["Changes", "changes", "write"]


@dataclass(frozen=True, slots=True)
class Changes:
    """What has to happen in ``folder``: texts to write, by path inside it, and files whose .sql is gone."""

    folder: Path
    texts: Mapping[PurePosixPath, str]
    gone: tuple[PurePosixPath, ...]

    def __bool__(self) -> bool:
        return bool(self.texts or self.gone)


def changes(folder: Path, files: Mapping[PurePosixPath, str]) -> Changes:
    """Compare the folder with what it should hold.

    An ``__init__.py`` that a person wrote stays as it is; raises PydbError for any other file in the way.
    """
    texts: dict[PurePosixPath, str] = {}
    for path, text in files.items():
        found = _text(folder / path)
        if found == text or (path.name == "__init__.py" and found is not None and not found.startswith(MARK)):
            continue
        if found is not None and not found.startswith(MARK):
            raise PydbError(
                "the file was not written by pydb generate, so it is not overwritten",
                file=os.path.relpath(folder / path),
                hint="rename it, or the .sql file that would be generated there",
            )
        texts[path] = text
    return Changes(folder, texts, tuple(path for path in _generated(folder) if path not in files))


def write(plan: Changes, *, written: Callable[[], None] = lambda: None) -> None:
    """Make the changes, all of them or none; ``written`` is called when they are made: see ``write_files``."""

    def made() -> None:
        # The deepest first: a folder may hold nothing but another one.
        for folder in sorted({path.parent for path in plan.gone}, key=lambda path: -len(path.parts)):
            _remove_if_empty(plan.folder / folder, plan.folder)
        written()

    texts = {plan.folder / path: text for path, text in plan.texts.items()}
    write_files(texts, [plan.folder / path for path in plan.gone], written=made)


def _text(file: Path) -> str | None:
    """The text of a file, its line ends read as one character; None where there is none."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (UnicodeDecodeError, IsADirectoryError):
        return ""


def _generated(folder: Path) -> list[PurePosixPath]:
    files = sorted(folder.rglob("*.py"))
    return [PurePosixPath(file.relative_to(folder)) for file in files if (_text(file) or "").startswith(MARK)]


def _remove_if_empty(folder: Path, top: Path) -> None:
    left = [entry for entry in folder.iterdir() if entry.name != "__pycache__"]
    if folder == top or left:
        return
    for entry in folder.glob("__pycache__/*"):
        entry.unlink()
    for cache in folder.glob("__pycache__"):
        cache.rmdir()
    folder.rmdir()
