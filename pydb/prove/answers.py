"""Compare the answers of several engines to one call: the answers in, their difference out.

Rows are compared as multisets, and in order if the order is total.  Floats are equal within 1e-12, and errors if they
have the same class.  Of values that change at each call (generated keys, times, random numbers) only the classes are
compared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Literal

__all__ = ["Answer", "AnswerDifference", "Rows", "difference", "equal", "rows_of", "unsteady"]

_NOW = timedelta(minutes=10)
"""If the distance of a moment from now is less than this, the moment is regarded as the time of a clock."""

_CLOSE = 1e-12

Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one engine: ``rows`` with their ``names``, or an ``error`` with its class and text.

    ``broken`` says which promise of the signature is broken, and ``text`` has the row.  After a call that writes,
    ``tables`` has the columns and rows of the tables by name.
    """

    names: tuple[str, ...] = ()
    rows: Rows = ()
    error: str | None = None
    text: str = ""
    broken: str | None = None
    of_the_data: bool = False
    tables: Mapping[str, tuple[tuple[str, ...], Rows]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """The difference of two answers: its kind (``what``), and the two values that are not equal.

    ``where`` is the table, or None for the rows that the call returned.  ``column`` is the column if one value differs.
    """

    what: Literal["error", "count", "order", "value", "columns"]
    here: Any
    there: Any
    column: str | None = None
    where: str | None = None


def rows_of(result: Any) -> tuple[tuple[str, ...], Rows]:
    """The result of a function as column names and rows; a single value is a row with one column."""
    items = result if isinstance(result, list) else [] if result is None else [result]
    names = _names(items[0]) if items else ()
    return names, [_row(item) for item in items]


def _names(item: Any) -> tuple[str, ...]:
    if is_dataclass(item):
        return tuple(one.name for one in fields(item))
    return tuple(getattr(item, "_fields", None) or ("the value",))


def _row(item: Any) -> tuple[Any, ...]:
    if is_dataclass(item):
        return tuple(getattr(item, one.name) for one in fields(item))
    return tuple(item) if hasattr(item, "_fields") else (item,)


def equal(one: Any, other: Any) -> bool:
    """Whether two values mean the same to a caller."""
    if one is None or other is None:
        return one is other
    if isinstance(one, Enum) or isinstance(other, Enum):
        return one is other
    if _is_number(one) and _is_number(other):
        return _equal_numbers(one, other)
    if isinstance(one, datetime) and isinstance(other, datetime):
        return (one.tzinfo is None) == (other.tzinfo is None) and (one == other or (_is_now(one) and _is_now(other)))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(value, other[key]) for key, value in one.items())
    if is_dataclass(one) and type(one) is type(other):
        return all(equal(getattr(one, item.name), getattr(other, item.name)) for item in fields(one))
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(equal, one, other))
    return type(one) is type(other) and bool(one == other)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal))


def _equal_numbers(one: Any, other: Any) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        here, there = float(one), float(other)
        if math.isnan(here) or math.isnan(there):
            return math.isnan(here) and math.isnan(there)
        return math.isclose(here, there, rel_tol=_CLOSE, abs_tol=_CLOSE)
    return bool(one == other)


def _is_now(moment: datetime) -> bool:
    return abs(datetime.now(UTC) - (moment if moment.tzinfo else moment.replace(tzinfo=UTC))) < _NOW


def unsteady(one: Answer, again: Answer) -> set[tuple[str | None, int]]:
    """The places, as (table, column), where an engine answers the same call differently: keys, times, random values."""
    found = _unsteady(None, one.rows, again.rows)
    for table, (_, rows) in one.tables.items():
        found |= _unsteady(table, rows, again.tables.get(table, ((), ()))[1])
    return found


def _unsteady(table: str | None, one: Rows, again: Rows) -> set[tuple[str | None, int]]:
    width = max((len(row) for row in (*one, *again)), default=0)
    if len(one) != len(again):
        return {(table, column) for column in range(width)}
    pairs = list(zip(one, again, strict=True))
    return {(table, place) for place in range(width) if any(not equal(a[place], b[place]) for a, b in pairs)}


def difference(
    here: Answer, there: Answer, *, ordered: bool, by_kind: set[tuple[str | None, int]] | None = None
) -> AnswerDifference | None:
    """How two engines' answers differ; at the places ``by_kind`` only the classes of values are compared."""
    unsure = by_kind or set()
    if here.error != there.error:
        return AnswerDifference("error", here.error or here.rows, there.error or there.rows)
    one, other = (here.rows, there.rows) if ordered else (_without_order(here.rows), _without_order(there.rows))
    found = _in_rows(None, here.names or there.names, one, other, unsure, ordered=ordered)
    for table, (names, rows) in here.tables.items():
        found = found or _in_rows(table, names, rows, there.tables[table][1], unsure, ordered=False)
    return found


def _without_order(rows: Rows) -> Rows:
    """The rows with the objects of each level sorted, because without a total order they may be in any order."""
    return [tuple(map(_settled, row)) for row in rows]


def _settled(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _settled(getattr(value, one.name)) for one in fields(value) if one.init})
    if isinstance(value, tuple) and value and all(map(is_dataclass, value)):
        return tuple(sorted(map(_settled, value), key=repr))
    return value


def _in_rows(
    where: str | None,
    names: tuple[str, ...],
    here: Rows,
    there: Rows,
    by_kind: set[tuple[str | None, int]],
    *,
    ordered: bool,
) -> AnswerDifference | None:
    if len(here) != len(there):
        return AnswerDifference("count", here, there, None, where)
    plain = [[_by_kind(row, where, by_kind) for row in rows] for rows in (here, there)]
    if all(map(equal, *plain)):
        return None
    lone = _unmatched(*plain)
    if lone is None:
        return AnswerDifference("order", here, there, None, where) if ordered else None
    one, other = (rows[index] for rows, index in zip((here, there), lone, strict=True))
    if len(one) != len(other):
        return AnswerDifference("columns", one, other, None, where)
    for name, a, b in zip(names, *(plain[side][lone[side]] for side in (0, 1)), strict=True):
        if not equal(a, b):
            return AnswerDifference("value", a, b, name, where)
    return None


def _by_kind(row: tuple[Any, ...], where: str | None, by_kind: set[tuple[str | None, int]]) -> tuple[Any, ...]:
    return tuple(type(value).__name__ if (where, place) in by_kind else value for place, value in enumerate(row))


def _unmatched(here: Sequence[tuple[Any, ...]], there: Sequence[tuple[Any, ...]]) -> tuple[int, int] | None:
    """The two most similar rows, one of each side, among the rows that only one side has."""
    left = list(range(len(there)))
    lone = []
    for index, row in enumerate(here):
        match = next((other for other in left if equal(row, there[other])), None)
        lone.append(index) if match is None else left.remove(match)
    if not lone:
        return None
    # The first columns usually identify the row.
    return max(
        ((one, other) for one in lone for other in left),
        key=lambda pair: tuple(map(equal, here[pair[0]], there[pair[1]])),
    )
