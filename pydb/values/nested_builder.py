"""Generate builders of nested rows: columns and a tree of records in, functions that build roots from flat rows out.

The functions are generated like those of ``row_builder``.  ``add`` takes rows and adds new objects to dictionaries by
their keys; each parent has a dictionary for its group.  ``finish`` makes the records, the innermost first, because a
frozen record needs its tuples when it is made.  Only the records of the innermost group are made by ``add``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydb.values.converters import Conversion
from pydb.values.row_builder import (
    Builder,
    Construction,
    Grouping,
    compiled_source,
    filled,
    read_expression,
    row_functions,
    values_scope,
)

__all__ = ["Fault", "Node", "nested_builder"]

Fault = Callable[[str, str], Exception]
"""Makes the error of rows that do not nest, from ``root``, ``absent`` or ``second`` and the level's path."""


@dataclass(frozen=True, slots=True)
class Node:
    """A level and its columns: ``fields`` are the record's fields with the numbers of their columns.

    ``key`` has the numbers of the key's columns.  ``children`` are the joined levels below; a json level is a field.
    """

    path: str
    record: type
    fields: tuple[tuple[str, int], ...]
    key: tuple[int, ...]
    children: tuple[Node, ...] = ()
    many: bool = False
    optional: bool = False

    @property
    def name(self) -> str:
        """The field that it fills in its parent."""
        return self.path.rpartition(".")[2]

    @property
    def tag(self) -> str:
        """The suffix of its variables in generated code, different for each level."""
        return f"_{self.path.replace('.', '__')}"

    @property
    def embeds(self) -> tuple[Node, ...]:
        """The levels below that are one object each, at any depth above the next group."""
        direct = [child for child in self.children if not child.many]
        return tuple(found for child in direct for found in (child, *child.embeds))

    @property
    def group(self) -> Node | None:
        """The next group below, perhaps in an embed; there is at most one."""
        found = (child if child.many else child.group for child in self.children)
        return next((node for node in found if node is not None), None)

    @property
    def columns(self) -> tuple[int, ...]:
        """The numbers of its columns, and of those of its embeds."""
        return tuple(number for node in (self, *self.embeds) for _, number in node.fields)


def nested_builder(
    root: Node, columns: tuple[str, ...], conversions: Mapping[str, Conversion], fault: Fault
) -> Builder:
    """The functions that build the roots from rows of these columns."""
    source = _Source(columns, conversions, fault)
    unpack = "".join(f"_v{number}, " for number in range(len(columns)))
    keys = {columns[number]: key for node, key in _keys(root, ()) for _, number in node.fields}
    if root.group is None:
        lines, result = source.record(root)
        made = Construction(unpack, tuple(lines), result, source.scope)
        names = compiled_source(row_functions(made), made.scope)
        return Builder(names["one"], names["many"], made, dict(conversions), columns, keys)
    add = [
        "def add(_g0, _rows):",
        f"    for {unpack}in _rows:",
        *_indented(source.adding(root, 0), 2),
    ]
    finish = ["def finish(_g0):", *_indented(source.finishing(root, 0), 1), "    return _made0"]
    many = ["def many(rows):", "    groups = {}", "    add(groups, rows)", "    return finish(groups)"]
    names = compiled_source([*add, *finish, *many], source.scope)
    made = Construction(unpack, (), "", source.scope)
    grouping = Grouping(names["add"], names["finish"])
    return Builder(lambda row: names["many"]([row])[0], names["many"], made, dict(conversions), columns, keys, grouping)


def _keys(node: Node, above: tuple[int, ...]) -> Iterator[tuple[Node, tuple[int, ...]]]:
    """Each level with the numbers of the columns that are NULL if it is absent: its key, and the keys above."""
    own = (*above, *node.key) if node.path else ()
    yield node, own
    for child in node.children:
        yield from _keys(child, own)


def _indented(lines: Iterable[str], depth: int) -> list[str]:
    return [f"{'    ' * depth}{line}" for line in lines]


