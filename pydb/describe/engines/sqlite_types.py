"""Find the type of an expression on SQLite: its tree and what is known of its columns in, a type out.

On SQLite an expression has no type.  Its value has one of five storage classes, which follows from the operators and
functions (https://sqlite.org/datatype3.html, https://sqlite.org/lang_expr.html).  A value that comes unchanged from a
column has the column's declared type.  If the storage class may differ between rows, the type is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sqlglot import exp

from pydb.describe.analysis.value import ALWAYS_NULL, Value
from pydb.describe.facts import ExpressionTypes

__all__ = ["SqliteTypes", "storage_of"]

Known = Callable[[exp.Expr], Value]
"""A function that returns what is known of a column, a parameter or a sub-query."""

_EXACT_IN_A_FLOAT = float(2**53)


class _Type(NamedTuple):
    """The name of a type; None if it is unknown.

    ``small`` says that its integers, if there are any, are exact as floats.  A ``literal`` number adapts to the type
    that it is combined with; so does an ``open`` parameter, whose type is not known yet.
    """

    name: str | None
    small: bool = False
    literal: bool = False
    open: bool = False

    @property
    def storage(self) -> str | None:
        return None if self.name is None else storage_of(self.name)


_UNKNOWN, _NULL, _OPEN = _Type(None), _Type(ALWAYS_NULL, small=True), _Type(None, open=True)
_INTEGER, _REAL, _NUMBER = _Type("integer"), _Type("real", small=True), _Type("numeric", small=True)
_TEXT, _BLOB, _TRUTH = _Type("text"), _Type("blob"), _Type("boolean", small=True)

_STORED_AS = {
    ALWAYS_NULL: "null",
    **dict.fromkeys(("boolean", "bool", "interval"), "integer"),
    **dict.fromkeys(("numeric", "decimal", "dec", "fixed"), "number"),
    **dict.fromkeys(("date", "time", "datetime", "timestamp", "timestamptz", "uuid", "json", "jsonb"), "text"),
    **dict.fromkeys(("timestamp with time zone", "timestamp without time zone", "time without time zone"), "text"),
}


def storage_of(type_: str) -> str | None:
    """How a type's values are stored: ``integer``, ``real``, ``number`` (one of the two), ``text``, ``blob``, ``null``.

    None if it is unknown.
    """
    base = re.sub(r"\s*\(.*", "", type_.lower()).strip()
    if base in _STORED_AS:
        return _STORED_AS[base]
    affinity = _affinity(base)
    return None if affinity == "numeric" or not base else affinity


def _affinity(type_: str) -> str:
    """The affinity of a declared type, by section 3.1 of https://sqlite.org/datatype3.html."""
    words = type_.upper()
    if "INT" in words:
        return "integer"
    if any(word in words for word in ("CHAR", "CLOB", "TEXT")):
        return "text"
    if "BLOB" in words or not words:
        return "blob"
    return "real" if any(word in words for word in ("REAL", "FLOA", "DOUB")) else "numeric"


class SqliteTypes(ExpressionTypes):
    """The ``ExpressionTypes`` of SQLite: names of types as in a schema; ``numeric`` is an integer or a real number."""

    def of(self, node: exp.Expr, known: Known) -> str | None:
        return _of(node, known).name

    def combined(self, values: Iterable[Value]) -> str | None:
        return _combined([_of_value(value) for value in values]).name


def _of_value(value: Value) -> _Type:
    return _Type(value.type or None, small=value.magnitude is not None and value.magnitude < _EXACT_IN_A_FLOAT)


def _of(node: exp.Expr, known: Known) -> _Type:
    kind = type(node)
    name = str(node.this).lower() if kind is exp.Anonymous else ""
    fixed = _FIXED.get(kind) or _FIXED_NAMES.get(name)
    if fixed is not None:
        return fixed
    rule = _RULES.get(kind)
    if rule is not None:
        return rule(node, known)
    if name in _PASSING_NAMES and node.expressions:
        return _of(node.expressions[0], known)
    return _UNKNOWN


