"""The descriptions of each file's statements, by their digests."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.describe.described import DescribedColumn
from pydb.describe.kept_descriptions import Kept, KeptDescriptions
from pydb.describe.orphans import PREFIX

ONE: Kept = (b"interface", ((DescribedColumn("id", "integer", ("int",), nullable=False),), {}))
OTHER: Kept = (b"another interface", ((), {}))
NAME = "users.by_id"


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A folder with the descriptions of two files."""
    kept = KeptDescriptions(str(tmp_path / "cache"), "test", b"key")
    kept.add(NAME, b"1", ONE)
    kept.add("users.find", b"2", OTHER)
    kept.add("posts.find", b"3", OTHER)
    assert kept.save()
    return str(tmp_path / "cache")


def test_what_was_added(folder: str) -> None:
    """A description is returned for its digest, from the file of its statement and under the same key."""
    kept = KeptDescriptions(folder, "test", b"key")
    assert kept.get(NAME, b"1") == ONE
    assert kept.get("users.other", b"2") == OTHER
    assert kept.get("posts.find", b"1") is None
    assert KeptDescriptions(folder, "test", b"another key").get(NAME, b"1") is None


def test_a_changed_statement(folder: str) -> None:
    """The other descriptions in its file stay, and the old description is dropped."""
    kept = KeptDescriptions(folder, "test", b"key")
    assert kept.get(NAME, b"1") == ONE
    kept.add("users.find", b"4", ONE)
    assert kept.save()
    kept = KeptDescriptions(folder, "test", b"key")
    assert [kept.get(NAME, digest) for digest in (b"1", b"2", b"4")] == [ONE, None, ONE]
    assert kept.get("posts.find", b"3") == OTHER


def test_nothing_changed(folder: str) -> None:
    """Nothing is written if every description was requested, and none was added."""
    file = Path(folder, "test")
    before = file.stat().st_mtime_ns
    kept = KeptDescriptions(folder, "test", b"key")
    for name, digest in ((NAME, b"1"), ("users.find", b"2"), ("posts.find", b"3")):
        assert kept.get(name, digest) is not None
    assert kept.save()
    assert file.stat().st_mtime_ns == before


@pytest.mark.parametrize("part", [object(), f"{PREFIX}20261127"])
def test_what_cannot_be_stored(folder: str, part: object) -> None:
    """It is left out, and the others in its file are stored; saving reports that each time."""
    for _ in range(2):
        kept = KeptDescriptions(folder, "test", b"key")
        assert kept.get(NAME, b"1") == ONE
        assert kept.get("users.find", b"2") == OTHER
        assert kept.get("users.odd", b"5") is None
        kept.add("users.odd", b"5", (b"", (part,)))
        assert not kept.save()
    assert KeptDescriptions(folder, "test", b"key").get(NAME, b"1") == ONE
