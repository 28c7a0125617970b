"""Find whether an expression may be NULL, and its type: an expression and its frame in, a Value out.

The answer is "not NULL" only if the engine's facts prove it.  The result of an unknown operator or function may be
NULL.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from sqlglot import exp

from pydb.describe.analysis import function_facts, numeric, windows
from pydb.describe.analysis.scope import Frame
from pydb.describe.analysis.value import UNKNOWN, Items, Value, worst

__all__ = ["flatten", "names_of", "same_text", "typed_value", "value"]

_INTEGER = Value(nullable=False, kind="int", magnitude=numeric.LARGEST_INTEGER, type="bigint")
_CONSTANT_TYPES: dict[type[exp.Expr], str] = {
    **dict.fromkeys((exp.Is, exp.Exists, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Boolean), "boolean"),
    exp.Concat: "text",
    exp.Typeof: "text",
    exp.CurrentDate: "date",
}
_SYNTAX = (exp.Var, exp.DataType, exp.Identifier, exp.Star)


def value(node: exp.Expr, frame: Frame) -> Value:
    """What is known of the values of the expression ``node`` in that frame."""
    frame.context.spend()
    if frame.mode == "rollup" and same_text(node, frame) in frame.keys:
        return UNKNOWN
    special = _SPECIAL.get(type(node))
    if special is not None:
        return special(node, frame)
    if function_facts.is_aggregate(node, frame.context.facts):
        return _aggregate(node, frame)
    if _shadowed(node, frame):
        return UNKNOWN
    return _by_list(node, frame)


def typed_value(node: exp.Expr, frame: Frame) -> Value:
    """The same as ``value``; the type is by the engine's own rules, if it has ``ExpressionTypes``."""
    found, types = value(node, frame), frame.context.facts.types
    return found if types is None else found._replace(type=types.of(node, lambda inner: value(inner, frame)))


def _by_list(node: exp.Expr, frame: Frame) -> Value:
    """The value of an operator or function, by the lists in the engine's facts."""
    facts = frame.context.facts
    kind = type(node)
    name = str(node.this).lower() if kind is exp.Anonymous else None
    if kind is exp.Array:
        return Value(nullable=False, items=_items(node, frame))
    if kind in facts.always or name in facts.always_names:
        return Value(nullable=False, kind="text" if kind is exp.Concat else None, type=_CONSTANT_TYPES.get(kind))
    if kind in facts.any_argument:
        return _any_argument(node, frame)
    if kind in facts.strict or name in facts.strict_names:
        return _strict(node, frame)
    return UNKNOWN


def _items(array: exp.Expr, frame: Frame) -> Items:
    """Whether the items of ``ARRAY[…]`` may be NULL, or are arrays."""
    if any(isinstance(item, exp.Array) for item in array.expressions):
        return Items.ARRAYS
    query = any(isinstance(item, exp.Query) for item in array.expressions)
    return Items.NULLABLE if query or any(value(item, frame).nullable for item in array.expressions) else Items.VALUES


def _shadowed(node: exp.Expr, frame: Frame) -> bool:
    """Whether the schema defines a function of that name, whose result is unknown."""
    own = frame.context.catalogue.functions
    if not own or not isinstance(node, exp.Func):
        return False
    names = {str(node.this)} if isinstance(node, exp.Anonymous) else set(node.sql_names())
    return bool({name.lower() for name in names} & own)


def same_text(node: exp.Expr, frame: Frame) -> str:
    """A normalised text of an expression, to recognise a grouping key that is spelled in another way."""
    copy = node.copy()
    for column in list(copy.find_all(exp.Column)):
        plain = exp.Column(this=exp.to_identifier(frame.context.fold(column.this), quoted=True))
        if column is copy:
            copy = plain
        else:
            column.replace(plain)
    return copy.sql().lower()


def names_of(column: exp.Column, frame: Frame) -> tuple[str | None, str]:
    """The folded qualifier and name of a column reference."""
    table = column.args.get("table")
    return (None if table is None else frame.context.fold_table(table)), frame.context.fold(column.this)


def flatten(node: exp.Expr | None) -> Iterable[exp.Expr]:
    """The conditions that AND joins."""
    left = [node]
    while left:
        part = left.pop()
        if isinstance(part, exp.And):
            left += [part.expression, part.this]
        elif isinstance(part, exp.Paren):
            left.append(part.this)
        elif part is not None:
            yield part


# Leaves.


