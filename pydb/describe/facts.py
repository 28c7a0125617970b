"""What describe must know about an engine: its name in; one object with facts about functions, types and NULL out.

``EngineFacts`` has the defaults.  The subclasses in ``describe/engines/<engine>_facts.py`` override what is different.
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
    """Computes the types of expressions, for an engine that does not report them."""

    def of(self, node: exp.Expr, known: Callable[[exp.Expr], Value]) -> str | None:
        """The type of an expression.  ``known`` returns the Value of a part of it, such as a column or a sub-query."""
        ...

    def combined(self, values: Iterable[Value]) -> str | None:
        """The type of a column whose rows come from several queries, or from several rows of VALUES."""
        ...


class EngineFacts:
    """The facts of one engine.

    ``dialect`` is the dialect in which sqlglot parses its SQL.  ``own_types`` has the Python types of those engine
    types whose name means something else on other engines.

    Operators and functions are listed by sqlglot's class, or, in the attributes that end in ``_names``, by a name in
    lower case.  Those in ``strict`` are NULL only if an argument is NULL; those in ``always`` never; those in
    ``any_argument`` only if every argument is NULL.  ``scalar_names`` are other functions that are not aggregates.
    """

    dialect: ClassVar[DialectType]
    own_types: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    types: ClassVar[ExpressionTypes | None] = None
    """The types of expressions, if the engine does not report them."""

    parameter_types: ClassVar[Mapping[str, str]] = {}
    """If the engine does not report types of expressions: the engine type of a parameter, by its type word."""

    null_argument_names: ClassVar[frozenset[str]] = frozenset()
    """Functions in whose arguments NULL is a usual value, by name."""

    compared_as: ClassVar[Mapping[str, str]] = {}
    """For some types, the other type in which a value must be sent to be compared with a value of the type."""

    arguments: ClassVar[Mapping[type[exp.Expr], Mapping[str, str]]] = {}
    """The argument types that functions require, where this engine differs; by sqlglot's names of the arguments."""

    argument_names: ClassVar[Mapping[str, tuple[str | None, ...]]] = {}
    """The same for functions without a class in sqlglot, by position; further arguments have the last type."""

    hidden_column_type: ClassVar[str | None] = None

    strict: ClassVar[Nodes] = frozenset()
    strict_names: ClassVar[frozenset[str]] = frozenset()
    always: ClassVar[Nodes] = frozenset()
    always_names: ClassVar[frozenset[str]] = frozenset()
    any_argument: ClassVar[Nodes] = frozenset({exp.Coalesce})
    scalar_names: ClassVar[frozenset[str]] = frozenset()

    allows_bare_columns: ClassVar[bool] = True
    """Whether a select list may have a bare column beside an aggregate; such a column is NULL if there is no row."""

    functions_may_make_rows: ClassVar[bool] = False
    """Whether a function in a select list may return any number of rows."""

    generate_series_has_values: ClassVar[bool] = False
    """Whether ``generate_series`` is a table function that never returns NULL."""

    table_functions: ClassVar[Mapping[str, Mapping[str, str | None]]] = {}
    """The columns of table functions, with their types, or None where a type is unknown."""

    every_cte_may_recurse: ClassVar[bool] = False
    """Whether a common table expression may refer to itself without RECURSIVE."""

    values_column: ClassVar[str | None] = None
    """The name of a column of VALUES, with ``{}`` for its number; None if such columns have no names."""

    ignored_words: ClassVar[re.Pattern[str] | None] = None
    """A pattern whose group is words after the verb; the analysis removes them if sqlglot cannot parse a statement."""

    next_value: ClassVar[re.Pattern[str] | None] = None
    """A pattern for SQL that takes a sequence's next value without a call; its group is the sequence's name."""

    delete_from_has_targets: ClassVar[bool] = False
    """Whether ``DELETE FROM a, b USING …`` lists the tables from which rows are deleted, by their names in USING."""

    hidden_columns: ClassVar[frozenset[str]] = frozenset()
    """Columns that every table has, although the catalogue does not list them."""

    division_by_zero_is_null: ClassVar[bool] = True
    nan_is_null: ClassVar[bool] = False
    """Whether a result that is not a number, such as Inf - Inf, becomes NULL."""

    mixing_types_may_give_null: ClassVar[bool] = False
    """Whether a value that does not fit the common type of a CASE or UNION becomes NULL."""

    array_aggregates_may_be_null: ClassVar[bool] = False
    long_text_may_be_null: ClassVar[bool] = False
    """Whether an aggregate of texts of unknown length may be NULL, although all texts are values."""

    windowed_text_may_be_null: ClassVar[bool] = False
    """Whether the concatenation of texts over a window may be NULL, although all texts are values."""

    empty_json_array: ClassVar[bool] = False
    """Whether the aggregate of a JSON array returns ``[]`` over no rows, instead of NULL."""

    cast_types_parameter: ClassVar[bool] = False
    """Whether ``CAST(:x AS type)`` declares the type of the parameter, so that nothing is converted."""

    constant_interval_is_value: ClassVar[bool] = False
    monotonic_fields_are_values: ClassVar[bool] = False
    """Whether the year of every timestamp is a value, although the month of an infinite timestamp is NULL."""

    def __init__(self, name: str) -> None:
        self.name = name

    def corrected(self, tree: exp.Expr, sql: str) -> exp.Expr:
        """The tree of ``sql`` as the engine means it, where sqlglot's dialect takes something for something else.

        The parsers of ``sqlglot[c]`` are compiled: a dialect here cannot have a parser of its own.
        """
        return tree

    def fold_table(self, name: str, *, quoted: bool) -> str:
        """The folded form of a table name or alias: two spellings of the same name have the same folded form."""
        return self.fold_column(name, quoted=quoted)

    def fold_column(self, name: str, *, quoted: bool) -> str:
        """The folded form of a column name: two spellings of the same name have the same folded form."""
        return name.lower()

    def operator_may_be_null(self, node: exp.Expr, arguments: Sequence[Value]) -> bool:
        """Whether a strict operator or function may return NULL for arguments that are not NULL."""
        return False

    def dividend_may_be_null(self, dividend: Value) -> bool:
        """Whether the division of such a value by a number that is not zero may return NULL."""
        return False

    def cast_may_be_null(self, argument: Value, kind: str | None, target: str = "") -> bool:
        """Whether CAST of a value may return NULL; ``kind`` is the type's kind, ``target`` its name in upper case."""
        return False

    def substring_may_be_null(self, text: Value, places: Sequence[Value]) -> bool:
        """Whether a substring may be NULL, although all arguments are values."""
        return False

    def average_type(self, type_: str | None) -> str:
        """The type of an average; ``type_`` is the type that the product of two of its values has."""
        return "numeric"


def facts_of(engine: str) -> EngineFacts:
    """The facts of the engine of that name.  Raises PydbError for an unknown engine."""
    facts: EngineFacts = part(engine, "facts")
    return facts
