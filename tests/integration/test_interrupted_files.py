"""Interrupted `pydb generate` and `pydb init`: either all of their files are written, or none."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.projects import Project, project_in

SCHEMA = "CREATE TABLE notes (id integer NOT NULL PRIMARY KEY, text text NOT NULL);\n"
OLD = {
    "schema.sql": SCHEMA,
    "app/__init__.py": "",
    "sql/notes.sql": "-- name: all_ids :many scalar\nSELECT id FROM notes ORDER BY id;\n",
    "sql/gone.sql": "-- name: texts :many scalar\nSELECT text FROM notes ORDER BY id;\n",
}
NEW = {
    "sql/notes.sql": "-- name: newest :one scalar\nSELECT max(id) FROM notes;\n",
    "sql/more.sql": "-- name: by_id :maybe Note\nSELECT id, text FROM notes WHERE id = :id;\n",
}
Rename = Callable[[int, Callable[[], None]], None]


@pytest.fixture
def at_rename(monkeypatch: pytest.MonkeyPatch) -> Rename:
    """Call ``act`` once instead of the rename with this number, or before it: ``at_rename(number, act)``."""
    replace = os.replace

    def set_up(number: int, act: Callable[[], None]) -> None:
        calls = 0

        def rename(source: Path, target: Path) -> None:
            nonlocal calls
            calls += 1
            if calls == number:
                act()
            replace(source, target)

        monkeypatch.setattr(os, "replace", rename)

    return set_up


def interrupt() -> None:
    """Raise what Ctrl-C raises in a program that handles no signals."""
    raise KeyboardInterrupt


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Project]:
    """A project with a generated package and changed SQL: one file is new, one is removed, and one is changed."""
    with project_in(tmp_path, monkeypatch, capsys) as made:
        made.write(OLD)
        made.generate()
        made.write(NEW)
        (tmp_path / "sql/gone.sql").unlink()
        yield made


@pytest.mark.parametrize("number", range(1, 6))
def test_an_interrupted_generate_leaves_the_old_package(project: Project, at_rename: Rename, number: int) -> None:
    """An interrupt at any rename leaves the old package, and the next run writes the new one."""
    before = project.files()
    at_rename(number, interrupt)
    done = project.pydb("generate")
    assert (done.code, done.out, done.err.lstrip()) == (130, "", "pydb: interrupted: no file was written\n")
    assert project.files() == before
    assert not [path for path in project.folder.rglob(".*") if path.is_file() and path.parent.name != ".pydb_cache"]
    at_rename(0, interrupt)
    project.generate()
    assert "app/db/more.py" in project.files()
    assert "app/db/gone.py" not in project.files()


def test_a_signal_between_two_renames_comes_after_the_last(project: Project, at_rename: Rename) -> None:
    """A real signal is delayed until the new package is complete, and the message says so."""
    at_rename(2, lambda: signal.raise_signal(signal.SIGTERM))
    done = project.pydb("generate")
    assert (done.code, done.err.lstrip()) == (143, "pydb: interrupted: the package is written\n")
    assert project.pydb("generate", "--check").code == 0


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    """An empty folder, which is the current one; temporary files are in another folder."""
    for folder in ("here", "temporary"):
        (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return Project(tmp_path / "here", capsys)


@pytest.mark.parametrize("number", [1, 8, 9, 14, 19])
def test_an_interrupted_init_leaves_nothing(here: Project, at_rename: Rename, number: int) -> None:
    """An interrupt leaves no file and no folder that init has made, in a new folder and in one with files."""
    here.write({"other/README.md": "mine\n"})
    for folder in ("deep/down/notes", "other"):
        at_rename(number, interrupt)
        done = here.pydb("init", folder)
        assert (done.code, done.err.lstrip()) == (130, "pydb: interrupted: no file was written\n")
    left = {path.name for path in here.folder.parent.rglob("*")}
    assert left == {"here", "temporary", "other", "README.md"}


def test_a_signal_in_the_middle_of_init_comes_at_its_end(here: Project, at_rename: Rename) -> None:
    """The project is complete, and the message says that it is written."""
    at_rename(13, lambda: signal.raise_signal(signal.SIGHUP))
    done = here.pydb("init", "notes")
    assert (done.code, done.err.lstrip()) == (129, "pydb: interrupted: the project is written\n")
    assert len([path for path in (here.folder / "notes").rglob("*") if path.is_file()]) == 14
