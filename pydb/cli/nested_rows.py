"""Nest rows for ``pydb run``, with or without records: the flat rows of a result in, roots with their levels out.

Values that an application would refuse are shown unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydb.errors import NoRow, TooManyRows
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.nested import Nesting, place_of_label
from pydb.sqlfile.row_word import RowWord

__all__ = ["Branch", "nested_columns", "nested_roots"]


class Branch(dict[str, Any]):
    """One object of a level, by its fields.  It is a separate class, to distinguish it from a JSON document."""


@dataclass(slots=True)
class _Level:
    """A level: its fields with the numbers of their columns, its key, and the levels below it.

    ``json`` contains the fields that are json levels.
    """

    fields: list[tuple[str, int]] = field(default_factory=list)
    json: list[str] = field(default_factory=list)
    key: list[int] = field(default_factory=list)
    below: list[tuple[str, _Level, bool]] = field(default_factory=list)


@dataclass(slots=True)
class _Entry:
    """One object while its rows are read."""

    values: Branch
    below: list[dict[Any, _Entry]]


def nested_columns(nesting: Nesting, columns: Sequence[str]) -> list[str]:
    """The names of a root's fields: its columns and its levels."""
    root = _levels(nesting, columns)
    return [*(name for name, _ in root.fields), *(name for name, _, _ in root.below)]


def nested_roots(
    definition: Definition, nesting: Nesting, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[list[Any]]:
    """The roots, each as the values of its fields.  Raises NoRow and TooManyRows as the statement's row word does."""
    root, word = _levels(nesting, columns), definition.row_word
    place = {"statement_name": definition.name, "file": definition.file, "line": definition.line}
    count = 0
    for entry in _entries(root, nesting, rows, streams=word.streams):
        count += 1
        if word.at_most_one and count > 1:
            raise TooManyRows("returned more than one row", hint="use :many", **place)  # type: ignore[arg-type]
        yield list(_branch(root, entry).values())
    if word is RowWord.ONE and not count:
        raise NoRow("returned no row", hint="use :maybe if no row is a valid result", **place)  # type: ignore[arg-type]


def _levels(nesting: Nesting, columns: Sequence[str]) -> _Level:
    levels = {"": _Level(), **{level.path: _Level() for level in nesting.joined}}
    for level in nesting.joined:
        levels[level.parent].below.append((level.name, levels[level.path], level.many))
    for number, label in enumerate(columns):
        json_level = nesting.by_label.get(label)
        place = (json_level.parent, json_level.name) if json_level else place_of_label(label, nesting) or ("", label)
        levels[place[0]].fields.append((place[1], number))
        levels[place[0]].json += [place[1]] if json_level else []
    for path, made in levels.items():
        stated = [number for name in nesting.key_of(path) for own, number in made.fields if own == name]
        made.key = stated or [number for _, number in made.fields[:1]]
    return levels[""]


def _entries(root: _Level, nesting: Nesting, rows: Iterable[Sequence[Any]], *, streams: bool) -> Iterator[_Entry]:
    """The roots in the order of their first rows; those of a stream are returned as soon as they are complete."""
    roots: dict[Any, _Entry] = {}
    for number, row in enumerate(rows):
        key = _key(root, row) if nesting.groups else number
        if key not in roots:
            if streams or not nesting.groups:
                yield from roots.values()
                roots.clear()
            roots[key] = _new(root, row)
        _add(root, roots[key], row)
    yield from roots.values()


def _add(level: _Level, entry: _Entry, row: Sequence[Any]) -> None:
    """Add the values of a row's lower levels to an object."""
    for (_, below, _), store in zip(level.below, entry.below, strict=True):
        if any(row[number] is None for number in below.key):
            continue
        key = _key(below, row)
        if key not in store:
            store[key] = _new(below, row)
        _add(below, store[key], row)


def _key(level: _Level, row: Sequence[Any]) -> Any:
    values = tuple(row[number] for number in level.key)
    try:
        hash(values)
    except TypeError:
        return json.dumps(values, default=str)
    return values


def _new(level: _Level, row: Sequence[Any]) -> _Entry:
    values = Branch({name: row[number] for name, number in level.fields})
    values.update({name: _objects(values[name]) for name in level.json})
    return _Entry(values, [{} for _ in level.below])


def _objects(value: Any) -> Any:
    """The objects of a JSON array, without those that are all NULL; other values are returned unchanged."""
    try:
        items = json.loads(value) if isinstance(value, str) else [] if value is None else value
    except ValueError:
        return value
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return value
    return [Branch(item) for item in items if any(part is not None for part in item.values())]


def _branch(level: _Level, entry: _Entry) -> Branch:
    """The object with its levels: lists, or for an embed one object or None."""
    made = Branch(entry.values)
    for (name, below, many), store in zip(level.below, entry.below, strict=True):
        found = [_branch(below, inner) for inner in store.values()]
        made[name] = found if many else next(iter(found), None)
    return made
