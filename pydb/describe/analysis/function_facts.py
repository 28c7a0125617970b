"""Classify functions: a call and the engine's facts in; whether it is an aggregate, and whether pydb knows it, out.

The lists of operators and functions that several engines have are here too.  ``EngineFacts`` says of each engine which
of them return a value whenever all arguments are values.
"""

from __future__ import annotations

from sqlglot import exp

from pydb.describe.facts import EngineFacts

__all__ = [
    *("AGGREGATE_NAMES", "CLOCKS", "CONSTANT", "OPERATORS", "TEXT", "TEXT_FUNCTIONS", "is_aggregate", "is_known"),
]

OPERATORS = (
    *(exp.And, exp.Or, exp.Not, exp.Paren, exp.Neg, exp.Collate, exp.Tuple, exp.Add, exp.Sub, exp.Mul),
    *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.Escape, exp.Between),
    *(exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseNot, exp.BitwiseLeftShift, exp.BitwiseRightShift, exp.DPipe),
)
TEXT_FUNCTIONS = (exp.Lower, exp.Upper, exp.Trim, exp.Replace)

CONSTANT = (exp.Is, exp.Exists, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Boolean, exp.HexString)
CLOCKS = (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime)

TEXT = frozenset({*TEXT_FUNCTIONS, exp.DPipe, exp.Concat, exp.Left, exp.Right, exp.Substring, exp.Pad, exp.SplitPart})
"""Functions that build text; on MariaDB a text longer than max_allowed_packet becomes NULL."""

AGGREGATE_NAMES = frozenset(
    {"total", "every", "std", "json_arrayagg", "json_objectagg", "jsonb_group_array", "jsonb_group_object"}
    | {"json_group_object", "json_group_array", "percentile", "median", "range_agg", "xmlagg"}
)
"""Aggregates that sqlglot does not classify as aggregates."""


def is_aggregate(node: exp.Expr, facts: EngineFacts) -> bool:
    """Whether a call is, or may be, an aggregate: a function that makes one value from many rows."""
    if isinstance(node, exp.AggFunc | exp.WithinGroup):
        return not isinstance(node, exp.Grouping)
    if not isinstance(node, exp.Anonymous):
        return False
    name = str(node.this).lower()
    if name in AGGREGATE_NAMES:
        return True
    known = facts.strict_names | facts.always_names | facts.scalar_names
    return facts.allows_bare_columns and name not in known


def is_known(node: exp.Expr, facts: EngineFacts) -> bool:
    """Whether pydb knows what a function returns, for example that it returns one value for each row."""
    kind = type(node)
    if kind in facts.strict | facts.always | facts.any_argument:
        return True
    if kind is exp.Anonymous:
        return str(node.this).lower() in facts.strict_names | facts.always_names
    return isinstance(node, exp.AggFunc | exp.Cast | exp.Case | exp.If | exp.Substring | exp.Extract | exp.Nullif)
