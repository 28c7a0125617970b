"""Which operators and functions answer a value whenever they are given values, engine by engine.

What is on no list may return NULL.  A test asks each engine with hostile values.
"""

from __future__ import annotations

from sqlglot import exp

__all__ = [
    "AGGREGATE_NAMES",
    "ALWAYS",
    "ALWAYS_NAMES",
    "ANY_ARGUMENT",
    "STRICT",
    "STRICT_NAMES",
    "TEXT",
    "is_aggregate",
    "is_known",
]

_OPERATORS = (
    *(exp.And, exp.Or, exp.Not, exp.Paren, exp.Neg, exp.Collate, exp.Tuple, exp.Add, exp.Sub, exp.Mul),
    *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.Escape, exp.Between),
    *(exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseNot, exp.BitwiseLeftShift, exp.BitwiseRightShift, exp.DPipe),
)
_TEXT_FUNCTIONS = (exp.Lower, exp.Upper, exp.Trim, exp.Replace)

STRICT: dict[str, frozenset[type[exp.Expr]]] = {
    "sqlite": frozenset(
        {*_OPERATORS, *_TEXT_FUNCTIONS, exp.Glob, exp.Length, exp.Abs, exp.Round, exp.StrPosition, exp.Greatest}
        | {exp.Least, exp.Hex}
    ),
    "postgresql": frozenset(
        {*_OPERATORS, *_TEXT_FUNCTIONS, exp.Div, exp.Mod, exp.ILike, exp.RegexpLike, exp.SimilarTo, exp.AtTimeZone}
        | {exp.Length, exp.Abs, exp.Round, exp.Floor, exp.Ceil, exp.StrPosition, exp.Left, exp.Right, exp.MD5}
        | {exp.TimestampTrunc, exp.SplitPart, exp.Pad, exp.Initcap, exp.RegexpReplace}
    ),
    "mariadb": frozenset(
        {*_OPERATORS, *_TEXT_FUNCTIONS, exp.Xor, exp.Length, exp.Abs, exp.Round, exp.Floor, exp.Ceil}
        | {exp.StrPosition, exp.Left, exp.Right, exp.Substring}
    ),
}
"""NULL only when an argument is."""

STRICT_NAMES: dict[str, frozenset[str]] = {
    "sqlite": frozenset({"ltrim", "rtrim", "quote", "char", "json_array", "json_quote", "likely", "unlikely"}),
    "postgresql": frozenset({"ltrim", "rtrim", "char_length", "to_json", "to_jsonb", "date_trunc"}),
    "mariadb": frozenset({"ltrim", "rtrim", "char_length", "octet_length", "instr"}),
}
"""The same, for functions that sqlglot knows by name alone."""

_CONSTANT = (exp.Is, exp.Exists, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Boolean, exp.HexString)
_CLOCKS = (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime)

ALWAYS: dict[str, frozenset[type[exp.Expr]]] = {
    "sqlite": frozenset({*_CONSTANT, *_CLOCKS, exp.Typeof, exp.Rand}),
    "postgresql": frozenset(
        {*_CONSTANT, *_CLOCKS, exp.Localtime, exp.Localtimestamp, exp.Uuid, exp.Concat, exp.Array, exp.CurrentUser}
    ),
    "mariadb": frozenset({*_CONSTANT, *_CLOCKS, exp.Uuid}),
}
"""Never NULL, whatever the arguments."""

ALWAYS_NAMES: dict[str, frozenset[str]] = {
    "sqlite": frozenset({"random", "changes", "total_changes", "last_insert_rowid", "json_object", "sqlite_version"}),
    "postgresql": frozenset(
        {"clock_timestamp", "statement_timestamp", "transaction_timestamp", "gen_random_uuid", "random", "version"}
        | {"json_build_object", "jsonb_build_object", "json_build_array", "jsonb_build_array", "row"}
    ),
    "mariadb": frozenset({"now", "utc_timestamp", "utc_date", "utc_time", "curdate", "curtime", "sysdate"}),
}

