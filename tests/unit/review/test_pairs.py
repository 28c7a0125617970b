"""The matching of statements of two versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydb.review.model import ChangeKind
from pydb.review.pairs import pairs
from tests.harness.reviews import definitions

OLD = """\
-- name: one :many
-- All of it.
SELECT a, b FROM t WHERE a = :a;

-- name: page :many
SELECT a FROM t
WHERE
    TRUE
    AND b = :b -- if :b
ORDER BY a;
"""


def kinds(tmp_path: Path, old: str, new: str, **overlays: str) -> dict[str, tuple[ChangeKind | None, str | None]]:
    """The kind of each statement, and its old name."""
    found = pairs(definitions(tmp_path / "old", old), definitions(tmp_path / "new", new, **overlays))
    return {pair.name: (pair.kind, pair.old.name if pair.old is not None else None) for pair in found}


def test_nothing_has_changed(tmp_path: Path) -> None:
    """The same text is the same statement, wherever it is in the file."""
    moved = "-- About t.\n\n\n" + OLD
    assert kinds(tmp_path, OLD, moved) == {"t.one": (None, "t.one"), "t.page": (None, "t.page")}


@pytest.mark.parametrize(
    ("old", "new", "name", "kind"),
    [
        ("SELECT a, b FROM", "SELECT\n    a,\n    b\nFROM", "t.one", ChangeKind.LAYOUT),
        ("SELECT a, b FROM", "select a, b from", "t.one", ChangeKind.LAYOUT),
        ("WHERE a = :a", "-- The key.\nWHERE a = :a", "t.one", ChangeKind.LAYOUT),
        ("-- All of it.", "-- Some of it.", "t.one", ChangeKind.LAYOUT),
        ("SELECT a FROM t\n", "SELECT a\nFROM t\n", "t.page", ChangeKind.LAYOUT),
        ("    AND b = :b -- if :b", "    AND b = :b -- the reason -- if :b", "t.page", ChangeKind.LAYOUT),
        ("a = :a", "a > :a", "t.one", ChangeKind.CHANGED),
        ("a = :a", "a = :other", "t.one", ChangeKind.CHANGED),
        ("-- All of it.", "-- @param a int", "t.one", ChangeKind.CHANGED),
        ("one :many", "one :maybe", "t.one", ChangeKind.CHANGED),
        (" -- if :b", "", "t.page", ChangeKind.CHANGED),
        ("    AND b = :b -- if :b", "    AND b = :b -- if :b given", "t.page", ChangeKind.CHANGED),
        ("'x'", "'X'", "t.text", ChangeKind.CHANGED),
    ],
)
def test_what_has_changed(tmp_path: Path, old: str, new: str, name: str, kind: ChangeKind) -> None:
    """Changes of layout, comments and documentation differ from changes that affect a call."""
    before = OLD + "\n-- name: text :many\nSELECT a FROM t WHERE a = 'x';\n"
    assert old in before
    found = kinds(tmp_path, before, before.replace(old, new))
    assert {key: value[0] for key, value in found.items() if value[0] is not None} == {name: kind}


def test_come_and_gone(tmp_path: Path) -> None:
    """A statement of only one version was added or removed; removed ones are last."""
    new = "-- name: other :many\nSELECT b FROM t;\n" + OLD[OLD.index("-- name: page") :]
    assert list(kinds(tmp_path, OLD, new).items()) == [
        ("t.other", (ChangeKind.ADDED, None)),
        ("t.page", (None, "t.page")),
        ("t.one", (ChangeKind.REMOVED, "t.one")),
    ]


def test_a_new_name(tmp_path: Path) -> None:
    """A statement that does the same under another name was renamed, whatever its layout."""
    new = OLD.replace("name: one", "name: all_of_it").replace("SELECT a, b FROM", "SELECT a, b\nFROM")
    assert kinds(tmp_path, OLD, new)["t.all_of_it"] == (ChangeKind.RENAMED, "t.one")


def test_two_that_are_alike(tmp_path: Path) -> None:
    """If several statements could be the renamed one, none counts as renamed."""
    new = OLD.replace(
        "-- name: one :many\n", "-- name: two :many\nSELECT a, b FROM t WHERE a = :a;\n\n-- name: three :many\n"
    )
    found = kinds(tmp_path, OLD, new)
    assert found["t.two"] == found["t.three"] == (ChangeKind.ADDED, None)
    assert found["t.one"] == (ChangeKind.REMOVED, "t.one")


def test_an_overlay(tmp_path: Path) -> None:
    """A new or different form of one engine changes the statement."""
    overlay = "-- name: one :many\nSELECT a, b FROM t WHERE a = :a AND TRUE;\n"
    assert kinds(tmp_path, OLD, OLD, postgresql=overlay)["t.one"] == (ChangeKind.CHANGED, "t.one")