class _Source:
    """Writes the lines of the generated functions; ``_v0``, ``_v1`` … are the columns' values."""

    def __init__(self, columns: tuple[str, ...], conversions: Mapping[str, Conversion], fault: Fault) -> None:
        self._columns, self._conversions = columns, conversions
        self.scope: dict[str, Any] = {**values_scope(columns, conversions), "_fault": fault, "_tuple": tuple}

    def adding(self, node: Node, depth: int) -> list[str]:
        """The lines that add a row's objects of this group, and of the groups below, to the dictionaries."""
        groups, entry, key = f"_g{depth}", f"_n{depth}", _key(node)
        below = node.group
        if below is None and not node.embeds:
            lines, result = self.record(node)
            return [f"if {key} not in {groups}:", *_indented(lines, 1), f"    {groups}[{key}] = {result}"]
        stored = "".join(f"_v{number}, " for number in node.columns)
        root = [f"    if {_is_absent(node)}:", "        raise _fault('root', '')"] if not node.path else []
        lines = [
            f"{entry} = {groups}.get({key})",
            f"if {entry} is None:",
            *root,
            f"    {entry} = {groups}[{key}] = (({stored}), {{}})",
        ]
        for embed in node.embeds:
            differs = [f"{entry}[0][{node.columns.index(number)}] != _v{number}" for number in embed.key]
            lines += [f"elif {' or '.join(differs)}:", f"    raise _fault('second', {embed.path!r})"]
        if below is None:
            return lines
        absent = " or ".join(_is_absent(level) for level in (*_way(node, below), below))
        return [
            *lines,
            f"if {absent}:",
            "    continue",
            f"_g{depth + 1} = {entry}[1]",
            *self.adding(below, depth + 1),
        ]

    def finishing(self, node: Node, depth: int) -> list[str]:
        """The lines that make the records of the group, such as ``_made0``, from its dictionary."""
        below = node.group
        if below is None and not node.embeds:
            return [f"_made{depth} = _g{depth}.values()"]
        stored = "".join(f"_v{number}, " for number in node.columns)
        inner = f"_g{depth + 1}"
        children: list[str] = []
        if below is not None:
            children = [*self.finishing(below, depth + 1), f"_group = _tuple(_made{depth + 1})"]
        lines, result = self.record(node)
        return [
            f"_made{depth} = []",
            f"for ({stored}), {inner} in _g{depth}.values():",
            *_indented(children, 1),
            *_indented(lines, 1),
            f"    _made{depth}.append({result})",
        ]

    def record(self, node: Node) -> tuple[list[str], str]:
        """The lines that make a level's record, its embeds first, and the expression for the record."""
        lines: list[str] = []
        values = {field: self._value(number) for field, number in node.fields}
        for child in node.children:
            if child.many:
                values[child.name] = "_group"
                continue
            inner, result = self.record(child)
            made = f"_e{child.tag}"
            absent = [f"{made} = None"] if child.optional else [f"raise _fault('absent', {child.path!r})"]
            lines += [f"if {_is_absent(child)}:", *_indented(absent, 1), "else:"]
            lines += _indented([*inner, f"{made} = {result}"], 1)
            values[child.name] = made
        own, result, scope = filled(node.record, list(values.items()), node.tag)
        self.scope |= scope
        return [*lines, *own], result

    def _value(self, number: int) -> str:
        return read_expression(f"_v{number}", self._conversions.get(self._columns[number]))


def _key(node: Node) -> str:
    values = [f"_v{number}" for number in node.key]
    return values[0] if len(values) == 1 else f"({', '.join(values)})"


def _is_absent(node: Node) -> str:
    return " or ".join(f"_v{number} is None" for number in node.key)


def _way(node: Node, below: Node) -> tuple[Node, ...]:
    """The embeds of ``node`` in which the group ``below`` is."""
    return tuple(embed for embed in node.embeds if below.path.startswith(f"{embed.path}."))
