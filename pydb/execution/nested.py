"""Build nested rows of one statement on one engine: a result's columns in, a builder of roots out.

``values.nested_builder`` does the grouping.  For a stream, ``OpenRoots`` returns each root after its last row was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pydb.engines.base import Rules
from pydb.errors import PydbError, RecordError, RowError
from pydb.sqlfile.nested import Nesting, place_of_label
from pydb.support.suggestions import nearest
from pydb.values.converters import Conversion
from pydb.values.json_level import json_level, refused_field
from pydb.values.nested_builder import Node, nested_builder
from pydb.values.nested_records import RecordLevel, record_tree
from pydb.values.records import columns_differ
from pydb.values.row_builder import Builder, Grouping

__all__ = ["NestedRows", "OpenRoots", "nested_rows"]

_Error = Callable[[type[PydbError], str, str | None], PydbError]


def nested_rows(nesting: Nesting, record: type, records: Mapping[str, type], rules: Rules, error: _Error) -> NestedRows:
    """The nested rows of a statement.  Raises RecordError if they cannot fill the records."""
    try:
        tree = record_tree(record, nesting, records)
    except RecordError as refusal:
        raise error(RecordError, refusal.message, refusal.hint) from None
    for level in _json_levels(tree):
        if refused := refused_field(level.kinds, rules.json_values):
            name, word = refused
            message = (
                f"{level.record.__name__}.{name} is {word}, which {rules.product} cannot write into JSON unchanged"
            )
            raise error(RecordError, message, f"join the level {level.path}, or write a separate statement for it")
    return NestedRows(nesting, tree, rules, error)


def _json_levels(tree: RecordLevel) -> Iterable[RecordLevel]:
    for child in tree.children:
        if child.level is not None and child.level.json:
            yield child
        yield from _json_levels(child)


class NestedRows:
    """The levels of a statement, and their records."""

    def __init__(self, nesting: Nesting, tree: RecordLevel, rules: Rules, error: _Error) -> None:
        self._nesting, self.tree, self._rules, self._error = nesting, tree, rules, error
        self.reads_json = any(level.json for level in nesting.levels)

    def builder(self, columns: tuple[str, ...], conversions: Mapping[str, Conversion]) -> Builder:
        """The builder of roots from rows with these columns.  Raises RecordError if the columns do not fit."""
        places = self._places(columns)
        json = {level.level.label: self._json(level) for level in _json_levels(self.tree) if level.level is not None}
        return nested_builder(self._node(self.tree, places), columns, {**conversions, **json}, self._fault)

    def _json(self, level: RecordLevel) -> Conversion:
        def error(message: str, hint: str) -> PydbError:
            return self._error(RecordError, message, hint)

        assert level.level is not None
        return json_level(level.level.label, level.record, level.kinds, self._rules.json_values, error)

    def _places(self, columns: tuple[str, ...]) -> dict[str, dict[str, int]]:
        """The number of each column, by its level's path and its field."""
        places: dict[str, dict[str, int]] = {}
        for number, label in enumerate(columns):
            json = self._nesting.by_label.get(label)
            found = (json.parent, json.name) if json is not None else place_of_label(label, self._nesting)
            if found is None:
                known = [level.label for level in self._nesting.joined]
                hint = nearest(label.rpartition("__")[0], known) or f"the levels are {', '.join(known) or 'all json'}"
                raise self._error(RecordError, f"column {label} does not belong to a level of the statement", hint)
            places.setdefault(found[0], {})[found[1]] = number
        return places

    def _node(self, level: RecordLevel, places: Mapping[str, Mapping[str, int]]) -> Node:
        found = places.get(level.path, {})
        json = [child.level.name for child in level.children if child.level is not None and child.level.json]
        if different := columns_differ(level.record, [*level.kinds, *json], list(found)):
            where = f"level {level.path}: " if level.path else ""
            raise self._error(RecordError, f"{where}{different}", "select one column for each field of the record")
        if not found.keys() - json:
            raise self._error(RecordError, f"{level.path or 'the root'} has no column of its own", "select its key")
        key = self._nesting.key_of(level.path)
        if unknown := [name for name in key if name not in found]:
            raise self._error(RecordError, f"the key {unknown[0]} is not a column of its level", "name its column")
        joined = [child for child in level.children if child.level is not None and not child.level.json]
        return Node(
            path=level.path,
            record=level.record,
            fields=tuple(found.items()),
            key=tuple(found[name] for name in key) or tuple(list(found.values())[:1]),
            children=tuple(self._node(child, places) for child in joined),
            many=level.level is not None and level.level.many,
            optional=level.optional,
        )

    def _fault(self, what: str, path: str) -> PydbError:
        if what == "root":
            return self._error(RowError, "the root's key is NULL", "exclude such rows, or name another @key")
        if what == "absent":
            hint = f"annotate the field as optional: {path.rpartition('.')[2]}: … | None"
            return self._error(RecordError, f"the embed {path} is absent, and its field is not optional", hint)
        message = f"the embed {path} is not the same in all rows of one parent"
        return self._error(RowError, message, "use -- @group if a parent has several")


class OpenRoots:
    """The roots of a stream: the last root stays open until a row of another root is read."""

    def __init__(self, grouping: Grouping) -> None:
        self._grouping = grouping
        self._groups: dict[Any, Any] = {}

    def add(self, rows: Iterable[Sequence[Any]]) -> list[Any]:
        """The roots that are complete after these rows."""
        groups = self._groups
        self._grouping.add(groups, rows)
        if len(groups) < 2:
            return []
        key, root = groups.popitem()
        made = self._grouping.finish(groups)
        self._groups = {key: root}
        return made

    def last(self) -> list[Any]:
        """The root that was open, at the end of the rows."""
        return self._grouping.finish(self._groups)