def _column(node: exp.Expr, frame: Frame) -> Value:
    assert isinstance(node, exp.Column)
    if isinstance(node.this, exp.Star):
        return UNKNOWN
    table, name = names_of(node, frame)
    facts = frame.context.facts
    if name in facts.hidden_columns and frame.here(table, name) is None:
        return UNKNOWN._replace(type=facts.hidden_column_type)
    return frame.lookup(table, name)


def _literal(node: exp.Expr, frame: Frame) -> Value:
    if node.args.get("is_string"):
        return Value(nullable=False, kind="text", type="text", items=Items.VALUES)
    magnitude = float(node.this) if numeric.is_number(node) else None
    integer = str(node.this).isdigit()
    return Value(
        nullable=False, kind="int" if integer else "num", magnitude=magnitude, type="integer" if integer else "numeric"
    )


def _placeholder(node: exp.Expr, frame: Frame) -> Value:
    name, context = str(node.this), frame.context
    context.asked.add(name)
    return Value(nullable=name not in context.never_null, type=context.parameter_types.get(name), items=Items.VALUES)


def _interval(node: exp.Expr, frame: Frame) -> Value:
    constant = isinstance(node.this, exp.Literal)
    return Value(nullable=not (constant and frame.context.facts.constant_interval_is_value), kind="temporal")


# Operators.


def _arguments(node: exp.Expr, frame: Frame) -> list[Value]:
    children: Iterable[exp.Expr] = node.iter_expressions()
    if isinstance(node, exp.And | exp.Or) and frame.mode != "rollup":
        children = _chained(node)
    return [value(child, frame) for child in children if not isinstance(child, _SYNTAX)]


def _chained(node: exp.Expr) -> list[exp.Expr]:
    """The operands of a chain of ANDs, or of ORs, without recursion: a chain may be long."""
    kind, found = type(node), []
    while type(node) is kind:
        found.append(node.expression)
        node = node.this
    return [node, *reversed(found)]


def _strict(node: exp.Expr, frame: Frame) -> Value:
    """A strict operator or function: NULL if an argument is NULL, and where the engine's facts say so."""
    arguments = _arguments(node, frame)
    facts = frame.context.facts
    nullable = any(argument.nullable for argument in arguments) or facts.operator_may_be_null(node, arguments)
    if isinstance(node, exp.Paren | exp.Collate):
        return arguments[0]._replace(nullable=nullable) if arguments else UNKNOWN
    magnitude = numeric.magnitude(node, arguments)
    if facts.nan_is_null and not frame.context.assume_finite and numeric.may_be_nan(node, arguments):
        nullable = frame.context.met_infinity = True
    return Value(
        nullable=nullable,
        kind=numeric.kind(node, arguments),
        magnitude=magnitude,
        type=numeric.result_type(node, arguments),
    )


def _division(node: exp.Expr, frame: Frame) -> Value:
    """A division or modulo; if a division by zero is NULL, only a constant divisor is certain not to be zero."""
    left, right = value(node.this, frame), value(node.expression, frame)
    facts = frame.context.facts
    type_ = numeric.result_type(node, [left, right])
    if not facts.division_by_zero_is_null:
        return Value(nullable=left.nullable or right.nullable, kind="num", type=type_)
    divisor = node.expression
    constant = numeric.is_number(divisor) and float(divisor.this) != 0
    # ``5 % 0.5`` divides by int(0.5), which is zero.
    if not isinstance(node, exp.Div):
        constant = constant and str(divisor.this).isdigit()
    size = left.magnitude / float(divisor.this) if constant and left.magnitude is not None else None
    nullable = left.nullable or not constant or facts.dividend_may_be_null(left)
    size = size if size is None or math.isfinite(size) else None
    return Value(nullable=nullable, kind="num", magnitude=size, type=type_)


def _merge(branches: list[Value], frame: Frame, *, every: bool = False) -> Value:
    """One of several values: it may be NULL if any of them may be, or with ``every`` if all of them may be."""
    kinds = {branch.kind for branch in branches}
    nullable = (all if every else any)(branch.nullable for branch in branches)
    # A text that is not a UUID becomes NULL if it is combined with a column of UUIDs.
    mixed = len({branch.type for branch in branches}) > 1
    if frame.context.facts.mixing_types_may_give_null and "other" in kinds and mixed:
        nullable = True
    sizes = [branch.magnitude for branch in branches]
    known = [size for size in sizes if size is not None]
    return Value(
        nullable=nullable,
        kind=kinds.pop() if len(kinds) == 1 else None,
        magnitude=max(known) if len(known) == len(sizes) and known else None,
        type=numeric.promoted(branch.type for branch in branches),
        items=worst(branch.items for branch in branches),
    )


