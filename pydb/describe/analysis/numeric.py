"""Find the range, kind and type of an operator's result: the Values of its arguments in, one fact out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from sqlglot import exp

from pydb.describe.analysis import function_facts
from pydb.describe.analysis.value import Value

__all__ = [
    *(
        "CASTS",
        "LARGEST_INTEGER",
        "is_number",
        "is_numeric",
        "kind",
        "magnitude",
        "may_be_nan",
        "promoted",
        "result_type",
    ),
]

LARGEST_INTEGER = float(2**63)

CASTS: dict[str, tuple[str, float | None]] = {
    **dict.fromkeys(("INT", "BIGINT", "SMALLINT", "TINYINT", "UBIGINT", "UINT"), ("int", 2 * LARGEST_INTEGER)),
    **dict.fromkeys(("DECIMAL", "DOUBLE", "FLOAT"), ("num", None)),
    **dict.fromkeys(("CHAR", "NCHAR", "VARCHAR", "TEXT"), ("text", None)),
    "BINARY": ("blob", None),
}
"""The kind of the values that CAST to a type returns, and their largest absolute value."""


def is_number(node: exp.Expr | None) -> bool:
    """Whether the node is a literal number that a float can represent."""
    if not isinstance(node, exp.Literal) or node.is_string:
        return False
    try:
        return math.isfinite(float(node.this))
    except ValueError:
        return False


def may_be_nan(node: exp.Expr, arguments: list[Value]) -> bool:
    """Whether the result may be NaN (not a number), as of Inf - Inf or Inf * 0."""
    unbounded = sum(argument.magnitude is None for argument in arguments)
    if isinstance(node, exp.Add | exp.Sub):
        return unbounded > 1
    if isinstance(node, exp.Mul) and unbounded:
        factors = (node.this.unnest(), node.expression.unnest())
        return not any(is_number(factor) and float(factor.name) != 0 for factor in factors)
    return False


def magnitude(node: exp.Expr, arguments: list[Value]) -> float | None:
    """The largest absolute value of the result, if it can be computed from those of the arguments; else None."""
    if isinstance(node, exp.Length | exp.StrPosition | exp.EQ | exp.NEQ | exp.GT | exp.LT | exp.GTE | exp.LTE):
        return LARGEST_INTEGER
    if isinstance(node, exp.And | exp.Or | exp.Not | exp.Like | exp.Between):
        return 1.0
    sizes = [argument.magnitude for argument in arguments]
    if not sizes or any(size is None for size in sizes):
        return None
    known = [size for size in sizes if size is not None]
    if isinstance(node, exp.Add | exp.Sub):
        result = sum(known)
    elif isinstance(node, exp.Mul):
        result = math.prod(known)
    elif isinstance(node, exp.Neg | exp.Abs | exp.Greatest | exp.Least):
        result = max(known)
    elif isinstance(node, exp.Round):
        result = known[0] + 1
    else:
        return None
    return result if result < 1e300 else None


def kind(node: exp.Expr, arguments: list[Value]) -> str | None:
    if type(node) in function_facts.TEXT:
        # || also joins arrays and JSON documents.
        return None if {argument.kind for argument in arguments} & {"other", "json"} else "text"
    if isinstance(node, exp.Length | exp.StrPosition | exp.Predicate | exp.And | exp.Or | exp.Not):
        return "int"
    kinds = {argument.kind for argument in arguments}
    if isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Neg | exp.Abs | exp.Round):
        return "int" if kinds == {"int"} else "num" if kinds <= {"int", "num", "real"} else None
    return None


_WHOLE = frozenset({"int", "integer", "bigint", "smallint", "tinyint", "mediumint", "int2", "int4", "int8"})
_FLOATING = frozenset({"real", "float", "double", "double precision", "float4", "float8"})
_EXACT = frozenset({"numeric", "decimal"})


def promoted(types: Iterable[str | None]) -> str | None:
    """The common type of a result that is computed or chosen from values of these types; None if it is unknown."""
    known = [type_ for type_ in types if type_ is not None]
    if not known or len(set(known)) == 1:
        return known[0] if known else None
    bases = {re.sub(r"\(.*", "", type_).strip() for type_ in known}
    if not bases <= _WHOLE | _FLOATING | _EXACT:
        return known[0] if len(bases) == 1 else None
    return "double precision" if bases & _FLOATING else "numeric" if bases & _EXACT else "bigint"


def is_numeric(type_: str) -> bool:
    """Whether a type is numeric."""
    return re.sub(r"\(.*|\bunsigned\b", "", type_).strip() in _WHOLE | _FLOATING | _EXACT


def result_type(node: exp.Expr, arguments: list[Value]) -> str | None:
    """The type of an operator's or function's result, by a name that the type mapping of every engine contains."""
    if type(node) in function_facts.TEXT:
        return "text" if kind(node, arguments) == "text" else None
    if isinstance(node, exp.Length | exp.StrPosition):
        return "bigint"
    if isinstance(node, exp.Predicate | exp.And | exp.Or | exp.Not):
        return "boolean"
    if isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Div | exp.Mod | exp.IntDiv):
        # A product may have more decimals than its factors.
        types = [argument.type for argument in arguments]
        result = promoted(types) if None not in types else None
        return None if result is None else re.sub(r"\(.*", "", result).strip()
    if isinstance(node, exp.Neg | exp.Abs | exp.Round | exp.Greatest | exp.Least):
        return promoted([argument.type for argument in arguments[:1]])
    return None
