"""Cache files that no other user can change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pydb.support.trusted_files import read_sealed, read_trusted, write_sealed, write_trusted

NOBODY = 65534


def kept(folder: Path) -> bytes | None:
    return read_trusted(str(folder), "a")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one written file."""
    write_trusted(str(tmp_path / "cache"), "a", b"one")
    return tmp_path / "cache"


def test_what_is_written_is_read(folder: Path) -> None:
    """The last written text is read, and no other file is left."""
    assert kept(folder) == b"one"
    write_trusted(str(folder), "a", b"two")
    assert kept(folder) == b"two"
    assert os.listdir(folder) == ["a"]
    assert read_trusted(str(folder), "b") is None
    assert read_trusted(str(folder / "nowhere"), "a") is None


def test_a_sealed_file_is_whole_or_missing(tmp_path: Path) -> None:
    """A sealed file of another format, or with a changed, missing or added byte, is not read."""
    write_sealed(str(tmp_path), "a", b"mark 1", b"content")
    whole = (tmp_path / "a").read_bytes()
    content = read_sealed(str(tmp_path), "a", b"mark 1")
    assert content is not None
    assert bytes(content) == b"content"
    assert read_sealed(str(tmp_path), "a", b"mark 2") is None
    damaged = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(len(whole))]
    for data in (*damaged, *(whole[:end] for end in range(len(whole))), whole + b"x"):
        (tmp_path / "a").write_bytes(data)
        assert read_sealed(str(tmp_path), "a", b"mark 1") is None


@pytest.mark.parametrize("mode", [0o775, 0o757, 0o1777])
def test_a_folder_that_others_may_write_to(folder: Path, mode: int) -> None:
    """If other users could write to the folder, no file is read or written."""
    folder.chmod(mode)
    assert kept(folder) is None
    write_trusted(str(folder), "a", b"two")
    assert (folder / "a").read_bytes() == b"one"


def test_a_file_that_others_may_write_to(folder: Path) -> None:
    """The file is not read, but replaced."""
    (folder / "a").chmod(0o666)
    assert kept(folder) is None
    write_trusted(str(folder), "a", b"two")
    assert kept(folder) == b"two"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to somebody else")
@pytest.mark.parametrize("name", ["", "a"])
def test_what_somebody_else_owns(folder: Path, name: str) -> None:
    """A file, or a folder, of another user is not read."""
    os.chown(folder / name, NOBODY, NOBODY)
    assert kept(folder) is None


def test_what_stands_in_its_place(folder: Path) -> None:
    """A link, a pipe or a folder is neither followed nor waited for."""
    (folder / "a").rename(folder / "b")
    (folder / "a").symlink_to("b")
    assert kept(folder) is None
    (folder / "a").unlink()
    os.mkfifo(folder / "a")
    assert kept(folder) is None
    (folder / "a").unlink()
    (folder / "a").mkdir()
    assert kept(folder) is None
    write_trusted(str(folder), "a", b"two")
    assert sorted(os.listdir(folder)) == ["a", "b"]
