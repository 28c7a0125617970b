"""Match records with nested rows: a record class and the levels of the directives in, a tree of records out."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydb.errors import RecordError
from pydb.sqlfile.nested import Level, Nesting
from pydb.values.kinds import Kind
from pydb.values.records import field_hints, field_kinds

__all__ = ["RecordLevel", "kinds_by_label", "level_fit", "record_tree"]


@dataclass(frozen=True, slots=True)
class RecordLevel:
    """One level of nested rows with its record; the root has no ``level``.

    ``kinds`` are those of the fields that columns fill, ``children`` the levels that fill the other fields.
    ``optional`` says that an embed may be None.
    """

    level: Level | None
    record: type
    kinds: Mapping[str, Kind]
    children: tuple[RecordLevel, ...]
    optional: bool = False

    @property
    def path(self) -> str:
        """Its path; empty for the root."""
        return self.level.path if self.level is not None else ""


def record_tree(record: type, nesting: Nesting, records: Mapping[str, type]) -> RecordLevel:
    """The tree of records that a statement fills; ``records`` has the classes by name.

    Raises RecordError for a record whose fields do not match the directives.
    """
    return _level(None, record, nesting, records, False)


def _level(
    level: Level | None, record: type, nesting: Nesting, records: Mapping[str, type], optional: bool
) -> RecordLevel:
    below = nesting.children(level.path if level is not None else "")
    hints = field_hints(record)
    children = [_child(record, hints, child, nesting, records) for child in below]
    kinds = field_kinds(record, without={child.name for child in below})
    return RecordLevel(level, record, kinds, tuple(children), optional)


def _child(
    parent: type, hints: Mapping[str, Any], level: Level, nesting: Nesting, records: Mapping[str, type]
) -> RecordLevel:
    record = records.get(level.record)
    if record is None:
        raise RecordError(f"there is no record {level.record} for the level {level.path}", hint="pass it in records")
    wanted = f"tuple[{level.record}, ...]" if level.many else f"{level.record} or {level.record} | None"
    where = f"record {parent.__name__}"
    if level.name not in hints:
        raise RecordError(f"{where} has no field for {level.directive}", hint=f"{level.name}: {wanted}")
    optional = level_fit(hints[level.name], level, lambda annotation: annotation is record)
    if optional is None:
        raise RecordError(f"{where}: field {level.name} does not fit {level.directive}", hint=f"annotate it {wanted}")
    return _level(level, record, nesting, records, optional)


def level_fit(annotation: Any, level: Level, is_record: Callable[[Any], bool]) -> bool | None:
    """Whether an annotation that fits the level allows None; None if the annotation does not fit.

    ``is_record`` says whether an annotation is the level's record.
    """
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if level.many:
        fits = origin is tuple and len(arguments) == 2 and arguments[1] is ... and is_record(arguments[0])
        return False if fits else None
    if is_record(annotation):
        return False
    members = [item for item in arguments if item is not types.NoneType]
    is_optional = origin in (types.UnionType, typing.Union) and len(members) == 1 < len(arguments)
    return True if is_optional and is_record(members[0]) else None


def kinds_by_label(tree: RecordLevel) -> dict[str, Kind]:
    """The kinds of the columns of all joined levels, by the columns' labels."""
    prefix = f"{tree.level.label}__" if tree.level is not None else ""
    found = {f"{prefix}{name}": kind for name, kind in tree.kinds.items()}
    for child in tree.children:
        if child.level is not None and not child.level.json:
            found |= kinds_by_label(child)
    return found