def _combined(types: Iterable[_Type]) -> _Type:
    """The type of a value that comes from one of several expressions."""
    choices = [type_ for type_ in types if type_.name != ALWAYS_NULL]
    found = [type_ for type_ in choices if not type_.open]
    if not found:
        return _OPEN if choices else _NULL
    if len({type_.name for type_ in found}) == 1:
        return found[0]._replace(
            small=all(type_.small for type_ in found), literal=all(type_.literal for type_ in found)
        )
    storages = {type_.storage for type_ in found}
    small = all(type_.small for type_ in found if type_.storage == "integer")
    if storages == {"integer"}:
        return _INTEGER._replace(small=small)
    if len(storages) == 1 and storages <= {"text", "blob", "real"}:
        return _Type(storages.pop(), small=True)
    if not storages <= {"integer", "real", "number"}:
        return _UNKNOWN
    if "real" not in storages or ("number" in storages and _only_literals(found, "real")):
        return _NUMBER
    # As a float, a large integer would change.
    return _REAL if small else _UNKNOWN


def _only_literals(types: Iterable[_Type], storage: str) -> bool:
    return all(type_.literal for type_ in types if type_.storage == storage)


# Leaves.


def _known(node: exp.Expr, known: Known) -> _Type:
    return _of_value(known(node))


def _parameter(node: exp.Expr, known: Known) -> _Type:
    return _OPEN if known(node).type is None else _known(node, known)


def _literal(node: exp.Expr, known: Known) -> _Type:
    text = str(node.this)
    if node.args.get("is_string"):
        return _TEXT
    if not text.isdigit():
        return _Type("real", small=True, literal=True)
    if int(text) >= 2**63:
        return _UNKNOWN  # 0xFFFFFFFFFFFFFFFF is the integer -1, but the same number in decimal is real
    return _Type("integer", small=int(text) < _EXACT_IN_A_FLOAT, literal=True)


# Operators.


def _arithmetic(node: exp.Expr, known: Known) -> _Type:
    """The type of an arithmetic operation: an integer from two integers, else a real number; text may become either."""
    operands = [_of(node.this, known), _of(node.expression, known)]
    if _NULL in operands:
        return _NULL
    storages = {operand.storage for operand in operands}
    if "real" in storages:
        return _NUMBER if "number" in storages and _only_literals(operands, "real") else _REAL
    found = [operand for operand in operands if not operand.open]
    if not {operand.storage for operand in found} <= {"integer", "number"} or all(item.literal for item in found):
        return _INTEGER if len(found) == 2 and storages == {"integer"} else _UNKNOWN
    if "number" in storages:
        return _NUMBER
    spans = isinstance(node, exp.Add | exp.Sub) and {operand.name for operand in operands} == {"interval"}
    return operands[0] if spans else _INTEGER


def _sign(node: exp.Expr, known: Known) -> _Type:
    operand = _of(node.this, known)
    return operand if operand.literal or operand.name == "interval" else _number_like(operand)


def _number_like(operand: _Type, text: _Type = _UNKNOWN) -> _Type:
    """A numeric type of the operand's storage class; ``text`` is the result for a text or a blob."""
    storages = {"integer": _INTEGER, "real": _REAL, "number": _NUMBER, "null": _NULL, "text": text, "blob": text}
    return storages.get(operand.storage or "", _UNKNOWN)


def _cast(node: exp.Expr, known: Known) -> _Type:
    """The type of a CAST, by the affinity of the type's words."""
    words = node.args["to"].sql().lower().replace("varbinary", "blob")
    base = re.sub(r"\s*\(.*", "", words).strip()
    operand, affinity = _of(node.this, known), _affinity(base)
    if affinity != "numeric":
        return _NULL if operand.name == ALWAYS_NULL else _Type("interval" if base == "interval" else affinity)
    if _STORED_AS.get(base) == "number":
        return _NUMBER
    # Numbers stay unchanged; the text '2024-02-29' becomes 2024, and other texts become real numbers.
    kept = operand.name in ("boolean", "bool") and base in ("boolean", "bool")
    return operand if kept else _number_like(operand)


