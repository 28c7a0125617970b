"""Boxes in layers, and lines that do not cross boxes."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from pydb.site.layered import Layout, Place, layered

NAMES = [f"t{number}" for number in range(12)]


def lay(*references: tuple[str, str], names: str = "") -> Layout:
    """Lay out boxes of one size with these references."""
    found = {name for pair in references for name in pair} | set(names.split())
    return layered(dict.fromkeys(found, (100.0, 30.0)), references)


def overlap(one: Place, other: Place) -> bool:
    """Whether two boxes overlap."""
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def test_what_is_referred_to_is_on_the_left() -> None:
    """A chain goes from left to right, beginning with the table that refers to none."""
    places = lay(("c", "b"), ("b", "a")).places
    assert places["a"].x < places["b"].x < places["c"].x


def test_a_straight_line() -> None:
    """A box and its only child have the same height in the drawing, and their line has two points."""
    found = lay(("b", "a"))
    assert found.places["a"].y == found.places["b"].y
    assert len(found.lines["b", "a"]) == 2


def test_a_circle() -> None:
    """Tables that refer to each other, or to themselves, are drawn like others."""
    found = lay(("a", "b"), ("b", "a"), ("a", "a"))
    assert set(found.lines) == {("a", "b"), ("b", "a")}
    assert len(found.places) == 2


def test_no_crossing_where_none_is_needed() -> None:
    """Pairs that are given in any order are one below the other."""
    found = lay(("a1", "a2"), ("b1", "b2"), ("c1", "c2"))
    order = [sorted("abc", key=lambda name: found.places[f"{name}{side}"].y) for side in "12"]
    assert order[0] == order[1]


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=30))
def test_nothing_overlaps(references: list[tuple[str, str]]) -> None:
    """Whatever the references, no two boxes overlap, nothing leaves the drawing, and no line crosses a box."""
    sizes = {name: (60.0 + 10 * number, 30.0 + 5 * (number % 3)) for number, name in enumerate(NAMES)}
    found = layered(sizes, references)
    assert not [pair for pair in combinations(found.places.values(), 2) if overlap(*pair)]
    for place in found.places.values():
        assert place.x >= 0
        assert place.y >= -1e-6
        assert place.x + place.width <= found.width
        assert place.y + place.height <= found.height + 1e-6
    for pair, points in found.lines.items():
        others = [place for name, place in found.places.items() if name not in pair]
        for (x, y), (right, to) in pairwise(points):
            # Curved parts are between two layers, where there is no box; straight parts pass a layer.
            flat = Place(x, min(y, to), right - x, abs(to - y))
            assert y != to or not [place for place in others if overlap(flat, place)]


def test_the_same_again() -> None:
    """The order in which references are given does not matter."""
    references = [("b", "a"), ("c", "a"), ("d", "b"), ("d", "c"), ("e", "a")]
    assert lay(*references) == lay(*reversed(references))