def _any_argument(node: exp.Expr, frame: Frame) -> Value:
    return _merge(_arguments(node, frame), frame, every=True)


def _case(node: exp.Expr, frame: Frame) -> Value:
    branches = [value(branch.args["true"], frame) for branch in node.args["ifs"]]
    default = node.args.get("default")
    return _merge([*branches, value(default, frame) if default is not None else UNKNOWN], frame)


def _if(node: exp.Expr, frame: Frame) -> Value:
    otherwise = node.args.get("false")
    branches = [value(node.args["true"], frame), value(otherwise, frame) if otherwise is not None else UNKNOWN]
    return _merge(branches, frame)


def _cast(node: exp.Expr, frame: Frame) -> Value:
    argument = value(node.this, frame)
    target = node.args["to"]
    facts, name = frame.context.facts, target.this.name if isinstance(target.this, exp.DType) else ""
    kind, size = numeric.CASTS.get(name, (None, None))
    typed = facts.cast_types_parameter and isinstance(node.this, exp.Placeholder)
    nullable = argument.nullable or (not typed and facts.cast_may_be_null(argument, kind, name))
    size = argument.magnitude if kind == "num" else size
    return Value(nullable=nullable, kind=kind, magnitude=size, type=target.sql().lower(), items=argument.items)


def _in(node: exp.Expr, frame: Frame) -> Value:
    operands = [value(item, frame) for item in (node.this, *node.expressions)]
    query = node.args.get("query")
    if query is not None:
        columns = frame.context.columns_of(query, frame)
        operands += [UNKNOWN] if columns is None else columns
    if node.args.get("unnest") is not None or node.args.get("field") is not None:
        operands.append(UNKNOWN)
    return _merge(operands, frame)._replace(kind="int", magnitude=1.0, type="boolean")


def _substring(node: exp.Expr, frame: Frame) -> Value:
    arguments = _arguments(node, frame)
    first, *places = arguments
    nullable = any(argument.nullable for argument in arguments)
    nullable = nullable or frame.context.facts.substring_may_be_null(first, places)
    return Value(nullable=nullable, kind="text", type="text")


def _extract(node: exp.Expr, frame: Frame) -> Value:
    """EXTRACT: on PostgreSQL the month of an infinite timestamp is NULL, but its year is a value."""
    monotonic = str(node.this.name).lower() in ("epoch", "year", "isoyear", "decade", "century", "millennium")
    known = monotonic and frame.context.facts.monotonic_fields_are_values
    return Value(nullable=not known or value(node.expression, frame).nullable, kind="num")


def _scalar_query(node: exp.Expr, frame: Frame) -> Value:
    """A query that is used as a value: it is NULL if it finds no row."""
    columns = frame.context.columns_of(node, frame)
    if columns is None or len(columns) != 1:
        return UNKNOWN
    one_row = frame.mode != "rollup" and frame.context.one_row(node, frame)
    return columns[0] if one_row else columns[0]._replace(nullable=True)


# Aggregates and windows.


def _aggregate(node: exp.Expr, frame: Frame) -> Value:
    """An aggregate: it is NULL over no rows, and where the values that it aggregates may be NULL."""
    home = windows.home_of(node, frame)
    if home is not frame and home is not None:
        if home.node is not None:
            frame.context.claimed.add(id(home.node))
        return Value(nullable=not isinstance(node, exp.Count))
    result = _over_values(node, frame.over_rows())
    if frame.mode == "groups" or (not result.nullable and isinstance(node, exp.Count)):
        return result
    empty_array = frame.context.facts.empty_json_array and isinstance(node, exp.JSONArrayAgg) and frame.mode == "all"
    return result._replace(nullable=not empty_array)


