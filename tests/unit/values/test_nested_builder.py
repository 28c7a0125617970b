"""Nested rows: groups by key within the parent, absent levels, embeds, and errors that name the column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydb.values.converters import Conversion, misfit
from pydb.values.nested_builder import Node, nested_builder
from pydb.values.row_builder import Builder, unfit_column


@dataclass(frozen=True, slots=True)
class Leaf:
    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Branch:
    id: int
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    id: int
    branches: tuple[Branch, ...]


class Fault(Exception):
    """The error of the builder for rows that do not nest."""


COLUMNS = ("leaves__text", "id", "branches__id", "branches__leaves__id")
LEAF = Node("branches.leaves", Leaf, (("text", 0), ("id", 3)), (3,), many=True)
BRANCH = Node("branches", Branch, (("id", 2),), (2,), (LEAF,), many=True)
TREE = Node("", Tree, (("id", 1),), (1,), (BRANCH,))
TEXT = {"leaves__text": Conversion(str, misfit)}


def built(root: Node = TREE, columns: tuple[str, ...] = COLUMNS) -> Builder:
    return nested_builder(root, columns, TEXT, lambda what, path: Fault(what, path))


def rows_of(trees: list[Tree]) -> Iterator[tuple[Any, ...]]:
    """The rows of a join, from the outer to the inner level."""
    for tree in trees:
        for branch in tree.branches or (None,):
            for leaf in branch.leaves if branch is not None and branch.leaves else (None,):
                yield (
                    leaf.text if leaf else None,
                    tree.id,
                    branch.id if branch else None,
                    leaf.id if leaf else None,
                )


def unique(items: Any) -> Any:
    return st.lists(items, max_size=4, unique_by=lambda item: item.id).map(tuple)


KEYS = st.integers(0, 5)
LEAVES = st.builds(Leaf, KEYS, st.text(max_size=2))
TREES = unique(st.builds(Tree, KEYS, unique(st.builds(Branch, KEYS, unique(LEAVES))))).map(list)


@given(TREES)
def test_the_rows_of_any_trees_become_the_trees(trees: list[Tree]) -> None:
    """A join's rows in order return the objects, also with the same keys in different parents."""
    assert built().many(rows_of(trees)) == trees


@given(TREES, st.randoms())
def test_rows_in_any_order_lose_nothing(trees: list[Tree], random: Any) -> None:
    """Rows in any order, also twice, return the same objects in the order of their first rows."""
    rows = [*rows_of(trees)] * 2
    random.shuffle(rows)
    found = built().many(rows)
    assert [tree.id for tree in found] == list(dict.fromkeys(row[1] for row in rows))

    def sorted_tree(tree: Tree) -> Tree:
        branches = [Branch(b.id, tuple(sorted(b.leaves, key=lambda leaf: leaf.id))) for b in tree.branches]
        return Tree(tree.id, tuple(sorted(branches, key=lambda branch: branch.id)))

    by_id = {tree.id: sorted_tree(tree) for tree in trees}
    assert {tree.id: sorted_tree(tree) for tree in found} == by_id


def test_what_is_below_an_absent_level_is_absent() -> None:
    """A leaf whose branch is NULL is absent."""
    assert built().many([("x", 1, None, 7)]) == [Tree(1, ())]


def test_a_root_without_a_key_is_a_fault() -> None:
    """A root whose key is NULL raises an error."""
    with pytest.raises(Fault, match="root"):
        built().many([("x", None, 1, 1)])


def test_the_column_that_does_not_fit_is_found() -> None:
    """The refused value is found by its column, and NULLs of absent levels are not mistaken for it."""
    build = built()
    assert build.many([(None, 1, None, None)]) == [Tree(1, ())]
    with pytest.raises(TypeError) as caught:
        build.many([("x", 1, 1, 1), (5, 1, 1, 2)])
    assert unfit_column(build, caught.value) == ("leaves__text", int)


@dataclass(frozen=True, slots=True)
class Pair:
    id: int
    leaf: Leaf | None
    leaves: tuple[Leaf, ...]


def test_an_embed_beside_a_group() -> None:
    """An embed is made once for its parent, and may not differ between rows."""
    embed = Node("leaf", Leaf, (("id", 1), ("text", 2)), (1,), optional=True)
    group = Node("leaves", Leaf, (("id", 3), ("text", 4)), (3,), many=True)
    build = built(Node("", Pair, (("id", 0),), (0,), (embed, group)), ("id", "leaf_id", "leaf_text", "x", "y"))
    assert build.many([(1, 7, "a", 1, "b"), (1, 7, "a", 2, "c"), (2, None, None, None, None)]) == [
        Pair(1, Leaf(7, "a"), (Leaf(1, "b"), Leaf(2, "c"))),
        Pair(2, None, ()),
    ]
    with pytest.raises(Fault, match=r"second.*leaf"):
        build.many([(1, 7, "a", 1, "b"), (1, 8, "a", 2, "c")])


def test_an_embed_that_must_be_there() -> None:
    """An absent embed whose field may not be None raises an error, and an existing one is made row by row."""
    embed = Node("leaf", Leaf, (("id", 1), ("text", 2)), (1,))
    single = Node("", Single, (("id", 0),), (0,), (embed,))
    build = built(single, ("id", "leaf_id", "leaf_text"))
    assert build.grouping is None
    assert build.many([(1, 2, "a"), (1, 2, "a")]) == [Single(1, Leaf(2, "a"))] * 2
    with pytest.raises(Fault, match="absent"):
        build.one((1, None, None))


@dataclass(frozen=True, slots=True)
class Single:
    id: int
    leaf: Leaf
