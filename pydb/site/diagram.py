"""Draw entity-relationship diagrams: tables and foreign keys in, a Drawing with the places of boxes and lines out.

A table to which many others refer is a hub.  No lines lead to a hub; the boxes of the other tables name it.  So a
diagram of the whole schema stays readable.  The template converts the drawing to SVG.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pydb.site.layered import GAP, LAYER_GAP, Layout, layered

__all__ = ["Box", "Drawing", "DrawnKey", "DrawnLine", "neighbourhood", "text_width", "whole"]

LETTER, PADDING = 7.9, 12.0
"""In pixels: the width of a letter of the diagrams' font (13 px monospace, or wider), and the space beside a text."""

HEAD, ROW = 30.0, 20.0
"""In pixels: the height of a table's name, and of a row under it."""

HUB = 7
"""The minimum number of tables that refer to a hub."""

_WIDTH = 1160.0
"""The width of the whole drawing in pixels, unless one group of tables needs more."""

_MARGIN = 8.0
_GROUP_GAP = 40.0
_MANY = 9
"""The maximum number of neighbours on one side of a table that have separate lines; more of them are in a frame."""

_FRAME_COLUMNS, _FRAME_WIDTH = 4, 820.0
_FEW_ROWS = 14
"""The maximum number of a table's columns, in addition to those of keys, in the drawing of its neighbourhood."""


@dataclass(frozen=True, slots=True)
class DrawnKey:
    """A foreign key: ``child`` refers to ``parent``.

    ``optional`` means that the key may be NULL, and ``single`` that no two rows refer to the same row.
    """

    child: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    optional: bool = False
    single: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A table with the texts of its rows, and the kind of each row: of a key (``key``) or not (``""``)."""

    name: str
    x: float
    y: float
    width: float
    height: float
    rows: tuple[tuple[str, str], ...] = ()
    style: str = ""


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """The line of foreign keys between two tables; ``path`` is SVG's path data, ``ends`` those of its two marks."""

    child: str
    parent: str
    path: str
    ends: tuple[str, str]
    optional: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """A diagram with its size in pixels; ``hubs`` are the tables to which no lines are drawn.

    ``frames`` surround boxes; their names are their labels.
    """

    boxes: tuple[Box, ...]
    lines: tuple[DrawnLine, ...]
    width: float
    height: float
    hubs: tuple[str, ...] = ()
    frames: tuple[Box, ...] = ()


def text_width(text: str, letter: float = LETTER) -> float:
    """The maximum width of a text in pixels: an East Asian letter is as wide as two other letters."""
    return letter * sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


# The whole schema.


def whole(tables: Sequence[str], keys: Sequence[DrawnKey]) -> Drawing:
    """The whole schema: groups of tables that are connected by lines, side by side, then tables without lines."""
    hubs = _hubs(keys)
    drawn = [key for key in keys if key.parent not in hubs and key.child != key.parent]
    named: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        if key.parent in hubs and key.parent not in named[key.child]:
            named[key.child].append(key.parent)
    loops = {key.child for key in keys if key.child == key.parent}
    rows = {
        name: tuple((f"→ {hub}", "hub") for hub in sorted(named[name]))
        + ((("↺ itself", "hub"),) if name in loops and name not in hubs else ())
        for name in tables
    }
    rows |= {hub: (*rows[hub], (f"{count} tables refer to it", "")) for hub, count in hubs.items()}
    sizes = {name: _size(name, rows[name]) for name in tables}
    boxes: list[Box] = []
    lines: list[DrawnLine] = []
    shelf = _Shelf()
    groups = _groups(tables, drawn)
    # A reader looks first for the tables to which many others refer.
    first = [group for group in groups if len(group) == 1 and group[0] in hubs]
    for group in [*first, *(group for group in groups if group not in first)]:
        own = [key for key in drawn if key.child in group]
        layout = layered({name: sizes[name] for name in group}, [(key.child, key.parent) for key in own])
        x, y = shelf.put(layout.width, layout.height, of_one=len(group) == 1)
        styles = {name: "hub" if name in hubs else "" for name in group}
        boxes += _boxes(layout, rows, styles, x, y)
        lines += _lines(layout, own, x, y)
    return Drawing(tuple(boxes), tuple(lines), shelf.right + _MARGIN, shelf.bottom + _MARGIN, tuple(sorted(hubs)))