def _over_values(node: exp.Expr, frame: Frame) -> Value:
    """An aggregate over at least one row."""
    if isinstance(node, exp.Count):
        return _INTEGER
    if isinstance(node, exp.ArrayAgg):
        argument = _aggregated(node.this, frame)
        items = Items.NULLABLE if argument.nullable else Items.VALUES
        if (argument.type is None and argument.kind is None) or (argument.type or "").endswith("[]"):
            items = Items.ARRAYS
        return Value(nullable=frame.context.facts.array_aggregates_may_be_null, items=items)
    if isinstance(node, exp.JSONArrayAgg):
        return Value(nullable=frame.context.facts.array_aggregates_may_be_null)
    strict = (exp.Sum, exp.Avg, exp.Min, exp.Max, exp.GroupConcat, exp.LogicalAnd, exp.LogicalOr, exp.AnyValue)
    if not isinstance(node, strict):
        return UNKNOWN
    argument = _aggregated(node.this, frame)
    facts = frame.context.facts
    nullable = argument.nullable or (facts.long_text_may_be_null and argument.kind == "long")
    if not isinstance(node, exp.Sum | exp.Avg):
        kind = "text" if isinstance(node, exp.GroupConcat) else argument.kind
        type_ = "text" if kind == "text" else argument.type
        return Value(nullable=nullable, kind=kind, magnitude=argument.magnitude, type=type_)
    size = argument.magnitude * numeric.LARGEST_INTEGER if argument.magnitude is not None else None
    size = size if size is not None and size < 1e300 else None
    type_ = numeric.result_type(exp.Mul(), [argument, argument])
    if isinstance(node, exp.Avg):
        type_ = facts.average_type(type_)
    infinite = facts.nan_is_null and size is None and not frame.context.assume_finite
    frame.context.met_infinity |= infinite
    return Value(nullable=nullable or infinite, kind="num", magnitude=size, type=type_)


def _aggregated(node: exp.Expr, frame: Frame) -> Value:
    """The value of an aggregate's argument, without its DISTINCT and ORDER BY."""
    if isinstance(node, exp.Order | exp.Limit):
        return _aggregated(node.this, frame)
    if isinstance(node, exp.Distinct):
        return _merge([value(item, frame) for item in node.expressions], frame)
    return value(node, frame)


def _filter(node: exp.Expr, frame: Frame) -> Value:
    """An aggregate with FILTER: FILTER may leave no row to aggregate."""
    return _INTEGER if isinstance(node.this, exp.Count) else value(node.this, frame)._replace(nullable=True)


def _window(node: exp.Expr, frame: Frame) -> Value:
    call = node.this
    if isinstance(call, exp.Filter):
        return _INTEGER if isinstance(call.this, exp.Count) else UNKNOWN
    if isinstance(call, exp.Lag | exp.Lead):
        return _neighbour(call, frame)
    if isinstance(call, exp.RowNumber | exp.Rank | exp.DenseRank | exp.Count):
        return _INTEGER
    if isinstance(call, exp.CumeDist | exp.PercentRank):
        return Value(nullable=False, kind="real", magnitude=1.0, type="double precision")
    if isinstance(call, exp.Ntile):
        return _INTEGER if numeric.is_number(call.this) else UNKNOWN
    if not windows.holds_current_row(node, frame):
        return UNKNOWN
    if isinstance(call, exp.GroupConcat) and frame.context.facts.windowed_text_may_be_null:
        return _over_values(call, frame)._replace(nullable=True)
    if isinstance(call, exp.FirstValue | exp.LastValue):
        return value(call.this, frame)
    return _over_values(call, frame)


def _neighbour(node: exp.Expr, frame: Frame) -> Value:
    """``lag`` or ``lead``: NULL beyond the first or last row of the partition, unless the call has a default."""
    default, offset = node.args.get("default"), node.args.get("offset")
    if default is None or not numeric.is_number(offset):
        return UNKNOWN
    return _merge([value(node.this, frame), value(default, frame)], frame)


_SPECIAL: dict[type[exp.Expr], Callable[[exp.Expr, Frame], Value]] = {
    exp.Column: _column,
    exp.Literal: _literal,
    exp.Placeholder: _placeholder,
    exp.Null: lambda node, frame: UNKNOWN,
    exp.Interval: _interval,
    exp.Alias: lambda node, frame: value(node.this, frame),
    exp.Div: _division,
    exp.IntDiv: _division,
    exp.Mod: _division,
    exp.Case: _case,
    exp.If: _if,
    exp.Cast: _cast,
    exp.In: _in,
    exp.Substring: _substring,
    exp.Extract: _extract,
    exp.Subquery: _scalar_query,
    exp.Select: _scalar_query,
    exp.Filter: _filter,
    exp.Grouping: lambda node, frame: _INTEGER,
    exp.Window: _window,
}