# Functions.


def _round(node: exp.Expr, known: Known) -> _Type:
    operand = _of(node.this, known)
    return operand if operand.name == ALWAYS_NULL else _NUMBER if operand.storage == "number" else _REAL


def _average(node: exp.Expr, known: Known) -> _Type:
    return _NUMBER if _argument(node.this, known).storage == "number" else _REAL


def _sum(node: exp.Expr, known: Known) -> _Type:
    argument = _argument(node.this, known)
    return argument if argument.name == "interval" else _number_like(argument)


def _argument(node: exp.Expr, known: Known) -> _Type:
    """The type of an aggregate's argument, without its DISTINCT and ORDER BY."""
    if isinstance(node, exp.Order | exp.Limit):
        return _argument(node.this, known)
    if isinstance(node, exp.Distinct):
        return _combined([_of(item, known) for item in node.expressions])
    return _of(node, known)


def _substring(node: exp.Expr, known: Known) -> _Type:
    """The type of a substring: a blob for a blob, else text."""
    whole = _of(node.this, known)
    if whole.storage in (None, "blob", "null"):
        return _TEXT if whole.open else whole if whole.storage else _UNKNOWN
    return _TEXT


def _replaced(node: exp.Expr, known: Known) -> _Type:
    """The type of replace(): text; unknown if the searched text may be empty, which leaves the value unchanged."""
    whole, old = _of(node.this, known), node.expression
    if whole.name == ALWAYS_NULL:
        return _NULL
    return _TEXT if whole.open or whole.storage == "text" or (old.args.get("is_string") and old.this) else _UNKNOWN


def _whole(node: exp.Expr, known: Known) -> _Type:
    return _number_like(_of(node.this, known))


def _absolute(node: exp.Expr, known: Known) -> _Type:
    operand = _of(node.this, known)
    return operand if operand.literal else _number_like(operand, text=_REAL)


def _case(node: exp.Expr, known: Known) -> _Type:
    default = node.args.get("default")
    branches = [branch.args["true"] for branch in node.args["ifs"]] + ([] if default is None else [default])
    return _combined([_of(branch, known) for branch in branches])


def _if(node: exp.Expr, known: Known) -> _Type:
    return _combined([_of(node.args[key], known) for key in ("true", "false") if node.args.get(key) is not None])


def _choice(node: exp.Expr, known: Known) -> _Type:
    return _combined([_of(node.this, known), *(_of(item, known) for item in node.expressions)])


def _nullif(node: exp.Expr, known: Known) -> _Type:
    first = _of(node.this, known)
    return _of(node.expression, known) if first.open else first


def _inner(node: exp.Expr, known: Known) -> _Type:
    return _of(node.this, known)


def _neighbour(node: exp.Expr, known: Known) -> _Type:
    default = node.args.get("default")
    return _combined([_of(node.this, known), _NULL if default is None else _of(default, known)])


_Rule = Callable[[exp.Expr, Known], _Type]

