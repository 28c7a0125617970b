"""Read record classes: dataclasses in, their fields and the columns that fill them out.

A record is a ``@dataclass(frozen=True, slots=True)`` of the application.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Container, Iterable, Sequence
from types import ModuleType
from typing import Any

from pydb.errors import RecordError
from pydb.values.kinds import Kind, kind_of

__all__ = ["columns_differ", "field_hints", "field_kinds", "records_by_name"]


def records_by_name(records: Iterable[type] | ModuleType) -> dict[str, type]:
    """The dataclasses of an iterable or a module, by class name.

    Raises RecordError for a class that is not a dataclass, and for two classes with one name.
    """
    if isinstance(records, ModuleType):
        found = [item for item in vars(records).values() if isinstance(item, type) and dataclasses.is_dataclass(item)]
    elif isinstance(records, Iterable) and not isinstance(records, type):
        found = list(records)
    else:
        what = records.__name__ if isinstance(records, type) else type(records).__name__
        raise RecordError(f"{what} is not an iterable of records", hint="records=[User, BlogPost], or a module of them")
    named: dict[str, type] = {}
    for record in found:
        if not (isinstance(record, type) and dataclasses.is_dataclass(record)):
            raise RecordError(
                f"{getattr(record, '__name__', type(record).__name__)} is not a dataclass",
                hint="a record is a class under @dataclass(frozen=True, slots=True)",
            )
        if named.setdefault(record.__name__, record) is not record:
            raise RecordError(f"two records are named {record.__name__}", hint="rename one of them")
    return named


def field_hints(record: type) -> dict[str, Any]:
    """The fields that must be filled, in order, with their annotations.

    Raises RecordError for an annotation with a name that its module lacks.
    """
    try:
        hints = typing.get_type_hints(record, include_extras=True)
    except NameError as error:
        raise RecordError(
            f"record {record.__name__}: an annotation names {error.name}, which its module does not have",
            hint="import the type outside of `if TYPE_CHECKING:`",
        ) from None
    return {field.name: hints[field.name] for field in dataclasses.fields(record) if field.init}


def field_kinds(record: type, without: Container[str] = ()) -> dict[str, Kind]:
    """The fields that a row's columns must fill, in order, with their kinds; ``without`` are fields of levels.

    Raises RecordError for an annotation that no column can have.
    """
    kinds = {}
    for name, hint in field_hints(record).items():
        if name not in without:
            try:
                kinds[name] = kind_of(hint)
            except TypeError as error:
                raise RecordError(f"record {record.__name__}: field {name}: {error}") from None
    return kinds


def columns_differ(record: type, fields: Iterable[str], columns: Sequence[str]) -> str | None:
    """The message if these columns do not match the record's fields, or None."""
    wanted = dict.fromkeys(fields)
    given = set(columns)
    missing = [name for name in wanted if name not in given]
    extra = [name for name in columns if name not in wanted]
    parts = []
    if missing:
        parts.append(f"no column for field {', '.join(missing)}")
    if extra:
        parts.append(f"no field for column {', '.join(extra)}")
    return f"record {record.__name__} has {' and '.join(parts)}" if parts else None
