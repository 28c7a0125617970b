"""Make arguments for calls: a function's annotations and the values in the database in; sets of arguments out."""

from __future__ import annotations

import ipaddress
import itertools
import math
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from inspect import Parameter, signature
from typing import Annotated, Any, Literal
from uuid import UUID

from pydb.prove.promise import broken_promise, hints_of, is_open
from pydb.sqlfile.type_words import Instant, Json

__all__ = [
    *("Pool", "argument_sets", "count_optional", "none_fits", "sets_of", "sets_type", "takes_anything", "unlike"),
    "values_for",
]

Pool = Mapping[str, Sequence[Any]]
"""The values of each column, by its name, as the driver returns them."""

_CONSTANTS: Mapping[Any, tuple[Any, ...]] = {
    # On PostgreSQL, integers above 32 bits have another type, and on SQLite sums above 64 bits are REAL.
    int: (1, 2, 0, -1, 30, 2**31 - 1, -(2**31)),
    float: (1.5, 0.0, -2.25, 1e300, 3.0),
    str: ("a", "", "it's 100%_:x", "Zoë😀", "1", "2024-02-29", "x" * 300),
    bool: (True, False),
    bytes: (b"abc", b"", b"\x00\xff"),
    Decimal: (Decimal("1.50"), Decimal(0), Decimal("-2.25"), Decimal("99999999.99"), Decimal("123456789012.25")),
    date: (date(2024, 2, 29), date(1999, 12, 31), date(1, 1, 1), date(9999, 12, 31)),
    time: (time(12, 30), time(0), time(23, 59, 58, 999_999)),
    datetime: (datetime(2024, 2, 29, 12, 30), datetime(1999, 12, 31), datetime(2026, 1, 31, 8, 0, 0, 125_000)),
    timedelta: (timedelta(hours=1), timedelta(0), timedelta(days=-1, microseconds=5), timedelta(days=20)),
    UUID: (UUID("12345678-1234-5678-1234-567812345678"), UUID(int=0)),
    dict: ({"a": 1}, {}, {"b": [None, 1.5, "x"]}),
    list: ([1, "x"], []),
    ipaddress.IPv4Address: (ipaddress.IPv4Address("10.0.0.1"),),
    ipaddress.IPv6Address: (ipaddress.IPv6Address("2001:db8::1"),),
    ipaddress.IPv4Interface: (ipaddress.IPv4Interface("10.1.2.3/8"),),
    ipaddress.IPv6Interface: (ipaddress.IPv6Interface("2001:db8::1/64"),),
    ipaddress.IPv4Network: (ipaddress.IPv4Network("10.0.0.0/8"),),
    ipaddress.IPv6Network: (ipaddress.IPv6Network("2001:db8::/32"),),
}
_ANYTHING = ("a", 1, "", None)
_JSON: tuple[Any, ...] = ({"a": 1}, [1, "x"], "text", 1, True, {})


