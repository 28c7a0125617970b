"""Check the columns of one statement's result on one engine: a cursor in, the builder of its rows out.

Raises RecordError if the columns, or a value in them, do not match the record or ``@column``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import CursorResult
from sqlalchemy.engine import Dialect
from sqlalchemy.types import UserDefinedType

from pydb.engines.base import Rules, json_functions, rules_for
from pydb.errors import DataError, PydbError, RecordError
from pydb.execution.nested import NestedRows
from pydb.sqlfile.definition import Form
from pydb.values.converters import Conversion, Converter
from pydb.values.kinds import Kind, word_of
from pydb.values.records import columns_differ
from pydb.values.row_builder import Builder, builder, unfit_column, wrong_layout
from pydb.values.unfit import Altered, Unreadable, given_class

if TYPE_CHECKING:
    from sqlalchemy.sql.type_api import _ResultProcessorType

__all__ = ["UNFIT", "ResultColumns", "Suspects", "ValueType"]

UNFIT = "Python has no equal value: CAST it to text, or exclude such rows"
"""The hint for a value without an equal Python value."""

Suspects = tuple[tuple[int, str], ...]
"""The indexes and names of columns whose values the driver may have altered."""

_Layout = tuple[tuple[str, Any], ...]
"""The names of a result's columns, each with the driver's code of its type."""

_ANYTHING = Kind(object)


class _Misfit(Exception):
    """A value of a Core row does not match ``@column``; it has the column and the value's class."""


class ValueType(UserDefinedType[Any]):
    """The Core type of a result column: the engine's conversion to the Python type of ``@column``."""

    cache_ok = True

    def __init__(self, column: str, kind: Kind) -> None:
        self.column, self.kind = column, kind

    def result_processor(self, dialect: Dialect, coltype: Any) -> _ResultProcessorType[Any] | None:
        conversion = rules_for(dialect.name).conversion(self.kind, coltype, json_functions(dialect)[1])
        return None if conversion is None else partial(self._read, conversion)

    def _read(self, conversion: Conversion, value: Any) -> Any:
        try:
            return conversion.value(value)
        except Exception:
            raise _Misfit(self.column, given_class(value)) from None


