"""The descriptions of each file's statements, by their digests."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.describe.cached_descriptions import CachedDescription, CachedDescriptions
from pydb.describe.described import DescribedColumn
from pydb.describe.orphans import PREFIX

ONE: CachedDescription = (b"interface", ((DescribedColumn("id", "integer", ("int",), nullable=False),), {}))
OTHER: CachedDescription = (b"another interface", ((), {}))
NAME = "users.by_id"


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A folder with the descriptions of two files."""
    cached = CachedDescriptions(str(tmp_path / "cache"), "test", b"key")
    cached.add(NAME, b"1", ONE)
    cached.add("users.find", b"2", OTHER)
    cached.add("posts.find", b"3", OTHER)
    assert cached.save()
    return str(tmp_path / "cache")


def test_what_was_added(folder: str) -> None:
    """A description is returned for its digest, from the file of its statement and under the same key."""
    cached = CachedDescriptions(folder, "test", b"key")
    assert cached.get(NAME, b"1") == ONE
    assert cached.get("users.other", b"2") == OTHER
    assert cached.get("posts.find", b"1") is None
    assert CachedDescriptions(folder, "test", b"another key").get(NAME, b"1") is None


def test_a_changed_statement(folder: str) -> None:
    """The other descriptions in its file stay, and the old description is dropped."""
    cached = CachedDescriptions(folder, "test", b"key")
    assert cached.get(NAME, b"1") == ONE
    cached.add("users.find", b"4", ONE)
    assert cached.save()
    cached = CachedDescriptions(folder, "test", b"key")
    assert [cached.get(NAME, digest) for digest in (b"1", b"2", b"4")] == [ONE, None, ONE]
    assert cached.get("posts.find", b"3") == OTHER


def test_nothing_changed(folder: str) -> None:
    """Nothing is written if every description was requested, and none was added."""
    file = Path(folder, "test")
    before = file.stat().st_mtime_ns
    cached = CachedDescriptions(folder, "test", b"key")
    for name, digest in ((NAME, b"1"), ("users.find", b"2"), ("posts.find", b"3")):
        assert cached.get(name, digest) is not None
    assert cached.save()
    assert file.stat().st_mtime_ns == before


@pytest.mark.parametrize("part", [object(), f"{PREFIX}20261127"])
def test_what_cannot_be_stored(folder: str, part: object) -> None:
    """It is left out, and the others in its file are stored; saving reports that each time."""
    for _ in range(2):
        cached = CachedDescriptions(folder, "test", b"key")
        assert cached.get(NAME, b"1") == ONE
        assert cached.get("users.find", b"2") == OTHER
        assert cached.get("users.odd", b"5") is None
        cached.add("users.odd", b"5", (b"", (part,)))
        assert not cached.save()
    assert CachedDescriptions(folder, "test", b"key").get(NAME, b"1") == ONE
