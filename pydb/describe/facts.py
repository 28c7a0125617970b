"""What describe must know about an engine: functions, types and quirks, as one object per engine.

The classes are in ``describe/engines/<engine>_facts.py``; they say what is different from here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar, Protocol

from sqlglot import exp
from sqlglot.dialects.dialect import DialectType

from pydb.describe.analysis.value import Value
from pydb.engines import part

__all__ = ["EngineFacts", "ExpressionTypes", "facts_of"]

Nodes = frozenset[type[exp.Expr]]


class ExpressionTypes(Protocol):
    """The types of expressions, for an engine that does not report them."""

    def of(self, node: exp.Expr, known: Callable[[exp.Expr], Value]) -> str | None:
        """The type of an expression.  ``known`` gives the Value of a part of it: of a column, say, or a sub-query."""
        ...

    def combined(self, values: Iterable[Value]) -> str | None:
        """The type of a column whose rows come from several queries, or from several lines of VALUES."""
        ...


class EngineFacts:
    """The facts of one engine.

    ``dialect`` is how sqlglot reads its SQL.  ``own_types`` are the Python types of those of its types that are not
    what the same word is elsewhere.

    Functions, by sqlglot's class or, where it knows the name alone, in lower case: ``strict`` are NULL only when an
    argument is, ``always`` never, ``any_argument`` only when every argument is; ``scalar_names`` are others that are
    no aggregates.
    """

    dialect: ClassVar[DialectType]
    own_types: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    types: ClassVar[ExpressionTypes | None] = None
    """The types of expressions, if the engine does not report them."""

    parameter_types: ClassVar[Mapping[str, str]] = {}
    """For such an engine: the type of a parameter's values, by its type word."""

    arguments: ClassVar[Mapping[type[exp.Expr], Mapping[str, str]]] = {}
    """What functions ask their arguments to be, where that is not so elsewhere: by sqlglot's names of the arguments."""

    argument_names: ClassVar[Mapping[str, tuple[str | None, ...]]] = {}
    """The same of functions that sqlglot knows the name of alone, by place; the last is that of all further ones."""

    hidden_column_type: ClassVar[str | None] = None

    strict: ClassVar[Nodes] = frozenset()
    strict_names: ClassVar[frozenset[str]] = frozenset()
    always: ClassVar[Nodes] = frozenset()
    always_names: ClassVar[frozenset[str]] = frozenset()
    any_argument: ClassVar[Nodes] = frozenset({exp.Coalesce})
    scalar_names: ClassVar[frozenset[str]] = frozenset()

    allows_bare_columns: ClassVar[bool] = True
    """Whether a bare column may stand beside an aggregate; it is NULL when there is no row."""

    functions_may_make_rows: ClassVar[bool] = False
    """Whether a function in a select list may give any number of rows."""

    generate_series_has_values: ClassVar[bool] = False
    """Whether ``generate_series`` is a table function that gives no NULL."""

    table_functions: ClassVar[Mapping[str, Mapping[str, str | None]]] = {}
    """The columns of functions in FROM, and their types where they are known."""

    every_cte_may_recurse: ClassVar[bool] = False
    """Whether a common table expression may use itself without RECURSIVE."""

    values_column: ClassVar[str | None] = None
    """The name of a column of VALUES, with ``{}`` for its number; None where it has none."""

    ignored_words: ClassVar[re.Pattern[str] | None] = None
    """The words behind the verb, as its group, that the analysis leaves out where it cannot read a statement."""

    next_value: ClassVar[re.Pattern[str] | None] = None
    """What takes the next value of a sequence, its name as the group, where that is no call."""

    delete_from_has_targets: ClassVar[bool] = False
    """Whether ``DELETE FROM a, b USING …`` lists what is deleted, by the names that USING gives to its tables."""

    hidden_columns: ClassVar[frozenset[str]] = frozenset()
    """Columns that a table has although its schema does not list them."""

    division_by_zero_is_null: ClassVar[bool] = True
    nan_is_null: ClassVar[bool] = False
    """Whether floats can be infinite, and what is not a number, such as Inf - Inf, becomes NULL."""

    mixing_types_may_give_null: ClassVar[bool] = False
    """Whether a value that does not fit the common type of a CASE or UNION becomes NULL."""

    array_aggregates_may_be_null: ClassVar[bool] = False
    long_text_may_be_null: ClassVar[bool] = False
    """Whether an aggregate of texts of unknown length may be NULL."""

    windowed_text_may_be_null: ClassVar[bool] = False
    """Whether a text put together over a window may be NULL although all its parts are values."""

    empty_json_array: ClassVar[bool] = False
    """Whether a JSON array over no row is ``[]``, and not NULL."""

    cast_types_parameter: ClassVar[bool] = False
    """Whether ``CAST(:x AS type)`` says what type the parameter has, so that nothing is converted."""

    constant_interval_is_value: ClassVar[bool] = False
    monotonic_fields_are_values: ClassVar[bool] = False
    """Whether the year of any timestamp is a value; the month of an infinite one is none."""

    def __init__(self, name: str) -> None:
        self.name = name

    def fold_table(self, name: str, *, quoted: bool) -> str:
        """The form of a table name or alias in which two spellings of the same name are equal."""
        return self.fold_column(name, quoted=quoted)

    def fold_column(self, name: str, *, quoted: bool) -> str:
        """The form of a column name in which two spellings of the same name are equal."""
        return name.lower()

    def operator_may_be_null(self, node: exp.Expr, arguments: Sequence[Value]) -> bool:
        """Whether a strict operator or function may answer NULL for arguments that are not NULL."""
        return False

    def dividend_may_be_null(self, dividend: Value) -> bool:
        """Whether dividing such a value by a number that is not zero may answer NULL."""
        return False

    def cast_may_be_null(self, argument: Value, kind: str | None, target: str = "") -> bool:
        """Whether CAST to a type of that kind, and of that name in capitals, may answer NULL for a value."""
        return False

    def substring_may_be_null(self, text: Value, places: Sequence[Value]) -> bool:
        """Whether a part of a text may be NULL although all arguments are values."""
        return False

    def average_type(self, type_: str | None) -> str:
        """The type of an average of values whose product has that type."""
        return "numeric"


def facts_of(engine: str) -> EngineFacts:
    """The facts of the engine of that name.  Raises PydbError."""
    facts: EngineFacts = part(engine, "facts")
    return facts
