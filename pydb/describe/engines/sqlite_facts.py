"""The facts of SQLite for describe: its name in, SqliteFacts out.

Sources: https://sqlite.org/lang_corefunc.html, https://sqlite.org/datatype3.html.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlglot import exp
from sqlglot.dialects.sqlite import SQLite

from pydb.describe.analysis.function_facts import CLOCKS, CONSTANT, OPERATORS, TEXT_FUNCTIONS
from pydb.describe.analysis.value import Value
from pydb.describe.engines.sqlite_types import SqliteTypes
from pydb.describe.facts import EngineFacts

__all__ = ["SqliteFacts"]

_TEXT = ("str", "date", "time", "datetime", "AwareDatetime", "UUID", "json", "Decimal")

_NO_TYPES = frozenset({"BINARY", "BYTE", "BYTEA", "LONG", "SHORT", "STR", "STRING", "VARBINARY"})
"""Type words that SQLite does not know, and to which sqlglot gives another affinity than SQLite does."""


class _Dialect(SQLite):
    """SQLite's SQL: types stay as written."""

    class Tokenizer(SQLite.Tokenizer):
        KEYWORDS = {  # noqa: RUF012
            word: kind for word, kind in SQLite.Tokenizer.KEYWORDS.items() if word not in _NO_TYPES
        }


class SqliteFacts(EngineFacts):
    """On SQLite a value has one of five storage classes, whatever the column's type; failed arithmetic gives NULL."""

    dialect = _Dialect
    types = SqliteTypes()
    parameter_types = {  # noqa: RUF012
        "int": "integer",
        "float": "real",
        "str": "text",
        "bool": "boolean",
        "bytes": "blob",
        "Decimal": "numeric",
        "AwareDatetime": "timestamptz",
        "timedelta": "interval",
        **{word: word.lower() for word in ("date", "time", "datetime", "UUID", "json")},
    }
    own_types = {  # noqa: RUF012
        # SQLite has five storage classes; the record's annotation decides what a text or number means.
        **dict.fromkeys(
            ("int", "integer", "bigint", "smallint", "tinyint", "unsigned big int"), ("int", "bool", "timedelta")
        ),
        **dict.fromkeys(
            ("text", "varchar", "char", "clob", "character", "nchar", "nvarchar"),
            _TEXT,
        ),
        **dict.fromkeys(("boolean", "bool"), ("bool", "int")),
        **dict.fromkeys(("varying character", "native character"), _TEXT),
        "interval": ("timedelta", "int"),
        "blob": ("bytes",),
    }

    arguments = {  # noqa: RUF012
        call: {"this": "text"} for call in (exp.Date, exp.TsOrDsToTimestamp, exp.JSONType)
    }
    argument_names = {  # noqa: RUF012
        **dict.fromkeys(("date", "time", "datetime", "strftime", "julianday", "unixepoch", "timediff"), ("text",)),
        **dict.fromkeys(("json", "json_array_length", "json_valid", "json_patch", "ltrim", "rtrim"), ("text",)),
        **dict.fromkeys(("printf", "format"), ("text", None)),
        **dict.fromkeys(("zeroblob", "randomblob"), ("bigint",)),
        "likelihood": (None, "double precision"),
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

    table_functions = {  # noqa: RUF012
        name: {
            "key": None,
            "value": None,
            "type": "text",
            "atom": None,
            "id": "integer",
            "parent": "integer",
            "fullkey": "text",
            "path": "text",
        }
        for name in ("json_each", "json_tree")
    }
    every_cte_may_recurse = True
    values_column = "column{}"
    ignored_words = re.compile(r"UPDATE(\s+OR\s+\w+)", re.IGNORECASE)
    hidden_columns = frozenset({"rowid", "oid", "_rowid_"})
    hidden_column_type = "integer"
    windowed_text_may_be_null = True  # up to SQLite 3.40, group_concat of empty texts returns NULL in a window
    nan_is_null = True
    empty_json_array = True

    def corrected(self, tree: exp.Expr, sql: str) -> exp.Expr:
        """``mod(a, b)``, which returns a real number, differs from ``a % b``."""
        for node in list(tree.find_all(exp.Mod)) if "mod" in sql.lower() else ():
            # Only the node of a call has the place of its name.
            if (start := node.meta.get("start")) is not None:
                name = sql[start : node.meta["end"] + 1]
                arguments = [_unwrapped(argument) for argument in (node.this, node.expression)]
                node.replace(exp.Anonymous(this=name, expressions=arguments))
        return tree

    def substring_may_be_null(self, text: Value, places: Sequence[Value]) -> bool:
        return text.kind != "text"  # a part of an empty blob is NULL

    def average_type(self, type_: str | None) -> str:
        return type_ if type_ == "numeric" else "double precision"


def _unwrapped(argument: exp.Expr) -> exp.Expr:
    """An argument without the brackets that sqlglot writes around an operand."""
    inner = argument.this
    return inner if isinstance(argument, exp.Paren) and isinstance(inner, exp.Binary) else argument