def _moment_of(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _with_zone(moment: Any) -> datetime:
    return _moment_of(moment).replace(tzinfo=UTC)


_MOMENTS = tuple(_with_zone(moment) for moment in _CONSTANTS[datetime])


def _instant_of(value: Any) -> datetime:
    moment = _moment_of(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# Convert a value of the driver to the parameter's type, if that is possible.
_CONVERSIONS: Mapping[Any, Callable[[Any], Any]] = {
    Decimal: lambda value: Decimal(str(value)),
    float: float,
    date: lambda value: _moment_of(value).date() if isinstance(value, datetime) else date.fromisoformat(str(value)),
    time: lambda value: (value if isinstance(value, time) else time.fromisoformat(value)).replace(tzinfo=None),
    datetime: lambda value: _moment_of(value).replace(tzinfo=None),
    UUID: lambda value: value if isinstance(value, UUID) else UUID(str(value)),
    bool: lambda value: {0: False, 1: True}[value],
}


def argument_sets(function: Callable[..., Any], pool: Pool, limit: int, turn: int = 0) -> Iterator[dict[str, Any]]:
    """Up to ``limit`` sets of arguments for a generated function: likely ones first, then None and extreme values.

    Each ``turn`` has other extreme values.
    """
    hints = hints_of(function)
    given = [item for item in signature(function).parameters.values() if item.kind is Parameter.KEYWORD_ONLY]
    choices = {item.name: values_for(hints[item.name], pool, item.name) for item in given}
    optional = [item.name for item in given if item.default is not Parameter.empty]
    yield from itertools.islice(_combined(choices, optional, turn * limit), limit)


def sets_of(kind: Any, pool: Pool, limit: int) -> list[dict[str, Any]]:
    """Up to ``limit`` sets for the TypedDict of a ``:batch``."""
    choices = {name: values_for(hint, pool, name) for name, hint in hints_of(kind).items()}
    return list(itertools.islice(_combined(choices, ()), limit))


def sets_type(function: Callable[..., Any]) -> Any:
    """The TypedDict of the sets of a ``:batch``; None for another function."""
    sets = hints_of(function).get("sets")
    inner = typing.get_args(sets)
    return inner[0] if inner and typing.is_typeddict(inner[0]) else None


def count_optional(function: Callable[..., Any]) -> int:
    """The number of parameters that may be None."""
    hints = hints_of(function)
    return sum(type(None) in typing.get_args(hint) for name, hint in hints.items() if name != "return")


def none_fits(function: Callable[..., Any]) -> frozenset[str]:
    """The parameters whose annotation allows None or any value."""
    hints = {name: hint for name, hint in hints_of(function).items() if name != "return"}
    return frozenset(name for name, hint in hints.items() if type(None) in typing.get_args(hint) or hint is Any)


def takes_anything(function: Callable[..., Any]) -> bool:
    """Whether the type of a parameter is unknown; then a refused value breaks no promise."""
    hints = hints_of(sets_type(function) or function)
    return any(is_open(hint) for name, hint in hints.items() if name != "return")


def _combined(
    choices: Mapping[str, Sequence[Any]], optional: Collection[str], begin: int = 0
) -> Iterator[dict[str, Any]]:
    if not choices:
        yield {}
        return
    if optional:
        yield {name: values[0] for name, values in choices.items() if name not in optional}
    # First the same position of every column, so that the values are of one row.  Then different positions.
    longest = max(map(len, choices.values()))
    for turn in range(min(longest, 3)):
        yield {name: values[turn % len(values)] for name, values in choices.items()}
    for name, values in choices.items():
        if None in values:
            yield {**{other: some[0] for other, some in choices.items()}, name: None}
    # Alternately, one parameter differs from the values of one row, or all of them differ.
    names = list(choices)
    for turn in range(3 + begin, longest * 3 + begin):
        name, step = names[turn % len(names)], turn // len(names)
        alone = choices[name][-1 - step % len(choices[name])]
        yield {**{other: some[0] for other, some in choices.items()}, name: alone}
        yield {
            name: values[(turn + place * (turn // 3)) % len(values)]
            for place, (name, values) in enumerate(choices.items())
        }


def values_for(annotation: Any, pool: Pool, name: str) -> list[Any]:
    """Values of an annotation's type, first those of the column with the parameter's name."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if hasattr(annotation, "__value__"):
        return values_for(annotation.__value__, pool, name)
    if hasattr(annotation, "__supertype__"):
        return values_for(annotation.__supertype__, pool, name)
    if origin in (types.UnionType, typing.Union):
        return _of_union(arguments, pool, name)
    if origin is Annotated:
        return _of_annotated(arguments, pool, name)
    if origin is Literal:
        return list(arguments)
    if annotation is Any or annotation is object:
        return unlike([*itertools.islice(_pool_values(pool, name), 6), *_ANYTHING])
    if origin in (list, Collection, Iterable, Sequence) and arguments:
        items = values_for(arguments[0], pool, name)
        if arguments[0] is Any:  # the items of the lists in the column, or the values of one column
            items = unlike([inner for item in items for inner in (item if isinstance(item, list) else [item])])
        return [items[:1], [], items[:3], items[1:4]]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return list(annotation)
    plain = origin or annotation
    return unlike([*_converted(pool, name, _conversion(plain)), *_CONSTANTS.get(plain, ())])


def _of_annotated(arguments: Sequence[Any], pool: Pool, name: str) -> list[Any]:
    base, *marks = arguments
    if Instant in marks:
        return unlike([*_converted(pool, name, _instant_of), *_MOMENTS])
    return list(_JSON) if Json in marks else values_for(base, pool, name)


def _of_union(arguments: Sequence[Any], pool: Pool, name: str) -> list[Any]:
    members = [member for member in arguments if member is not type(None)]
    lists = [values_for(member, pool, name) for member in members]
    mixed = [value for group in itertools.zip_longest(*lists, fillvalue=None) for value in group if value is not None]
    return [*unlike(mixed), *([None] if type(None) in arguments else [])]


def _conversion(kind: Any) -> Callable[[Any], Any]:
    def same(value: Any) -> Any:
        if broken_promise(value, kind) is not None:
            raise TypeError
        return value

    return _CONVERSIONS.get(kind, same)


def _converted(pool: Pool, name: str, conversion: Callable[[Any], Any]) -> list[Any]:
    found: list[Any] = []
    for value in _pool_values(pool, name):
        with suppress(TypeError, ValueError, KeyError, InvalidOperation, OverflowError):
            converted = conversion(value)
            if not (isinstance(converted, float) and not math.isfinite(converted)) and not (
                isinstance(converted, Decimal) and not converted.is_finite()
            ):
                found.append(converted)
        if len(found) >= 12:
            break
    return found


def _pool_values(pool: Pool, name: str) -> Iterator[Any]:
    """The values of the column with the parameter's name, and then those of all other columns."""
    known = [name, name.removesuffix("_"), name.removesuffix("s"), f"{name}_id", name.rpartition("_")[2]]
    own = next((pool[word] for word in known if word in pool), ())
    yield from own
    for column, values in pool.items():
        if column not in known:
            yield from values[:2]


def unlike(values: Iterable[Any]) -> list[Any]:
    """The values without duplicates; 1, 1.0 and True are different values."""
    return list({(type(value), repr(value)): value for value in values}.values())
