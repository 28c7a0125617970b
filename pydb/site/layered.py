"""Lay out a diagram: boxes and the references between them in; a place for each box and points for each line out.

This is the layered drawing of Sugiyama, Tagawa and Toda (1981): layers, few crossings, then coordinates.  A box is to
the right of the boxes to which it refers.  A line that passes a layer has a place in it, so that it crosses no box.
The same input gives the same drawing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

__all__ = ["Layout", "Place", "Reference", "layered"]

Reference = tuple[str, str]
"""A reference: the child, and the parent to which it refers."""

GAP, LAYER_GAP, LINE_SPACE = 18.0, 72.0, 12.0
"""In pixels: the space between two boxes of a layer, between two layers, and around a line that passes a layer."""

_SWEEPS = 12
_MAX_SWAPPED = 200
"""The maximum number of lines for which neighbours are exchanged one by one, because that is slow for many lines."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a box: its upper left corner and its size, in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of the boxes, and in ``lines`` the points of each reference, from its left to its right end.

    The left end is at the parent, or at the child if references form a circle.
    """

    places: Mapping[str, Place]
    lines: Mapping[Reference, Sequence[tuple[float, float]]]
    width: float
    height: float


_Node = str | tuple[str, str, int]
"""A box, or the passage of a line through a layer: the line's two ends, and the layer."""


def layered(sizes: Mapping[str, tuple[float, float]], references: Sequence[Reference]) -> Layout:
    """Lay out boxes of these sizes (width, height); references of a box to itself are ignored."""
    pairs = sorted({(child, parent) for child, parent in references if child != parent})
    edges = _without_circles(sorted(sizes), pairs)
    layers = _layers(sorted(sizes), edges)
    graph = _Graph(sizes, edges, layers)
    graph.order()
    return graph.placed(pairs)


def _without_circles(names: Sequence[str], pairs: Sequence[Reference]) -> list[tuple[str, str]]:
    """The references as edges from left to right, parent to child; those that close a circle are reversed."""
    children: dict[str, list[str]] = defaultdict(list)
    for child, parent in pairs:
        children[parent].append(child)
    state: dict[str, int] = {}
    edges: dict[tuple[str, str], None] = {}
    referring = {child for child, _ in pairs}
    for start in [name for name in names if name not in referring] + list(names):
        if start in state:
            continue
        state[start] = 1
        stack = [(start, iter(children[start]))]
        while stack:
            name, left = stack[-1]
            following = next(left, None)
            if following is None:
                state[name] = 2
                stack.pop()
            elif state.get(following) == 1:
                edges[following, name] = None
            else:
                edges[name, following] = None
                if following not in state:
                    state[following] = 1
                    stack.append((following, iter(children[following])))
    return list(edges)


