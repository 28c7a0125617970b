"""The variants of two versions that are compared."""

from __future__ import annotations

from pathlib import Path

from pydb.review.same_variants import same_variants
from pydb.sqlfile.variants import chosen, count, label
from tests.harness.reviews import definitions

NAMES = [f"p{number}" for number in range(8)]


def page(names: list[str]) -> str:
    """A statement with an optional line for each name."""
    lines = "\n".join(f"    AND {name} = :{name} -- if :{name}" for name in names)
    return f"-- name: page :many\nSELECT a FROM t\nWHERE\n    TRUE\n{lines}\n;\n"


def test_a_new_line_hides_no_variant(tmp_path: Path) -> None:
    """If not all variants are chosen, those of the old version are also compared in the new one."""
    (old,) = definitions(tmp_path / "old", page(NAMES[:6]))
    (new,) = definitions(tmp_path / "new", page(NAMES))
    assert count(new) > len(chosen(new))
    before, after = same_variants(old, new)
    old_labels, new_labels = {label(old, key) for key in before}, {label(new, key) for key in after}
    assert old_labels == {label(old, key) for key in chosen(old)}
    assert new_labels == old_labels | {label(new, key) for key in chosen(new)}
    assert len(old_labels) == len(before) == 64


def test_one_version_alone(tmp_path: Path) -> None:
    """An added statement has its own variants; a statement without optional lines has the variant without names."""
    (new,) = definitions(tmp_path / "new", page(NAMES[:2]))
    assert same_variants(None, new) == ((), chosen(new))
    (plain,) = definitions(tmp_path / "plain", "-- name: x :many\nSELECT 1 AS a;\n")
    before, after = same_variants(plain, new)
    assert (before, set(after)) == (((),), set(chosen(new)))
