"""Sets of files: all of them are written and removed, or none, whatever happens in between."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from pydb.support.file_sets import write_files
from tests.harness.command_processes import interrupted_everywhere

OLD = {"kept.py": "kept", "a.py": "old a", "sub/gone.py": "old gone"}
NEW = {"kept.py": "kept", "a.py": "new a", "new/deep/c.py": "new c"}


def files(top: Path) -> dict[str, str]:
    """The content of a folder: the texts of its files, and empty folders, which have none."""
    entries = {path.relative_to(top).as_posix(): path for path in top.rglob("*")}
    return {name: path.read_text() if path.is_file() else "" for name, path in entries.items() if name != "sub"}


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A folder with the old files."""
    (tmp_path / "sub").mkdir()
    for name, text in OLD.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def change(top: Path, **options: Any) -> None:
    """Replace the old files by new ones."""
    write_files({top / name: NEW[name] for name in ("a.py", "new/deep/c.py")}, [top / "sub/gone.py"], **options)


def changed(top: Path) -> bool:
    """Whether the folder has the new files; otherwise it must have the old ones."""
    found = {name: text for name, text in files(top).items() if text}
    assert found in (OLD, NEW)
    assert (top / "new").exists() == (found == NEW)
    return found == NEW


def test_all_is_done(top: Path) -> None:
    """Texts are written, with their folders, and the other files are removed."""
    change(top)
    assert changed(top)


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_a_rename_that_fails_undoes_the_others(
    top: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    """Whichever rename fails or is interrupted, before or after it is done, all files are unchanged."""
    replace = os.replace

    def failing(number: int, done: bool) -> Callable[[Path, Path], None]:
        calls = 0

        def rename(source: Path, target: Path) -> None:
            nonlocal calls
            calls += 1
            if calls != number or done:
                replace(source, target)
            if calls == number:
                raise error

        return rename

    for number in range(1, 4):
        for done in (False, True):
            monkeypatch.setattr(os, "replace", failing(number, done))
            with pytest.raises(error):
                change(top)
            assert not changed(top)


def test_an_interrupt_anywhere_leaves_the_old_files_or_the_new_ones(top: Path) -> None:
    """Whatever is interrupted, there are either the old or the new files, and no other file is left."""
    states = []
    for _ in interrupted_everywhere(lambda: change(top), within=["file_sets.py", "interrupts.py"]):
        states.append(changed(top))
        write_files({top / name: text for name, text in OLD.items()}, [*(top / "new").rglob("*.py")])
        for folder in (top / "new/deep", top / "new"):
            if folder.exists():
                folder.rmdir()
    assert changed(top)
    assert states == sorted(states)
    assert set(states) == {False, True}


def test_an_interrupt_after_an_error_leaves_nothing_behind(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of a set that could not be written are removed, also if a signal comes in the meantime."""
    real = shutil.copy2

    def fail(source: Path, target: Path, **options: Any) -> None:
        real(source, target, **options)
        raise PermissionError

    monkeypatch.setattr(shutil, "copy2", fail)

    def work() -> None:
        with suppress(PermissionError):
            change(top)

    for _ in interrupted_everywhere(work, within=["file_sets.py"]):
        assert not changed(top)
    assert not changed(top)


def test_modes_are_kept(top: Path) -> None:
    """A replaced file keeps its mode, also after an undone change; a new file has the usual mode."""
    (top / "a.py").chmod(0o751)
    change(top)
    (top / "plain.py").touch()
    assert (top / "a.py").stat().st_mode & 0o777 == 0o751
    assert (top / "new/deep/c.py").stat().st_mode == (top / "plain.py").stat().st_mode


def test_what_is_written_is_told_before_a_signal_is_raised(top: Path) -> None:
    """The callback is called when the files exist, and when no temporary file is left."""
    told: list[bool] = []
    change(top, written=lambda: told.append(changed(top)))
    assert told == [True]
