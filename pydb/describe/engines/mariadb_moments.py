"""Find the types of dates and times that MariaDB computes: columns as the server reports them in, with their types out.

A TIME of MariaDB may be from -838:59:59 to 838:59:59.  A date that is made from a number or a text may be 0000-00-00 or
contain a zero; PyMySQL returns such a date as text: https://mariadb.com/kb/en/date/.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlglot import exp

from pydb.describe.analysis.nullability import value
from pydb.describe.analysis.scope import GIVING_UP, Frame
from pydb.describe.analysis.statement_analysis import Analysis
from pydb.describe.analysis.windows import own_nodes
from pydb.describe.described import DescribedParameter
from pydb.describe.session import RawColumn

__all__ = ["TIME_SPAN", "with_moments"]

TIME_SPAN = "time span"
"""The type of a computed TIME: it is a duration, or a time of day if ``@column`` says so."""

_DATES = frozenset({"date", "datetime", "timestamp"})
_DATE_CASTS = frozenset({"DATE", "DATETIME", "DATETIME2", "TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMPLTZ"})
_OF_TEXT = (exp.StrToDate, exp.StrToTime)
_OF_ANYTHING = (exp.TsOrDsToDate, exp.Timestamp, exp.Date)
_CLOCKS = (exp.CurrentDate, exp.CurrentTimestamp, exp.UtcTimestamp, exp.UtcDate, exp.UnixToTime)
_CLOCK_NAMES = frozenset({"now", "sysdate", "utc_timestamp", "utc_date", "makedate", "localtime", "localtimestamp"})
_SHIFTS = (exp.DateAdd, exp.DateSub, exp.TimestampAdd, exp.Add, exp.Sub, exp.Paren)
_SHIFT_NAMES = frozenset({"adddate", "subdate"})
_MOMENT_WORDS = frozenset({"date", "datetime", "AwareDatetime"})


def with_moments(
    columns: Sequence[RawColumn], analysis: Analysis, parameters: Mapping[str, DescribedParameter]
) -> tuple[RawColumn, ...]:
    """The columns with the types of their values; a column of a table keeps the table's type."""
    known = analysis.columns if analysis.columns is not None and len(analysis.columns) == len(columns) else ()
    stored = [
        column.table is not None or any(item.table for item in known[i : i + 1]) for i, column in enumerate(columns)
    ]
    makes = any(column.type in _DATES for column in columns) and _makes_dates(analysis, parameters)
    return tuple(
        column
        if stored[index]
        else replace(column, type=TIME_SPAN)
        if column.type == "time"
        else replace(column, type=None, depends=True)
        if makes and column.type in _DATES
        else column
        for index, column in enumerate(columns)
    )


def _makes_dates(analysis: Analysis, parameters: Mapping[str, DescribedParameter]) -> bool:
    """Whether a select list of the statement may make a date from a value that is not a date."""
    if analysis.tree is None:
        return True
    try:
        return any(
            _may_be_no_date(node, frame, parameters)
            for frame in list(analysis.context.frames.values())
            for item in (frame.node.expressions if frame.node is not None else ())
            for node in own_nodes(item)
        )
    except GIVING_UP:
        return True


def _may_be_no_date(node: exp.Expr, frame: Frame, parameters: Mapping[str, DescribedParameter]) -> bool:
    if isinstance(node, _OF_TEXT) or (isinstance(node, exp.Anonymous) and str(node.this).lower() == "from_days"):
        return True
    cast = isinstance(node, exp.Cast) and isinstance(node.to.this, exp.DType) and node.to.this.name in _DATE_CASTS
    return (cast or isinstance(node, _OF_ANYTHING)) and not _is_moment(node.this, frame, parameters)


def _is_moment(node: exp.Expr, frame: Frame, parameters: Mapping[str, DescribedParameter]) -> bool:
    """Whether a value is a date, or the text of a valid date."""
    if isinstance(node, exp.Placeholder):
        found = parameters.get(str(node.this))
        return found is not None and found.word in _MOMENT_WORDS
    if isinstance(node, exp.Literal):
        return node.is_string and _is_date(str(node.this))
    name = str(node.this).lower() if isinstance(node, exp.Anonymous) else ""
    if isinstance(node, _CLOCKS) or name in _CLOCK_NAMES:
        return True
    if isinstance(node, (*_SHIFTS, *_OF_ANYTHING, exp.Cast)):
        return _is_moment(node.this, frame, parameters)
    if name in _SHIFT_NAMES and node.expressions:
        return _is_moment(node.expressions[0], frame, parameters)
    return value(node, frame).kind == "temporal"


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
