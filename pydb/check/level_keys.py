"""The keys of nested rows: a described statement in, findings about keys that would lose or mix up objects out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from pydb.check.cardinality import Equality, SourceColumns, equalities_of, fixed_columns
from pydb.check.collector import Reporter
from pydb.describe import DescribedStatement
from pydb.describe.analysis.scope import Frame
from pydb.describe.described import DescribedLevel
from pydb.describe.levels import items_by_name

__all__ = ["at_most_one_root", "check_levels"]

_NOT_CHECKED = "-- @group … key <column> with a plain column of a table shows it"


def check_levels(described: DescribedStatement, reporter: Reporter) -> None:
    """C306 and C307: each key is there where its row is, and tells the rows of its level apart."""
    nesting, tree = described.form.nesting, described.analysis.tree
    if nesting is None or not described.columns:
        return
    frame = described.analysis.context.frames.get(id(tree)) if isinstance(tree, exp.Select) else None
    if frame is None or tree is None:
        reporter.note("C307", "not checked: the keys of the levels cannot be traced to tables", _NOT_CHECKED)
        return
    keys = _Keys(described, reporter, tree, frame)
    for level in described.levels:
        if level.level is not None or nesting.groups:
            keys.check_nulls(level)
    if nesting.groups:
        for path in ("", *(level.path for level in nesting.chain)):
            keys.check_rows(path)


def at_most_one_root(described: DescribedStatement) -> bool:
    """Whether it is certain that the rows, grouped, make one root at most."""
    tree = described.analysis.tree
    frame = described.analysis.context.frames.get(id(tree)) if isinstance(tree, exp.Select) else None
    if frame is None or not isinstance(tree, exp.Select):
        return False
    columns, items = SourceColumns(frame), items_by_name(tree)
    equalities = equalities_of(tree, columns)
    names = [described.columns[number].name.lower() for number in described.levels[0].key]
    places = [columns.place(items[name]) for name in names if name in items]
    if equalities is None or len(places) < len(names):
        return False
    fixed, _ = fixed_columns(equalities, frame.sources)
    return all(place in fixed for place in places)


@dataclass(slots=True)
class _Key:
    """A key's columns as places in the sources of FROM; none where one of them is no plain column."""

    names: str
    places: list[tuple[int, str]] | None


class _Keys:
    """The keys of one statement's levels, and the sources that its columns come from."""

    def __init__(self, described: DescribedStatement, reporter: Reporter, tree: exp.Expr, frame: Frame) -> None:
        self._described, self._reporter, self._tree, self._frame = described, reporter, tree, frame
        self._columns = SourceColumns(frame)
        self._items = items_by_name(tree)
        self._equalities: list[Equality] | None = equalities_of(tree, self._columns)
        self._levels = {level.path: level for level in described.levels}

    def check_nulls(self, level: DescribedLevel) -> None:
        """C306: a key that is NULL although its row is there, so that the object would be left out in silence."""
        for number in level.key:
            column = self._described.columns[number]
            declared = self._described.definition.column_types.get(column.name)
            if declared is not None and not declared.nullable:
                continue
            if level.level is None:
                if column.nullable and column.certain:
                    self._report_null(column.name, "root")
                continue
            place = self._place(column.name)
            if place is not None and self._may_be_null(*place):
                self._report_null(column.name, level.path)

    def _report_null(self, name: str, path: str) -> None:
        self._reporter.error(
            "C306",
            f"the key {name} of {path} may be NULL where its row is there",
            f"key a NOT NULL column, or -- @column {name} <type> if it never is",
        )

    def _may_be_null(self, index: int, name: str) -> bool:
        source = self._frame.sources[index]
        numbers = source.places.get(name, ())
        return source.columns is not None and any(source.columns[number].nullable for number in numbers)

    def check_rows(self, path: str) -> None:
        """C307: rows of one key that differ, of which all but the first would be left out."""
        above = [level for group, level in self._levels.items() if self._is_group(group) and _within(path, group)]
        keys = [self._key(level) for level in above]
        own = self._key(self._levels[path])
        where = path or "root"
        if self._equalities is None or any(key.places is None for key in keys):
            self._not_checked(where)
            return
        start = [place for key in keys for place in key.places or ()]
        fixed, single = fixed_columns(self._equalities, self._frame.sources, start)
        read = [(name, place) for name in self._names(path) for place in self._sources_of(name)]
        differing = [(name, place[0]) for name, place in read if place not in fixed and place[0] not in single]
        # Two rows that share all that is read of them are two objects all the same.
        differing += [(own.names, index) for index, _ in own.places or () if index not in single]
        for name, index in differing[:1]:
            if self._frame.sources[index].facts is None:
                self._not_checked(where)
            else:
                self._report_rows(own, where, name, index)

    def _not_checked(self, where: str) -> None:
        self._reporter.note("C307", f"not checked: the key of {where} cannot be traced to a table", _NOT_CHECKED)

    def _report_rows(self, key: _Key, where: str, name: str, index: int) -> None:
        source = self._frame.sources[index]
        table = source.facts.name if source.facts is not None else source.name
        what = f"rows of one {where} may differ in {name}, and the first one counts"
        if name == key.names:
            what = f"several rows of it would be one of {where}"
        message = f"{key.names} is no key of {table}: {what}"
        columns = sorted(source.facts.keys[0]) if source.facts is not None and source.facts.keys else []
        hint = f"key {', '.join(columns)}" if columns else f"give {table} a key"
        self._reporter.error("C307", message, f"{hint}, or a level of its own for {table}")

    def _is_group(self, path: str) -> bool:
        level = self._levels[path].level
        return level is None or level.many

    def _home(self, path: str) -> str:
        """The group that a level's columns belong to: itself, or the one that an embed is in."""
        while not self._is_group(path):
            path = path.rpartition(".")[0]
        return path

    def _names(self, path: str) -> list[str]:
        """The columns of a group and of its embeds, without those that are json levels."""
        nesting = self._described.form.nesting
        json = nesting.by_label if nesting is not None else {}
        levels = [level for level in self._levels.values() if self._home(level.path) == path]
        names = [self._described.columns[number].name for level in levels for number in level.fields.values()]
        return [name for name in names if name not in json]

    def _key(self, level: DescribedLevel) -> _Key:
        names = [self._described.columns[number].name for number in level.key]
        places = [place for name in names if (place := self._place(name)) is not None]
        return _Key(", ".join(names), places if len(places) == len(names) > 0 else None)

    def _place(self, name: str) -> tuple[int, str] | None:
        item = self._items.get(name.lower())
        return None if item is None else self._columns.place(item)

    def _sources_of(self, name: str) -> Sequence[tuple[int, str]]:
        """The columns of this query's sources that a column is computed of; a group's own where it aggregates."""
        item = self._items.get(name.lower())
        if item is None:
            return []
        group = self._tree.args.get("group")
        if group is not None and item.find(exp.AggFunc) is not None:
            found = [self._columns.place(column) for column in group.expressions]
        else:
            nodes = item.walk(prune=lambda node: isinstance(node, exp.Query))
            found = [self._columns.place(node) for node in nodes if isinstance(node, exp.Column)]
        return [place for place in found if place is not None]


def _within(path: str, group: str) -> bool:
    return not group or path == group or path.startswith(f"{group}.")
