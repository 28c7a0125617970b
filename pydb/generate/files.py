"""Compare and write a package's files: the files that it should have in; what is stale, or the written files, out.

Only files that pydb wrote for the package are replaced or removed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydb.errors import PydbError
from pydb.generate.ownership import MARK, Owner, first_line
from pydb.support.file_sets import write_files

__all__ = ["Changes", "changes", "write"]


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes to make in ``folder``: texts to write, by path inside it, and files whose .sql no longer exists."""

    folder: Path
    texts: Mapping[PurePosixPath, str]
    gone: tuple[PurePosixPath, ...]

    def __bool__(self) -> bool:
        return bool(self.texts or self.gone)


def changes(folder: Path, files: Mapping[PurePosixPath, str], owner: Owner, *, whole: bool = True) -> Changes:
    """Compare the folder with the files that it should contain; without ``whole``, no file counts as gone.

    An ``__init__.py`` that a person wrote is kept.  Raises PydbError for any other file of which the path is needed.
    """
    texts: dict[PurePosixPath, str] = {}
    for path, text in files.items():
        found = _text(folder / path)
        if found == text or (path.name == "__init__.py" and found is not None and not found.startswith(MARK)):
            continue
        _check_way(folder, path, owner, found is not None)
        texts[path] = text
    gone = [path for path in owner.files(folder) if path not in files] if whole else []
    return Changes(folder, texts, tuple(gone))


def _check_way(folder: Path, path: PurePosixPath, owner: Owner, is_there: bool) -> None:
    """Raise PydbError for a file that does not belong to the package, and for a link to another folder."""
    file = folder / path
    for parent in list(path.parents)[:-1]:
        if (folder / parent).is_symlink():
            hint = "remove the link, or rename the folder of .sql files"
            raise PydbError("the folder is a link to another place", file=os.path.relpath(folder / parent), hint=hint)
    if is_there and not owner.replaces(file, path):
        other = first_line(file).startswith(MARK)
        what = "was not written by pydb generate" if not other else "was generated for another package or SQL"
        raise PydbError(
            f"the file {what}, so it is not overwritten",
            file=os.path.relpath(file),
            hint="rename it, or the .sql file that would be generated there",
        )


def write(plan: Changes, *, written: Callable[[], None] = lambda: None) -> None:
    """Make all changes or none; ``written`` is called after they are made: see ``write_files``."""

    def made() -> None:
        # The deepest folders first: a folder may contain only an empty one.
        for folder in sorted({path.parent for path in plan.gone}, key=lambda path: -len(path.parts)):
            _remove_if_empty(plan.folder / folder, plan.folder)
        written()

    texts = {plan.folder / path: text for path, text in plan.texts.items()}
    write_files(texts, [plan.folder / path for path in plan.gone], written=made)


def _text(file: Path) -> str | None:
    """The text of a file, with ``\\n`` line ends; None if the file does not exist, empty if it is not text."""
    if not file.is_file():
        return "" if os.path.lexists(file) else None
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def _remove_if_empty(folder: Path, top: Path) -> None:
    left = [entry for entry in folder.iterdir() if entry.name != "__pycache__"]
    compiled = list(folder.glob("__pycache__/*"))
    if folder == top or left or any(entry.suffix != ".pyc" for entry in compiled):
        return
    for entry in compiled:
        entry.unlink()
    for cache in folder.glob("__pycache__"):
        cache.rmdir()
    folder.rmdir()
