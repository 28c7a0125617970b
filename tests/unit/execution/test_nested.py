"""Streams of nested rows: a root is returned when the first row of the next root is read."""

from __future__ import annotations

from dataclasses import dataclass

from pydb.execution.nested import OpenRoots
from pydb.values.nested_builder import Node, nested_builder


@dataclass(frozen=True, slots=True)
class Child:
    id: int


@dataclass(frozen=True, slots=True)
class Root:
    id: int
    children: tuple[Child, ...]


def test_a_root_stays_open_until_another_begins() -> None:
    """Rows in chunks return each root complete, and only one root is held at a time."""
    child = Node("children", Child, (("id", 1),), (1,), many=True)
    build = nested_builder(
        Node("", Root, (("id", 0),), (0,), (child,)), ("id", "children__id"), {}, lambda *_: OSError()
    )
    assert build.grouping is not None
    roots = OpenRoots(build.grouping)
    assert roots.add([(1, 1), (1, 2)]) == []
    assert roots.add([(1, 3)]) == []
    assert roots.add([(2, 1), (3, 1)]) == [Root(1, (Child(1), Child(2), Child(3))), Root(2, (Child(1),))]
    assert roots.last() == [Root(3, (Child(1),))]


def test_no_rows_give_no_roots() -> None:
    """Without rows there are no roots."""
    child = Node("children", Child, (("id", 1),), (1,), many=True)
    build = nested_builder(
        Node("", Root, (("id", 0),), (0,), (child,)), ("id", "children__id"), {}, lambda *_: OSError()
    )
    assert build.grouping is not None
    assert OpenRoots(build.grouping).last() == []
