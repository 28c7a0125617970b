"""Facts of SQLite that describe has to know.  Sources: https://sqlite.org/lang_corefunc.html, https://sqlite.org/datatype3.html."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pydb.describe.analysis.function_facts import CLOCKS, CONSTANT, OPERATORS, TEXT_FUNCTIONS
from pydb.describe.analysis.value import Value
from pydb.describe.facts import EngineFacts

__all__ = ["SqliteFacts"]


class SqliteFacts(EngineFacts):
    """Values have five storage classes whatever a column's type says, and arithmetic that fails gives NULL."""

    dialect = "sqlite"
    own_types = {  # noqa: RUF012
        # SQLite keeps five kinds of value; what a text or a number means is the record's to say.
        **dict.fromkeys(("int", "integer", "bigint", "smallint", "tinyint"), ("int", "bool", "timedelta")),
        **dict.fromkeys(
            ("text", "varchar", "char", "clob", "character", "nchar", "nvarchar"),
            ("str", "date", "time", "datetime", "AwareDatetime", "UUID", "json", "Decimal"),
        ),
        **dict.fromkeys(("boolean", "bool"), ("bool", "int")),
        "interval": ("timedelta", "int"),
        "blob": ("bytes",),
    }

    strict = frozenset(
        {*OPERATORS, *TEXT_FUNCTIONS, exp.Glob, exp.Length, exp.Abs, exp.Round, exp.StrPosition, exp.Greatest}
        | {exp.Least, exp.Hex}
    )
    strict_names = frozenset({"ltrim", "rtrim", "quote", "char", "json_array", "json_quote", "likely", "unlikely"})
    always = frozenset({*CONSTANT, *CLOCKS, exp.Typeof, exp.Rand})
    always_names = frozenset(
        {"random", "changes", "total_changes", "last_insert_rowid", "json_object", "sqlite_version"}
    )
    scalar_names = frozenset(
        {"date", "time", "datetime", "julianday", "unixepoch", "strftime", "printf", "format", "substr", "unicode"}
        | {"json", "json_extract", "json_type", "json_valid", "json_array_length", "json_patch", "json_remove"}
        | {"json_set", "json_insert", "json_replace", "soundex", "zeroblob", "randomblob", "concat", "concat_ws"}
        | {"octet_length", "timediff", "iif", "if", "exp", "ln", "log", "log2", "log10", "pow", "power", "sqrt", "mod"}
        | {"trunc", "pi", "sin", "cos", "tan", "unhex", "likelihood", "sqlite_source_id", "bm25", "highlight"}
        | {"snippet"}
    )

    every_cte_may_recurse = True
    values_column = "column{}"
    hidden_columns = frozenset({"rowid", "oid", "_rowid_"})
    nan_is_null = True
    empty_json_array = True

    def substring_may_be_null(self, text: Value, places: Sequence[Value]) -> bool:
        return text.kind != "text"  # a piece of an empty blob is NULL

    def average_type(self, type_: str | None) -> str:
        return type_ if type_ == "numeric" else "double precision"
