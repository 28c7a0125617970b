"""Results by the digests of what they depend on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pydb.support.cached_results import CachedResults


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A folder with two cached results."""
    cached = CachedResults(str(tmp_path / "cache"), "numbers")
    cached.add(b"one", b"1")
    cached.add(b"two", b"2")
    cached.save()
    return str(tmp_path / "cache")


def test_what_is_added_is_kept(folder: str) -> None:
    """The next object has the results, and no others; Git ignores the folder."""
    cached = CachedResults(folder, "numbers")
    assert [cached.get(name) for name in (b"one", b"two", b"three")] == [b"1", b"2", None]
    assert CachedResults(folder, "others").get(b"one") is None
    assert sorted(os.listdir(folder)) == [".gitignore", "numbers"]
    assert Path(folder, ".gitignore").read_text() == "*\n"


def test_nothing_is_written_where_nothing_was_added(folder: str) -> None:
    """A result that was only read leaves the file unchanged."""
    before = Path(folder, "numbers").stat().st_ino
    cached = CachedResults(folder, "numbers")
    cached.get(b"one")
    cached.save()
    assert Path(folder, "numbers").stat().st_ino == before


def test_what_nobody_asks_for_is_dropped(folder: str) -> None:
    """A result is kept until the file was written three times, and longer if it is requested."""
    for number in range(4):
        cached = CachedResults(folder, "numbers")
        cached.get(b"one")
        cached.add(b"%d" % number, b"")
        cached.save()
    cached = CachedResults(folder, "numbers")
    assert (cached.get(b"one"), cached.get(b"two")) == (b"1", None)


def test_a_damaged_file_has_no_results(folder: str) -> None:
    """If the file is cut or any byte is changed, there are no results."""
    file = Path(folder, "numbers")
    whole = file.read_bytes()
    damaged = [whole[:end] for end in range(len(whole))]
    damaged += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(len(whole))]
    for data in (*damaged, whole + b"x"):
        file.write_bytes(data)
        assert CachedResults(folder, "numbers").get(b"one") is None
    file.write_bytes(whole)
    assert CachedResults(folder, "numbers").get(b"one") == b"1"
