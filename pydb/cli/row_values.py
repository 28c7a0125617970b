"""Convert values for ``pydb run`` to the types of the project's record: a driver's rows in, typed rows out.

SQLite's driver returns 0 and 1 for booleans, and text for timestamps.  A value that does not fit its type is shown
unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from pydb.cli.project_records import project_records
from pydb.engines.base import Rules
from pydb.project import Project
from pydb.sqlfile.definition import Definition
from pydb.sqlfile.nested import Nesting
from pydb.sqlfile.type_words import Json
from pydb.values.converters import Conversion
from pydb.values.kinds import Kind
from pydb.values.nested_records import kinds_by_label, record_tree
from pydb.values.records import field_kinds

__all__ = ["record_kinds", "typed_rows"]


def record_kinds(project: Project, definition: Definition, nesting: Nesting | None = None) -> Mapping[str, Kind]:
    """The kinds of the fields of the statement's record; empty if the project has no such record.

    With ``nesting``, they are the kinds of the fields of all levels, by column label.
    """
    json = {level.label: Kind(Json, nullable=True) for level in nesting.levels if level.json} if nesting else {}
    if definition.record in (None, "scalar"):
        return {}
    try:
        records = project_records(project) or {}
        record = records.get(definition.record or "")
        if record is None or nesting is None:
            return json if record is None else field_kinds(record)
        return {**kinds_by_label(record_tree(record, nesting, records)), **json}
    except Exception:
        # The package may be stale or broken; `pydb run` must work then too, to find out what is wrong.
        return json


def typed_rows(
    rows: Iterable[Sequence[Any]], columns: Sequence[tuple[str, Any]], kinds: Mapping[str, Kind], rules: Rules
) -> Iterator[list[Any]]:
    """The rows with their values converted; ``columns`` are the names with the driver's type codes."""
    conversions = [rules.conversion(kinds[name], code) if name in kinds else None for name, code in columns]
    for row in rows:
        if len(row) == len(conversions):
            yield [_read(conversion, value) for conversion, value in zip(conversions, row, strict=True)]
        else:
            yield [_stored(value) for value in row]


def _read(conversion: Conversion | None, value: Any) -> Any:
    if conversion is None or value is None:
        return _stored(value)
    try:
        return _stored(conversion.value(value))
    except Exception:
        return value


def _stored(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