def _layers(names: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The layer of each box, which is to the right of its parents; a box without parents is close to its children."""
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    for left, right in edges:
        before[right].append(left)
        after[left].append(right)
    layers: dict[str, int] = {}
    left_over = {name: len(before[name]) for name in names}
    ready = [name for name in names if not left_over[name]]
    for name in ready:
        layers[name] = 1 + max((layers[item] for item in before[name]), default=-1)
        for following in after[name]:
            left_over[following] -= 1
            if not left_over[following]:
                ready.append(following)
    for name in reversed(ready):
        if after[name] and not before[name]:
            layers[name] = min(layers[item] for item in after[name]) - 1
    return layers


class _Graph:
    """Boxes and passing lines in layers: ``rows`` has the nodes of each layer from top to bottom."""

    def __init__(
        self,
        sizes: Mapping[str, tuple[float, float]],
        edges: Sequence[tuple[str, str]],
        layers: Mapping[str, int],
    ) -> None:
        self.sizes = sizes
        self.rows: list[list[_Node]] = [[] for _ in range(max(layers.values(), default=0) + 1)]
        self.left: dict[_Node, list[_Node]] = defaultdict(list)
        self.right: dict[_Node, list[_Node]] = defaultdict(list)
        self.paths: dict[tuple[str, str], list[_Node]] = {}
        for name, layer in layers.items():
            self.rows[layer].append(name)
        for left, right in edges:
            passing: list[_Node] = [(left, right, layer) for layer in range(layers[left] + 1, layers[right])]
            path: list[_Node] = [left, *passing, right]
            self.paths[left, right] = path
            for node, layer in zip(passing, range(layers[left] + 1, layers[right]), strict=True):
                self.rows[layer].append(node)
            for one, other in pairwise(path):
                self.right[one].append(other)
                self.left[other].append(one)

    # The order in each layer.

    def order(self) -> None:
        """Order the layers so that few lines cross."""
        best, fewest = [list(row) for row in self.rows], self._crossings()
        for sweep in range(_SWEEPS):
            if not fewest:
                break
            forward = sweep % 2 == 0
            rows = range(1, len(self.rows)) if forward else range(len(self.rows) - 2, -1, -1)
            for index in rows:
                self._sort(index, self.left if forward else self.right, index - 1 if forward else index + 1)
            self._swap()
            crossings = self._crossings()
            if crossings < fewest:
                best, fewest = [list(row) for row in self.rows], crossings
        self.rows = best

    def _sort(self, index: int, neighbours: Mapping[_Node, list[_Node]], other: int) -> None:
        places = {node: place for place, node in enumerate(self.rows[other])}
        current = {node: place for place, node in enumerate(self.rows[index])}

        def wanted(node: _Node) -> float:
            near = [places[item] for item in neighbours[node] if item in places]
            return sum(near) / len(near) if near else float(current[node])

        self.rows[index].sort(key=lambda node: (wanted(node), current[node]))

    def _swap(self) -> None:
        """Exchange neighbours in a layer while this reduces the crossings."""
        improved = len(self.paths) <= _MAX_SWAPPED
        while improved:
            improved = False
            for index, row in enumerate(self.rows):
                before = self._crossings_at(index)
                for at in range(len(row) - 1):
                    row[at], row[at + 1] = row[at + 1], row[at]
                    after = self._crossings_at(index)
                    if after < before:
                        before, improved = after, True
                    else:
                        row[at], row[at + 1] = row[at + 1], row[at]

    def _crossings(self) -> int:
        return sum(self._between(index) for index in range(len(self.rows) - 1))

    def _crossings_at(self, index: int) -> int:
        return (self._between(index - 1) if index else 0) + (self._between(index) if index + 1 < len(self.rows) else 0)

    def _between(self, index: int) -> int:
        """The number of crossings between a layer and the next one."""
        places = {node: place for place, node in enumerate(self.rows[index + 1])}
        ends = [sorted(places[item] for item in self.right[node]) for node in self.rows[index]]
        flat = [end for group in ends for end in group]
        return sum(one > other for at, one in enumerate(flat) for other in flat[at + 1 :])

    # Places.

    def placed(self, pairs: Sequence[Reference]) -> Layout:
        """The places of the boxes, and the points of the lines."""
        middles = self._middles()
        tops = [middles[node] - self._height(node) / 2 for row in self.rows for node in row]
        shift = -min(tops, default=0.0)
        middles = {node: middle + shift for node, middle in middles.items()}
        places: dict[str, Place] = {}
        spans: list[tuple[float, float]] = []
        x = 0.0
        for row in self.rows:
            width = max((self.sizes[node][0] for node in row if isinstance(node, str)), default=0.0)
            for node in row:
                if isinstance(node, str):
                    own_width, height = self.sizes[node]
                    places[node] = Place(x, middles[node] - height / 2, own_width, height)
            spans.append((x, x + width))
            x += width + LAYER_GAP
        lines = self._lines(pairs, middles, places, spans)
        bottom = max((middles[node] + self._height(node) / 2 for row in self.rows for node in row), default=0.0)
        return Layout(places, lines, max((end for _, end in spans), default=0.0), bottom)

    def _height(self, node: _Node) -> float:
        return self.sizes[node][1] if isinstance(node, str) else LINE_SPACE

    def _space(self, upper: _Node, lower: _Node) -> float:
        """The smallest distance between the middles of two neighbours."""
        gap = GAP if isinstance(upper, str) or isinstance(lower, str) else 0.0
        return (self._height(upper) + self._height(lower)) / 2 + gap

    def _middles(self) -> dict[_Node, float]:
        middles: dict[_Node, float] = {}
        for row in self.rows:
            y = 0.0
            for at, node in enumerate(row):
                y += self._space(row[at - 1], node) if at else 0.0
                middles[node] = y
        for sweep in range(_SWEEPS):
            forward = sweep % 2 == 0
            for row in self.rows if forward else reversed(self.rows):
                self._align(row, self.left if forward else self.right, middles)
        return middles

    def _align(self, row: list[_Node], neighbours: Mapping[_Node, list[_Node]], middles: dict[_Node, float]) -> None:
        """Move the nodes of a layer as close to their connected nodes as their order and sizes allow."""
        wanted: list[float] = []
        offset, offsets = 0.0, []
        for at, node in enumerate(row):
            offset += self._space(row[at - 1], node) if at else 0.0
            offsets.append(offset)
            near = [middles[item] for item in neighbours[node]]
            wanted.append((median(near) if near else middles[node]) - offset)
        for node, place, own in zip(row, _not_falling(wanted), offsets, strict=True):
            middles[node] = place + own

    def _lines(
        self,
        pairs: Sequence[Reference],
        middles: Mapping[_Node, float],
        places: Mapping[str, Place],
        spans: Sequence[tuple[float, float]],
    ) -> dict[Reference, Sequence[tuple[float, float]]]:
        layer_of = {node: index for index, row in enumerate(self.rows) for node in row}
        starts = self._ports(self.right, middles)
        ends = self._ports(self.left, middles)
        found: dict[Reference, Sequence[tuple[float, float]]] = {}
        for child, parent in pairs:
            path = self.paths.get((parent, child)) or self.paths[child, parent]
            first, last = path[0], path[-1]
            assert isinstance(first, str)
            assert isinstance(last, str)
            points = [(places[first].x + places[first].width, starts[first, path[1]])]
            if points[0][0] < spans[layer_of[first]][1]:
                points.append((spans[layer_of[first]][1], points[0][1]))
            for node in path[1:-1]:
                points += [(x, middles[node]) for x in spans[layer_of[node]]]
            points.append((places[last].x, ends[last, path[-2]]))
            found[child, parent] = points
        return found

    def _ports(
        self, neighbours: Mapping[_Node, list[_Node]], middles: Mapping[_Node, float]
    ) -> dict[tuple[_Node, _Node], float]:
        """Where each line meets the side of its box: in the order of the other ends."""
        found: dict[tuple[_Node, _Node], float] = {}
        for node, others in neighbours.items():
            ordered = sorted(others, key=lambda item: (middles[item], str(item)))
            step = min(10.0, (self._height(node) - 8) / len(ordered)) if ordered else 0.0
            for at, other in enumerate(ordered):
                found[node, other] = middles[node] + (at - (len(ordered) - 1) / 2) * step
        return found


def _not_falling(wanted: Sequence[float]) -> list[float]:
    """The nearest non-decreasing numbers (least squares): pool adjacent violators."""
    pools: list[tuple[float, int]] = []
    for number in wanted:
        pools.append((number, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, some), (other, more) = pools[-2:]
            pools[-2:] = [((one * some + other * more) / (some + more), some + more)]
    return [number for number, count in pools for _ in range(count)]