_FIXED: dict[type[exp.Expr], _Type] = {
    **dict.fromkeys((exp.Null,), _NULL),
    **dict.fromkeys((exp.HexString, exp.Unhex), _BLOB),
    **dict.fromkeys((exp.Boolean, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE), _TRUTH),
    **dict.fromkeys((exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ, exp.In, exp.Between, exp.Exists, exp.Like), _TRUTH),
    **dict.fromkeys((exp.Glob, exp.Escape), _TRUTH),
    **dict.fromkeys((exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseNot), _INTEGER),
    **dict.fromkeys((exp.BitwiseLeftShift, exp.BitwiseRightShift, exp.Rand, exp.Sign), _INTEGER),
    **dict.fromkeys((exp.Count, exp.Length, exp.StrPosition, exp.Unicode), _INTEGER._replace(small=True)),
    **dict.fromkeys((exp.RowNumber, exp.Rank, exp.DenseRank, exp.Ntile), _INTEGER._replace(small=True)),
    **dict.fromkeys((exp.PercentRank, exp.CumeDist, exp.Sqrt, exp.Exp, exp.Ln, exp.Log, exp.Pow, exp.Pi), _REAL),
    **dict.fromkeys((exp.Sin, exp.Cos, exp.Tan, exp.Asin, exp.Acos, exp.Atan, exp.Atan2), _REAL),
    **dict.fromkeys((exp.Sinh, exp.Cosh, exp.Tanh, exp.Asinh, exp.Acosh, exp.Atanh), _REAL),
    **dict.fromkeys((exp.Radians, exp.Degrees), _REAL),
    **dict.fromkeys((exp.Lower, exp.Upper, exp.Trim, exp.DPipe, exp.Concat, exp.ConcatWs), _TEXT),
    **dict.fromkeys((exp.Hex, exp.Typeof, exp.Chr, exp.Format, exp.Soundex, exp.CurrentVersion), _TEXT),
    **dict.fromkeys((exp.Date, exp.TimeToStr), _TEXT),
    **dict.fromkeys((exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp), _TEXT),
    **dict.fromkeys((exp.JSONObject, exp.JSONType, exp.JSONSet, exp.JSONRemove, exp.JSONExtract), _TEXT),
    **dict.fromkeys((exp.GroupConcat, exp.JSONArrayAgg, exp.JSONObjectAgg), _TEXT),
}

_FIXED_NAMES: dict[str, _Type] = {
    **dict.fromkeys(("date", "time", "datetime", "strftime", "timediff", "printf", "format", "quote", "char"), _TEXT),
    **dict.fromkeys(("json", "json_array", "json_object", "json_quote", "json_patch", "json_pretty"), _TEXT),
    **dict.fromkeys(("json_set", "json_insert", "json_replace", "json_remove", "json_type"), _TEXT),
    **dict.fromkeys(("json_group_array", "json_group_object", "sqlite_source_id", "sqlite_version", "soundex"), _TEXT),
    **dict.fromkeys(("ltrim", "rtrim", "group_concat", "string_agg"), _TEXT),
    **dict.fromkeys(("random", "last_insert_rowid"), _INTEGER),
    **dict.fromkeys(("changes", "total_changes", "unixepoch", "octet_length"), _INTEGER._replace(small=True)),
    **dict.fromkeys(("json_array_length", "json_valid", "json_error_position"), _INTEGER._replace(small=True)),
    **dict.fromkeys(("julianday", "total", "mod"), _REAL),
    **dict.fromkeys(("randomblob", "zeroblob", "unhex"), _BLOB),
}

_PASSING_NAMES = frozenset({"likely", "unlikely", "likelihood"})

_RULES: dict[type[exp.Expr], _Rule] = {
    **dict.fromkeys((exp.Column, exp.Subquery, exp.Select), _known),
    exp.Placeholder: _parameter,
    exp.Literal: _literal,
    **dict.fromkeys((exp.Alias, exp.Paren, exp.Collate, exp.Window, exp.Filter), _inner),
    **dict.fromkeys((exp.IgnoreNulls, exp.RespectNulls, exp.FirstValue, exp.LastValue, exp.NthValue), _inner),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod), _arithmetic),
    exp.Neg: _sign,
    exp.Cast: _cast,
    exp.Round: _round,
    exp.Avg: _average,
    exp.Sum: _sum,
    exp.Min: lambda node, known: _argument(node.this, known),
    exp.Max: lambda node, known: _argument(node.this, known),
    exp.Substring: _substring,
    exp.Replace: _replaced,
    exp.Abs: _absolute,
    **dict.fromkeys((exp.Ceil, exp.Floor, exp.Trunc), _whole),
    exp.Case: _case,
    exp.If: _if,
    **dict.fromkeys((exp.Coalesce, exp.Greatest, exp.Least), _choice),
    exp.Nullif: _nullif,
    **dict.fromkeys((exp.Lag, exp.Lead), _neighbour),
}