class ResultColumns:
    """What is known about a statement's columns; ``builder`` is None before the first result.

    ``kinds`` has the kinds from the record's fields, from ``@column``, and from check.  ``declared`` are the columns of
    ``@column``.  ``nested`` has the levels of nested rows.  ``error`` makes an error with the statement's file and
    line.
    ``json_loads`` is the engine's ``json_deserializer``.
    """

    def __init__(
        self,
        form: Form,
        rules: Rules,
        record: type | None,
        kinds: Mapping[str, Kind],
        declared: Collection[str],
        error: Callable[[type[PydbError], str, str | None], PydbError],
        json_loads: Converter | None = None,
        nested: NestedRows | None = None,
    ) -> None:
        self._form, self._rules, self._record, self._kinds, self._error = form, rules, record, kinds, error
        self._declared, self._json_loads, self._nested = declared, json_loads, nested
        self.builder: Builder | None = None
        self._layout: tuple[_Layout, Builder] | None = None

    def builder_for(self, cursor: Any) -> Builder:
        """The builder of the rows of this cursor or result.  Raises RecordError if the columns do not fit.

        The columns of a ``*`` may change, or change their order, before the next call.
        """
        if self._form.fixes_columns:
            if self.builder is None:
                self.builder = self._new_builder(_description(cursor))
            return self.builder
        description = _description(cursor)
        layout: _Layout = tuple([(column[0], column[1]) for column in description])
        known = self._layout
        if known is None or known[0] != layout:
            try:
                known = self._layout = layout, self._new_builder(description)
            except RecordError:
                if known is None:
                    raise
                raise self._changed(known[1]) from None
            self.builder = known[1]
        return known[1]

    def _changed(self, known: Builder) -> PydbError:
        message = f"its columns are no longer {', '.join(self._displayed(known.columns))}"
        return self._error(RecordError, message, "list the columns instead of *, and restart after a schema change")

    def _new_builder(self, description: Any) -> Builder:
        columns = tuple(column[0] for column in description)
        self._check_unique(columns)
        kinds = self._kinds
        if self._record is not None and self._nested is None:
            different = columns_differ(self._record, kinds, self._displayed(columns))
            if different:
                raise self._error(RecordError, different, "select one column for each field of the record")
        if self._record is None and len(columns) != 1:
            raise self._error(RecordError, f"a scalar has one column, not {len(columns)}", "name a record")
        self._check_declared(columns)
        if self._record is None and columns[0] not in kinds:
            # Each engine has its own name for a column that the SQL does not name.
            kinds = self._kinds = dict(zip(columns, kinds.values(), strict=False))
        found = {
            column: self._rules.conversion(kinds.get(column, _ANYTHING), type_code, self._json_loads)
            for column, type_code, *_ in description
        }
        conversions = {column: conversion for column, conversion in found.items() if conversion is not None}
        return (
            builder(self._record, columns, conversions)
            if self._nested is None
            else self._nested.builder(columns, conversions)
        )

    def check(self, result: Any) -> Suspects:
        """Check the columns of Core rows; return the columns that ``unaltered`` must check.  Raises RecordError."""
        description = _description(result)
        columns = tuple(column[0] for column in description)
        self._check_unique(columns)
        self._check_declared(columns)
        altered = self._rules.altered_types
        if not altered:
            return ()
        return tuple([(place, column[0]) for place, column in enumerate(description) if column[1] in altered])

    def unaltered(self, rows: Any, suspects: Suspects) -> list[Any]:
        """The same rows, in a list.  Raises DataError if a value is not equal to the database's value."""
        listed = list(rows)
        for place, column in suspects:
            for row in listed:
                if (what := self._rules.altered(row[place])) is not None:
                    raise self._error(DataError, Unreadable(column, what).message, UNFIT)
        return listed

    def _check_declared(self, columns: tuple[str, ...]) -> None:
        given = set(columns)
        if missing := [column for column in self._declared if column not in given]:
            hint = f"the columns are {', '.join(self._displayed(columns))}; name one with AS"
            raise self._error(RecordError, f"there is no column for @column {', '.join(missing)}", hint)

    def _displayed(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """The columns' names for an error; if names may contain values, only names that are words of the SQL."""
        if not self._rules.names_may_contain_values:
            return columns
        words = set(re.findall(r"\w+", self._form.sql))
        return tuple(
            name if name in words or name in self._kinds else f"number {number}"
            for number, name in enumerate(columns, 1)
        )

    def _check_unique(self, columns: tuple[str, ...]) -> None:
        if len(set(columns)) < len(columns):
            names, counts = zip(columns, self._displayed(columns), strict=True), Counter(columns)
            twice = sorted({name for column, name in names if counts[column] > 1})
            raise self._error(RecordError, f"two columns are named {', '.join(twice)}", "name one with AS")

    def unfit_row(self, error: Exception) -> PydbError | None:
        """The error of a row whose value does not fit; None if the exception has another cause."""
        if isinstance(error, _Misfit):
            return self._misfit(*error.args)
        if self.builder is not None and wrong_layout(error):
            return self._changed(self.builder)
        if self._nested is not None and isinstance(error, TypeError) and "unhashable" in str(error):
            return self._error(RecordError, "a key column contains a list or an object", "name another key")
        found = unfit_column(self.builder, error) if self.builder is not None else None
        return None if found is None else self._misfit(*found)

    def _misfit(self, column: str, given: type) -> PydbError:
        if issubclass(given, Altered):
            return self._error(RecordError, Unreadable(column, given.what).message, UNFIT)
        word = word_of(self._kinds[column])
        if given is type(None):
            return self._error(RecordError, f"column {column} is NULL, and {word} is not", f"declare it {word} | None")
        message = f"column {column} contains a {given.__name__} that is not a {word}"
        return self._error(RecordError, message, "CAST it in the SQL, or declare the type that the column has")


def _description(cursor: Any) -> Any:
    """The description of a driver's cursor, or of the cursor inside Core's result."""
    if isinstance(cursor, CursorResult):
        cursor = cursor.cursor
    return cursor.description
