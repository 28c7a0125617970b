"""The facts of PostgreSQL for describe: its name in, PostgresqlFacts out.

Source: https://www.postgresql.org/docs/current/functions.html.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pydb.describe.analysis.function_facts import CLOCKS, CONSTANT, OPERATORS, TEXT_FUNCTIONS
from pydb.describe.analysis.value import Value
from pydb.describe.facts import EngineFacts

__all__ = ["PostgresqlFacts"]


_TIMES_OF_DAY = frozenset({"TIME", "TIMETZ", "USERDEFINED"})


class PostgresqlFacts(EngineFacts):
    """On PostgreSQL, an impossible operation is an error and not NULL, and the server reports the types."""

    dialect = "postgres"
    own_types = {  # noqa: RUF012
        **dict.fromkeys(("int2", "int4", "int8", "integer", "bigint", "smallint", "oid"), ("int",)),
        **dict.fromkeys(("money", '"char"', "macaddr", "macaddr8", "xml", "tsvector", "tsquery", "hstore"), ("str",)),
        # psycopg returns a value without a Python type as the text that the server writes.
        **dict.fromkeys(("bit", "bit varying", "pg_lsn", "jsonpath", "tid", "xid", "xid8", "cid", "unknown"), ("str",)),
        **dict.fromkeys(("point", "line", "lseg", "box", "path", "polygon", "circle", "void"), ("str",)),
        **dict.fromkeys(("regclass", "regproc", "regprocedure", "regtype", "regrole", "regnamespace"), ("str",)),
        "inet": ("IPAddress",),
        "cidr": ("IPNetwork",),
    }

    strict = frozenset(
        {*OPERATORS, *TEXT_FUNCTIONS, exp.Div, exp.Mod, exp.ILike, exp.RegexpLike, exp.SimilarTo, exp.AtTimeZone}
        | {exp.Length, exp.Abs, exp.Round, exp.Floor, exp.Ceil, exp.StrPosition, exp.Left, exp.Right, exp.MD5}
        | {exp.TimestampTrunc, exp.SplitPart, exp.Pad, exp.Initcap, exp.RegexpReplace}
    )
    strict_names = frozenset({"ltrim", "rtrim", "char_length", "to_json", "to_jsonb", "date_trunc", "row"})
    always = frozenset(
        {*CONSTANT, *CLOCKS, exp.Localtime, exp.Localtimestamp, exp.Uuid, exp.Concat, exp.Array, exp.CurrentUser}
    )
    always_names = frozenset(
        {"clock_timestamp", "statement_timestamp", "transaction_timestamp", "gen_random_uuid", "random", "version"}
        | {"json_build_object", "jsonb_build_object", "json_build_array", "jsonb_build_array"}
    )
    # NULL is a bound that a range does not have.
    null_argument_names = frozenset({"int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"})
    any_argument = frozenset({exp.Coalesce, exp.Greatest, exp.Least})

    allows_bare_columns = False
    functions_may_make_rows = True
    generate_series_has_values = True
    values_column = "column{}"
    hidden_columns = frozenset({"ctid", "tableoid", "xmin", "xmax", "cmin", "cmax"})
    division_by_zero_is_null = False
    cast_types_parameter = True
    constant_interval_is_value = True
    monotonic_fields_are_values = True

    def fold_column(self, name: str, *, quoted: bool) -> str:
        return name if quoted else name.lower()

    def operator_may_be_null(self, node: exp.Expr, arguments: Sequence[Value]) -> bool:
        # The bounds of an empty range are NULL.
        return isinstance(node, exp.Lower | exp.Upper) and arguments[0].kind != "text"

    def cast_may_be_null(self, argument: Value, kind: str | None, target: str = "") -> bool:
        if argument.kind == "json" and kind != "text":
            return True  # JSON's null becomes NULL (PostgreSQL 18)
        # An infinite timestamp has no time of day; a domain may be one over that type.
        return target in _TIMES_OF_DAY and (argument.type is None or argument.type.startswith("timestamp"))

    def substring_may_be_null(self, text: Value, places: Sequence[Value]) -> bool:
        return any(place.kind != "int" for place in places)  # substring(x FROM pattern) may find nothing
