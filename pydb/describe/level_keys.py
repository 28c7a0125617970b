"""Check the keys of nested rows: an analysed statement and its levels in, keys that would lose or merge objects out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from pydb.describe.analysis.scope import GIVING_UP, Frame
from pydb.describe.analysis.statement_analysis import Analysis
from pydb.describe.cardinality import Equality, SourceColumns, equalities_of, fixed_columns
from pydb.describe.described import DescribedColumn, DescribedLevel, LevelProblem
from pydb.describe.levels import items_by_name
from pydb.sqlfile.definition import TypeName
from pydb.sqlfile.nested import Nesting

__all__ = ["Nested", "at_most_one_root", "level_problems"]

_NOT_CHECKED = "write -- @group … key <column> with a plain column of a table"


@dataclass(frozen=True, slots=True)
class Nested:
    """The nested rows of an analysed statement; ``declared`` are the types that ``@column`` declares."""

    nesting: Nesting
    columns: Sequence[DescribedColumn]
    levels: Sequence[DescribedLevel]
    declared: Mapping[str, TypeName]


def level_problems(analysis: Analysis, nested: Nested) -> tuple[LevelProblem, ...]:
    """The keys that may be NULL in rows that exist, or that do not identify the rows of their level."""
    tree, nesting = analysis.tree, nested.nesting
    if not nested.columns:
        return ()
    frame = analysis.context.frames.get(id(tree)) if isinstance(tree, exp.Select) else None
    if frame is None or tree is None:
        return (_not_checked("not checked: the keys of the levels cannot be traced to tables"),)
    keys = _Keys(nested, tree, frame)
    for level in nested.levels:
        if level.level is not None or nesting.groups:
            keys.check_nulls(level)
    if nesting.groups:
        for path in ("", *(level.path for level in nesting.chain)):
            keys.check_rows(path)
    return tuple(keys.found)


def _not_checked(message: str) -> LevelProblem:
    return LevelProblem(message, _NOT_CHECKED, loses_rows=True, checked=False)


def at_most_one_root(analysis: Analysis, nested: Nested) -> bool:
    """Whether the grouped rows certainly make at most one root."""
    tree = analysis.tree
    frame = analysis.context.frames.get(id(tree)) if isinstance(tree, exp.Select) else None
    if frame is None or not isinstance(tree, exp.Select):
        return False
    columns, items = SourceColumns(frame), items_by_name(tree)
    try:
        equalities = equalities_of(tree, columns)
    except GIVING_UP:
        return False
    names = [nested.columns[number].name.lower() for number in nested.levels[0].key]
    places = [columns.place(items[name]) for name in names if name in items]
    if equalities is None or len(places) < len(names):
        return False
    fixed, _ = fixed_columns(equalities, frame.sources)
    return all(place in fixed for place in places)


@dataclass(slots=True)
class _Key:
    """The columns of a key, as source number and name; None if one of them is not a plain column."""

    names: str
    places: list[tuple[int, str]] | None


class _Keys:
    """Checks the keys of one statement's levels, and collects the problems in ``found``."""

    def __init__(self, nested: Nested, tree: exp.Expr, frame: Frame) -> None:
        self.found: list[LevelProblem] = []
        self._nested, self._tree, self._frame = nested, tree, frame
        self._columns = SourceColumns(frame)
        self._items = items_by_name(tree)
        self._equalities: list[Equality] | None = equalities_of(tree, self._columns)
        self._levels = {level.path: level for level in nested.levels}

    def check_nulls(self, level: DescribedLevel) -> None:
        """Report a key that may be NULL although its row exists: the object would be omitted without an error."""
        for number in level.key:
            column = self._nested.columns[number]
            declared = self._nested.declared.get(column.name)
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
        message = f"the key {name} of {path} may be NULL in a row that exists"
        hint = f"use a NOT NULL column as the key, or add -- @column {name} <type> if it is never NULL"
        self.found.append(LevelProblem(message, hint, loses_rows=False))

    def _may_be_null(self, index: int, name: str) -> bool:
        source = self._frame.sources[index]
        numbers = source.places.get(name, ())
        return source.columns is not None and any(source.columns[number].nullable for number in numbers)

    def check_rows(self, path: str) -> None:
        """Report a key that different rows may share: all rows but the first would be lost."""
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
        # Two rows are two objects, even if all the columns that are read are equal.
        differing += [(own.names, index) for index, _ in own.places or () if index not in single]
        for name, index in differing[:1]:
            if self._frame.sources[index].facts is None:
                self._not_checked(where)
            else:
                self._report_rows(own, where, name, index)

    def _not_checked(self, where: str) -> None:
        self.found.append(_not_checked(f"not checked: the key of {where} cannot be traced to a table"))

    def _report_rows(self, key: _Key, where: str, name: str, index: int) -> None:
        source = self._frame.sources[index]
        table = source.facts.name if source.facts is not None else source.name
        what = f"rows of one {where} may differ in {name}, and only the first is used"
        if name == key.names:
            what = f"several of its rows would become one object of {where}"
        message = f"{key.names} is not a key of {table}: {what}"
        columns = sorted(source.facts.keys[0]) if source.facts is not None and source.facts.keys else []
        hint = f"write key {', '.join(columns)}" if columns else f"give {table} a key"
        self.found.append(LevelProblem(message, f"{hint}, or make a separate level for {table}", loses_rows=True))

    def _is_group(self, path: str) -> bool:
        level = self._levels[path].level
        return level is None or level.many

    def _home(self, path: str) -> str:
        """The path of the group to which a level's columns belong: a group itself, or the group around an embed."""
        while not self._is_group(path):
            path = path.rpartition(".")[0]
        return path

    def _names(self, path: str) -> list[str]:
        """The columns of a group and its embeds, without the columns of json levels."""
        json = self._nested.nesting.by_label
        levels = [level for level in self._levels.values() if self._home(level.path) == path]
        names = [self._nested.columns[number].name for level in levels for number in level.fields.values()]
        return [name for name in names if name not in json]

    def _key(self, level: DescribedLevel) -> _Key:
        names = [self._nested.columns[number].name for number in level.key]
        places = [place for name in names if (place := self._place(name)) is not None]
        return _Key(", ".join(names), places if len(places) == len(names) > 0 else None)

    def _place(self, name: str) -> tuple[int, str] | None:
        item = self._items.get(name.lower())
        return None if item is None else self._columns.place(item)

    def _sources_of(self, name: str) -> Sequence[tuple[int, str]]:
        """The source columns from which a result column is computed; for an aggregate, the columns of GROUP BY."""
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
