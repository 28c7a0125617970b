"""Describe values that Python cannot represent, such as infinite dates: psycopg's results in, descriptions out.

psycopg refuses most of them without naming the column, and converts a month of an interval to 30 days:
https://www.psycopg.org/psycopg3/docs/basic/adapt.html#date-time-types-adaptation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from types import TracebackType
from typing import Any, ClassVar
from weakref import WeakSet

from pydb.values.unfit import Altered, Unreadable

__all__ = ["INTERVALS", "IntervalWithMonths", "load_intervals", "unreadable"]

_INTERVAL = 1186
INTERVALS = frozenset({_INTERVAL, 1187})
"""The numbers of interval and interval[] in pg_type."""

# By number in pg_type: a type, its array, its range and its multirange.
_TYPES = {
    **dict.fromkeys((1082, 1182, 3912, 3913, 4535), "date"),
    **dict.fromkeys((1114, 1115, 3908, 3909, 4533), "timestamp"),
    **dict.fromkeys((1184, 1185, 3910, 3911, 4534), "timestamptz"),
    **dict.fromkeys((1083, 1183), "time"),
    **dict.fromkeys((1266, 1270), "timetz"),
    **dict.fromkeys(INTERVALS, "interval"),
}
_WIDE_YEAR = re.compile(rb"\d{5,}-\d\d")
_BEFORE_CHRIST = re.compile(rb"\bBC\b")
_MONTHS = re.compile(rb"year|mon")


class IntervalWithMonths(timedelta, Altered):
    """The timedelta that psycopg makes of an interval with months of 30 days, or years of 365 days."""

    __slots__ = ()

    what: ClassVar[str] = "an interval with months"


_prepared: WeakSet[Any] = WeakSet()


def load_intervals(driver: Any) -> None:
    """Make a psycopg connection return an ``IntervalWithMonths`` for an interval with months."""
    if driver in _prepared:
        return
    _prepared.add(driver)
    from psycopg.adapt import Loader
    from psycopg.pq import Format

    inner = driver.adapters.get_loader(_INTERVAL, Format.TEXT)

    class IntervalLoader(Loader):
        def __init__(self, oid: int, context: Any = None) -> None:
            super().__init__(oid, context)
            self._load = inner(oid, context).load

        def load(self, data: Any) -> Any:
            made = self._load(data)
            if type(made) is timedelta and _MONTHS.search(data):
                return IntervalWithMonths(made.days, made.seconds, made.microseconds)
            return made

    driver.adapters.register_loader(_INTERVAL, IntervalLoader)


def unreadable(orig: BaseException, answer: Any) -> Unreadable | None:
    """The column of the answer that psycopg could not read, and why; None if the exception means something else.

    ``answer`` is libpq's result that was read; None if it is unknown.
    """
    import psycopg

    if not isinstance(orig, psycopg.DataError) or orig.sqlstate is not None:
        return None
    for result in [answer] if answer is not None else _answers(orig.__traceback__):
        for row in range(result.ntuples):
            for column in range(result.nfields):
                what = _what(_TYPES.get(result.ftype(column)), result.get_value(row, column))
                if what is not None:
                    return Unreadable(result.fname(column).decode(errors="replace"), what)
    return None


def _answers(step: TracebackType | None) -> Iterator[Any]:
    """libpq's results in psycopg's frames of the traceback: a server-side cursor no longer has its result."""
    from psycopg.pq import PGresult

    while step is not None:
        yield from [value for value in step.tb_frame.f_locals.values() if isinstance(value, PGresult)]
        step = step.tb_next


def _what(type_: str | None, text: bytes | None) -> str | None:
    """The description of a value, from its text; None if Python can represent it."""
    if type_ is None or text is None:
        return None
    if type_ == "interval":
        return "an interval that is longer than a timedelta"
    if type_ in ("time", "timetz"):
        return "the time 24:00" if b"24:00" in text else None
    if b"infinity" in text:
        return f"an infinite {type_}"
    if _BEFORE_CHRIST.search(text):
        return f"a {type_} before the year 1"
    return f"a {type_} after the year 9999" if _WIDE_YEAR.search(text) else None