def _hubs(keys: Iterable[DrawnKey]) -> dict[str, int]:
    """The tables to which many others refer, with the numbers of referring tables."""
    referring: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        referring[key.parent].add(key.child)
    return {name: len(children) for name, children in referring.items() if len(children) >= HUB}


def _groups(tables: Sequence[str], keys: Iterable[DrawnKey]) -> list[list[str]]:
    """Groups of tables that are connected by lines, the largest first; tables without lines are last."""
    leader = {name: name for name in tables}

    def of(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for key in keys:
        leader[of(key.child)] = of(key.parent)
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(tables):
        groups[of(name)].append(name)
    return sorted(groups.values(), key=lambda group: (len(group) == 1, -len(group), group))


class _Shelf:
    """Puts groups into rows.  Each row is as high as its highest group."""

    def __init__(self) -> None:
        self.x, self.y = _MARGIN, _MARGIN
        self.right, self.bottom = 0.0, 0.0
        self.of_ones = False

    def put(self, width: float, height: float, *, of_one: bool) -> tuple[float, float]:
        """The place for a group of that size; tables without lines begin a new row."""
        if self.x > _MARGIN and (self.x + width > _WIDTH or (of_one and not self.of_ones)):
            self.x, self.y = _MARGIN, self.bottom + (GAP if self.of_ones else _GROUP_GAP)
        self.of_ones = of_one
        place = (self.x, self.y)
        self.x += width + (GAP if of_one else _GROUP_GAP)
        self.right, self.bottom = max(self.right, place[0] + width), max(self.bottom, place[1] + height)
        return place


def _size(name: str, rows: Sequence[tuple[str, str]]) -> tuple[float, float]:
    texts = [text_width(name), *(text_width(text) for text, _ in rows)]
    return max(texts) + 2 * PADDING, HEAD + ROW * len(rows) + (6 if rows else 0)


def _boxes(
    layout: Layout, rows: Mapping[str, tuple[tuple[str, str], ...]], styles: Mapping[str, str], x: float, y: float
) -> list[Box]:
    return [
        Box(name, place.x + x, place.y + y, place.width, place.height, rows[name], styles.get(name, ""))
        for name, place in sorted(layout.places.items())
    ]


def _lines(layout: Layout, keys: Iterable[DrawnKey], x: float, y: float) -> list[DrawnLine]:
    """One line for all foreign keys of a table to another."""
    together: dict[tuple[str, str], list[DrawnKey]] = defaultdict(list)
    for key in keys:
        together[key.child, key.parent].append(key)
    found = []
    for (child, parent), same in sorted(together.items()):
        points = [(px + x, py + y) for px, py in layout.lines[child, parent]]
        turned = layout.places[child].x < layout.places[parent].x
        one = replace(same[0], single=all(key.single for key in same), optional=all(key.optional for key in same))
        found.append(_line(one, points, turned=turned))
    return found


def _line(key: DrawnKey, points: Sequence[tuple[float, float]], *, turned: bool = False) -> DrawnLine:
    """A line from left to right, with a fork at the end that may have many rows."""
    (left, right) = points[0], points[-1]
    child, parent = (left, right) if turned else (right, left)
    outwards = 1 if turned else -1
    fork = _bar(child, outwards) if key.single else _fork(child, outwards)
    return DrawnLine(key.child, key.parent, _curve(points), (fork, _bar(parent, -outwards)), key.optional)


def _curve(points: Sequence[tuple[float, float]]) -> str:
    """The path of a line: horizontal inside a layer, and curved between two layers."""
    text = f"M{_number(points[0][0])} {_number(points[0][1])}"
    for (x, y), (right, to) in pairwise(points):
        if y == to:
            text += f"H{_number(right)}"
        else:
            bend = (right - x) / 2
            text += f"C{_number(x + bend)} {_number(y)} {_number(right - bend)} {_number(to)} "
            text += f"{_number(right)} {_number(to)}"
    return text


def _fork(at: tuple[float, float], outwards: int) -> str:
    x, y = at
    tip = _number(x + 9 * outwards)
    return f"M{_number(x)} {_number(y - 4)}L{tip} {_number(y)}L{_number(x)} {_number(y + 4)}"


def _bar(at: tuple[float, float], outwards: int) -> str:
    x, y = at
    return f"M{_number(x + 7 * outwards)} {_number(y - 4)}V{_number(y + 4)}"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


# The neighbourhood of one table.


def neighbourhood(table: str, columns: Sequence[str], keys: Sequence[DrawnKey]) -> Drawing:
    """A table with the tables that it refers to on its left, and those that refer to it on its right.

    Many tables on one side are in a frame, to which one line leads.
    """
    own = [key for key in keys if table in (key.child, key.parent)]
    shown = _shown(table, columns, own)
    parents = _sides(own, lambda key: key.parent if key.child == table and key.parent != table else None)
    children = _sides(own, lambda key: key.child if key.parent == table and key.child != table else None)
    width, height = _size(table, shown)
    left, right = _Side(parents, is_parent=True), _Side(children, is_parent=False)
    tall = max(height, left.height, right.height)
    x = _MARGIN + (left.width + LAYER_GAP if parents else 0.0)
    # Beside a high frame the table is at the top, where reading begins.
    down = min((tall - height) / 2, HEAD) if left.framed or right.framed else (tall - height) / 2
    center = Box(table, x, _MARGIN + down, width, height, shown, "centre")
    boxes, lines, frames = [center], [], []
    for side, at in ((left, _MARGIN), (right, x + width + LAYER_GAP)):
        placed = side.placed(at, _MARGIN + (tall - side.height) / 2)
        boxes += placed
        lines += side.lines(center, placed)
        frames += side.frame(at, _MARGIN + (tall - side.height) / 2)
    loops = [key for key in own if key.child == key.parent]
    lines += [_loop(key, center, at) for at, key in enumerate(loops)]
    end = x + width + (LAYER_GAP + right.width if children else 28.0 * bool(loops))
    return Drawing(tuple(boxes), tuple(lines), end + _MARGIN, tall + 2 * _MARGIN, frames=tuple(frames))


class _Side:
    """The neighbours on one side: one below the other, or, if they are many, in the columns of a frame."""

    def __init__(self, groups: Mapping[str, Sequence[DrawnKey]], *, is_parent: bool) -> None:
        self.groups = groups
        self.is_parent = is_parent
        self.rows = {
            name: tuple((", ".join(key.parent_columns if is_parent else key.columns), "key") for key in keys)
            for name, keys in groups.items()
        }
        self.sizes = {name: _size(name, rows) for name, rows in self.rows.items()}
        self.framed = len(groups) > _MANY
        self.width, self.height = 0.0, 0.0
        self.places: dict[str, tuple[float, float]] = {}
        widest = max((size[0] for size in self.sizes.values()), default=0.0)
        columns = max(1, min(_FRAME_COLUMNS, int(_FRAME_WIDTH // (widest + GAP)))) if self.framed else 1
        for start in range(0, len(self.sizes), -(-len(self.sizes) // columns) if self.sizes else 1):
            names = list(self.sizes)[start : start + -(-len(self.sizes) // columns)]
            self._column(names)
        if self.framed:
            self.width, self.height = self.width + 2 * PADDING, self.height + HEAD + PADDING

    def _column(self, names: Sequence[str]) -> None:
        """Add a column of boxes, to the right of the previous ones."""
        x = self.width + (GAP if self.width else 0.0)
        wide = max(self.sizes[name][0] for name in names)
        y = 0.0
        for name in names:
            # Single boxes end at the place where the lines begin.
            indent = wide - self.sizes[name][0] if self.is_parent and not self.framed else 0.0
            self.places[name] = (x + indent, y)
            y += self.sizes[name][1] + GAP
        self.width, self.height = x + wide, max(self.height, y - GAP)

    def placed(self, x: float, y: float) -> list[Box]:
        """The boxes, for this upper left corner of the side."""
        dx, dy = (PADDING, HEAD) if self.framed else (0.0, 0.0)
        return [
            Box(name, x + dx + px, y + dy + py, *self.sizes[name], self.rows[name])
            for name, (px, py) in self.places.items()
        ]

    def frame(self, x: float, y: float) -> list[Box]:
        """The frame, if there is one, with its label."""
        label = f"{len(self.groups)} tables that {'it refers to' if self.is_parent else 'refer to it'}"
        return [Box(label, x, y, self.width, self.height)] if self.framed else []

    def lines(self, center: Box, placed: Sequence[Box]) -> list[DrawnLine]:
        """The lines between the table in the middle and these boxes, or the frame."""
        if not self.framed:
            return [
                self._line(key, center, box, _row_middle(box, row))
                for box in placed
                for row, key in enumerate(self.groups[box.name])
            ]
        keys = [key for same in self.groups.values() for key in same]
        together = replace(keys[0], single=False, optional=all(key.optional for key in keys))
        edge = Box("", placed[0].x - PADDING, 0, self.width, 0)
        return [self._line(together, center, edge, center.y + center.height / 2)]

    def _line(self, key: DrawnKey, center: Box, box: Box, y: float) -> DrawnLine:
        if self.is_parent:
            return _line(key, [(box.x + box.width, y), (center.x, _row_named(center, key.columns))])
        return _line(key, [(center.x + center.width, _row_named(center, key.parent_columns)), (box.x, y)])


def _shown(table: str, columns: Sequence[str], keys: Sequence[DrawnKey]) -> tuple[tuple[str, str], ...]:
    """The columns of keys, and the other columns if there are few."""
    ends = {name.lower() for key in keys if key.child == table for name in key.columns}
    met = {name.lower() for key in keys if key.parent == table for name in key.parent_columns}
    marked = [(name, "key" if name.lower() in ends | met else "") for name in columns]
    if len(marked) > _FEW_ROWS:
        kept = [row for row in marked if row[1]]
        others = len(marked) - len(kept)
        marked = [*kept, (f"… {others} more columns" if kept else f"{others} columns", "more")]
    return tuple(marked)


def _sides(keys: Iterable[DrawnKey], other: Callable[[DrawnKey], str | None]) -> dict[str, list[DrawnKey]]:
    """The foreign keys of one side, by the table at their other end, which ``other`` returns."""
    groups: dict[str, list[DrawnKey]] = defaultdict(list)
    for key in keys:
        name = other(key)
        if name is not None:
            groups[name].append(key)
    return {name: groups[name] for name in sorted(groups)}


def _row_middle(box: Box, row: int) -> float:
    return box.y + HEAD + ROW * row + ROW / 2


def _row_named(box: Box, columns: Sequence[str]) -> float:
    """The height of the row of the last of these columns; that of the name if it is not shown."""
    found = [at for at, (text, _) in enumerate(box.rows) if text.lower() == columns[-1].lower()]
    return _row_middle(box, found[0]) if found else box.y + HEAD / 2


def _loop(key: DrawnKey, center: Box, number: int) -> DrawnLine:
    """A line from a table to itself, on its right."""
    x, out = center.x + center.width, 22.0 + 4 * number
    child, parent = _row_named(center, key.columns), _row_named(center, key.parent_columns)
    far = _number(x + out)
    start, end = f"{_number(x)} {_number(parent)}", f"{_number(x)} {_number(child)}"
    path = f"M{start}C{far} {_number(parent)} {far} {_number(child)} {end}"
    return DrawnLine(key.child, key.parent, path, (_fork((x, child), 1), _bar((x, parent), 1)), key.optional)
