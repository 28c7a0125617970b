"""Read a level of nested rows from a column of JSON: the column's value in, a tuple of records out.

JSON has fewer types than a database.  Either a field gets exactly the value that it would get from a column, or pydb
refuses it: because of its type before anything is read, or because of its value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import ip_address, ip_interface, ip_network
from operator import itemgetter
from typing import Any
from uuid import UUID

from pydb.sqlfile.type_words import Address, Instant, Json, Network
from pydb.values import adapters, converters
from pydb.values.converters import Conversion, Converter, conversion_for, misfit
from pydb.values.kinds import DictOf, Kind, ListOf, base_value, word_of
from pydb.values.row_builder import builder, unfit_column

__all__ = ["JSON_CONVERTERS", "NOT_IN_JSON", "JsonValues", "aware_instant", "json_level", "refused_field"]


def _naive(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is not None:
        raise ValueError("an instant, but the record has a naive datetime: annotate it AwareDatetime")
    return moment


def _instant(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def aware_instant(value: str) -> datetime:
    """The instant of a text with an offset.  Raises TypeError for a text without one."""
    moment = datetime.fromisoformat(value)
    return moment.astimezone(UTC) if moment.tzinfo is not None else misfit(value)


def _decimal(value: Any) -> Decimal:
    # A driver has read the document as a float, which has lost digits.
    return misfit(value) if type(value) in (bool, float) else Decimal(value)


def _real(value: Any) -> float:
    return value if type(value) is float else converters.real_number(value)


def _document(value: Any) -> Any:
    return converters.json_of_text(value) if type(value) is str else value


JSON_CONVERTERS: Mapping[Any, Converter | None] = {
    int: None,
    str: None,
    float: _real,
    bool: converters.BOOLEANS.__getitem__,
    Decimal: _decimal,
    datetime: _naive,
    Instant: _instant,
    date: date.fromisoformat,
    time: lambda value: adapters.naive_time(time.fromisoformat(value)),
    UUID: converters.uuid_of_text,
    Address: lambda value: ip_interface(value) if "/" in value else ip_address(value),
    Network: ip_network,
    Json: _document,
}
"""Converters from JSON for an engine that writes times as ISO 8601 and numbers as the JSON standard says."""

NOT_IN_JSON: frozenset[Any] = frozenset({bytes, bytearray, memoryview, timedelta})
"""The types whose values in JSON differ from those of a column."""


@dataclass(frozen=True, slots=True)
class JsonValues:
    """How an engine writes values into JSON: the converters to the record's types, and the types that are refused.

    ``exact_numbers`` says that numbers are written with all their digits, so that they can be read as Decimal.
    """

    converters: Mapping[Any, Converter | None] = field(default_factory=lambda: JSON_CONVERTERS)
    refused: frozenset[Any] = NOT_IN_JSON
    exact_numbers: bool = True


def refused_field(kinds: Mapping[str, Kind], values: JsonValues) -> tuple[str, str] | None:
    """The first field whose type JSON cannot represent, and the word for its type; None if there is none."""
    for name, kind in kinds.items():
        if any(part in values.refused for part in _parts(kind)):
            return name, word_of(kind)
    return None


def _parts(kind: Kind) -> list[Any]:
    if isinstance(kind.type, ListOf | DictOf):
        return _parts(kind.type.item)
    return [kind.type, base_value(kind.type)]


def json_level(
    column: str,
    record: type,
    kinds: Mapping[str, Kind],
    values: JsonValues,
    error: Callable[[str, str], Exception],
) -> Conversion:
    """The conversion of the column.  NULL and ``[]`` become an empty tuple; objects that are all NULL are ignored.

    ``error`` makes a RecordError of a message and a hint.
    """
    fields = tuple(kinds)
    wanted = frozenset(fields)
    build = builder(record, fields, _conversions(kinds, values.converters))
    values_of = itemgetter(*fields)
    take = values_of if len(fields) > 1 else lambda item: (values_of(item),)
    decode = json.JSONDecoder(parse_float=Decimal if values.exact_numbers else None, parse_constant=misfit).decode

    def items_of(value: Any) -> Any:
        try:
            items = value if type(value) is list else decode(value if type(value) is str else str(value, "utf-8"))
        except (ValueError, TypeError):
            hint = "if it is truncated on MariaDB, raise group_concat_max_len"
            raise error(f"column {column} contains text that is not JSON", hint) from None
        if items is None:
            return ()
        if type(items) is not list:
            raise error(f"column {column} contains JSON that is not an array", "aggregate the objects into one array")
        return items

    def read(value: Any) -> tuple[Any, ...]:
        if value is None:
            return ()
        rows = []
        for item in items_of(value):
            if type(item) is not dict:
                if item is None:
                    continue
                raise error(
                    f"column {column} contains an array with items that are not objects",
                    "build one object for each row",
                )
            if item.keys() != wanted:
                raise error(*_different(column, record, fields, item))
            row = take(item)
            if row[0] is not None or any(item is not None for item in row):
                rows.append(row)
        try:
            return tuple(build.many(rows))
        except Exception as failure:
            found = unfit_column(build, failure)
        raise error(*_misfit(column, kinds, found))

    return Conversion(None, read)


def _conversions(kinds: Mapping[str, Kind], known: Mapping[Any, Converter | None]) -> dict[str, Conversion]:
    found = {name: _conversion(kind, known) for name, kind in kinds.items()}
    return {name: conversion for name, conversion in found.items() if conversion is not None}


def _conversion(kind: Kind, known: Mapping[Any, Converter | None]) -> Conversion | None:
    if kind.type is object:
        return Conversion(None, _with_floats, nullable=True)
    if kind.type is Json:
        return Conversion(None, _whole(known[Json] is not None), nullable=True)
    if isinstance(kind.type, DictOf | ListOf):
        return conversion_for(kind, {**known, Json: _document})
    return conversion_for(kind, {**known, Json: lambda value: _with_floats(_document(value))})


def _whole(is_text: bool) -> Converter:
    """The converter of a document of any type; an engine that stores documents as text may return a string."""

    def read(value: Any) -> Any:
        return misfit(value) if is_text and type(value) is str else _with_floats(value)

    return read


def _with_floats(value: Any) -> Any:
    """A document as ``json.loads`` returns it."""
    if type(value) is Decimal:
        return float(value)
    if type(value) is list:
        return [_with_floats(item) for item in value]
    if type(value) is dict:
        return {key: _with_floats(item) for key, item in value.items()}
    return value


def _different(column: str, record: type, fields: tuple[str, ...], item: Mapping[str, Any]) -> tuple[str, str]:
    missing = [name for name in fields if name not in item]
    extra = sum(name not in fields for name in item)
    parts = [f"no key for field {', '.join(missing)}"] if missing else []
    parts += [f"{extra} keys without a field"] if extra else []
    message = f"column {column}: record {record.__name__} has {' and '.join(parts)} in an object of the array"
    return message, "give the object a key for each field"


def _misfit(column: str, kinds: Mapping[str, Kind], found: tuple[str, type] | None) -> tuple[str, str]:
    if found is None:
        return f"column {column} contains an object that its record refuses", "see the checks in the record's class"
    name, given = found
    word = word_of(kinds[name])
    if given is type(None):
        return f"column {column}: {name} is NULL, and {word} is not", f"declare it {word} | None"
    return f"column {column}: {name} is a {given.__name__} that is not a {word}", "CAST it in the SQL"