ANY_ARGUMENT: dict[str, frozenset[type[exp.Expr]]] = {
    "sqlite": frozenset({exp.Coalesce}),
    "postgresql": frozenset({exp.Coalesce, exp.Greatest, exp.Least}),
    "mariadb": frozenset({exp.Coalesce}),
}
"""NULL only when every argument is."""

TEXT = frozenset({*_TEXT_FUNCTIONS, exp.DPipe, exp.Concat, exp.Left, exp.Right, exp.Substring, exp.Pad, exp.SplitPart})
"""What builds text; on MariaDB a text longer than max_allowed_packet becomes NULL."""

_SCALARS: dict[str, frozenset[str]] = {
    "sqlite": frozenset(
        {"date", "time", "datetime", "julianday", "unixepoch", "strftime", "printf", "format", "substr", "unicode"}
        | {"json", "json_extract", "json_type", "json_valid", "json_array_length", "json_patch", "json_remove"}
        | {"json_set", "json_insert", "json_replace", "soundex", "zeroblob", "randomblob", "concat", "concat_ws"}
        | {"octet_length", "timediff", "iif", "if", "exp", "ln", "log", "log2", "log10", "pow", "power", "sqrt", "mod"}
        | {
            "trunc",
            "pi",
            "sin",
            "cos",
            "tan",
            "unhex",
            "likelihood",
            "sqlite_source_id",
            "bm25",
            "highlight",
            "snippet",
        }
    ),
    "postgresql": frozenset(),
    "mariadb": frozenset(
        {"values", "value", "user", "mid", "last_insert_id", "database", "schema", "version", "connection_id", "rand"}
        | {"row_count", "found_rows", "date_format", "time_format", "concat", "truncate", "field", "elt", "find_in_set"}
        | {"json_value", "json_query", "json_extract", "json_object", "json_array", "json_valid", "json_length"}
        | {"json_unquote", "json_set", "json_contains", "timestampdiff", "unix_timestamp", "from_unixtime", "dayname"}
        | {
            "time_to_sec",
            "sec_to_time",
            "maketime",
            "timediff",
            "addtime",
            "subtime",
            "microsecond",
            "crc32",
            "inet_aton",
        }
        | {"nextval", "lastval", "strcmp", "bin", "oct", "conv", "sign", "pi", "degrees", "radians", "quote", "space"}
    ),
}

AGGREGATE_NAMES = frozenset(
    {"total", "every", "std", "json_arrayagg", "json_objectagg", "jsonb_group_array", "jsonb_group_object"}
    | {"json_group_object", "json_group_array", "percentile", "median", "range_agg", "xmlagg"}
)
"""Aggregates that sqlglot does not class as such."""


def is_aggregate(node: exp.Expr, engine: str) -> bool:
    """Whether a call turns many rows into one; also where it cannot be told that it does not."""
    if isinstance(node, exp.AggFunc | exp.WithinGroup):
        return not isinstance(node, exp.Grouping)
    if not isinstance(node, exp.Anonymous):
        return False
    name = str(node.this).lower()
    if name in AGGREGATE_NAMES:
        return True
    # PostgreSQL itself refuses a bare column beside an aggregate.  The others answer NULL for it when there is no row.
    known = STRICT_NAMES[engine] | ALWAYS_NAMES[engine] | _SCALARS[engine]
    return engine != "postgresql" and name not in known


def is_known(node: exp.Expr, engine: str) -> bool:
    """Whether a function is one whose answers are known here: it gives one value a row, for one thing."""
    kind = type(node)
    if kind in STRICT[engine] | ALWAYS[engine] | ANY_ARGUMENT[engine]:
        return True
    if kind is exp.Anonymous:
        return str(node.this).lower() in STRICT_NAMES[engine] | ALWAYS_NAMES[engine]
    return isinstance(node, exp.AggFunc | exp.Cast | exp.Case | exp.If | exp.Substring | exp.Extract | exp.Nullif)
