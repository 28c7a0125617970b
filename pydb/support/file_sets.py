"""Write and remove several files, either all of them or none: texts by path in, files out."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydb.support.interrupts import held_back

__all__ = ["write_files"]


@dataclass(frozen=True, slots=True)
class _Change:
    """A file to write with the ``text``, or to remove if that is None.

    ``new`` and ``old`` are files in the same folder: ``new`` has the new text until it is renamed; ``old`` is the old
    file until all changes are done.
    """

    target: Path
    text: str | None
    new: Path
    old: Path

    def prepare(self) -> None:
        if self.text is None:
            return
        self.new.write_text(self.text, encoding="utf-8", newline="\n")
        if self.target.exists():
            self.new.chmod(stat.S_IMODE(self.target.stat().st_mode))
        if os.path.lexists(self.target):
            shutil.copy2(self.target, self.old, follow_symlinks=False)

    def make(self) -> None:
        if self.text is None:
            os.replace(self.target, self.old)
        else:
            os.replace(self.new, self.target)

    def undo(self) -> None:
        if os.path.lexists(self.old):
            os.replace(self.old, self.target)
        elif self.text is not None:
            self.target.unlink(missing_ok=True)

    def clean(self) -> None:
        self.new.unlink(missing_ok=True)
        self.old.unlink(missing_ok=True)


def write_files(
    texts: Mapping[Path, str], gone: Iterable[Path] = (), *, written: Callable[[], None] = lambda: None
) -> None:
    """Write the texts, with the folders they need, and remove the files in ``gone``.

    Each text is first written to a file beside its place; then all are renamed in one step, during which signals wait.
    An error or an interrupt leaves every file unchanged.  A replaced file keeps its mode.  ``written`` is called when
    all changes are done, before a signal that arrived in the meantime is raised.
    """
    mark = secrets.token_hex(4)
    changes = [_change(target, text, mark) for target, text in texts.items()]
    changes += [_change(target, None, mark) for target in gone]
    folders: list[Path] = []

    def clean() -> None:
        for change in changes:
            change.clean()
        for folder in reversed(folders):
            with suppress(OSError):
                folder.rmdir()

    try:
        for change in changes:
            _make_folder(change.target.parent, folders)
            change.prepare()
        with held_back():
            _make_all(changes)
            folders.clear()
            clean()
            written()
    finally:
        try:
            clean()
        except KeyboardInterrupt:
            clean()
            raise


def _change(target: Path, text: str | None, mark: str) -> _Change:
    return _Change(target, text, *(target.with_name(f".{target.name}.{mark}.{role}") for role in ("new", "old")))


def _make_folder(folder: Path, made: list[Path]) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent, made)
        made.append(folder)  # first, for an interrupt right after mkdir()
        folder.mkdir(exist_ok=True)


def _make_all(changes: Sequence[_Change]) -> None:
    begun: list[_Change] = []
    try:
        for change in changes:
            begun.append(change)
            change.make()
    except BaseException:
        for change in reversed(begun):
            change.undo()
        raise
