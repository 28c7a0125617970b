"""The facts of MariaDB for describe: its name in, MariadbFacts out.

Source: https://mariadb.com/kb/en/built-in-functions/.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlglot import exp
from sqlglot.dialects.mysql import MySQL
from sqlglot.tokenizer_core import TokenType

from pydb.describe.analysis.function_facts import CLOCKS, CONSTANT, OPERATORS, TEXT, TEXT_FUNCTIONS
from pydb.describe.analysis.value import Value
from pydb.describe.facts import EngineFacts

__all__ = ["MariadbFacts"]


class MariaDB(MySQL):
    """MariaDB's SQL with the sql_mode of pydb's connections: ``"a"`` is an identifier, ``||`` joins text."""

    DPIPE_IS_STRING_CONCAT = True

    class Tokenizer(MySQL.Tokenizer):
        QUOTES = ["'"]  # noqa: RUF012 (sqlglot's own shape)
        IDENTIFIERS = ["`", '"']  # noqa: RUF012
        STRING_ESCAPES = ["'"]  # noqa: RUF012
        # sqlglot takes ``||`` for OR: it is read as an operator that MariaDB does not have, and then corrected.
        KEYWORDS = {**MySQL.Tokenizer.KEYWORDS, "||": TokenType.LR_ARROW}  # noqa: RUF012


class MariadbFacts(EngineFacts):
    """On MariaDB, a value that does not fit its type becomes NULL, and so does text longer than max_allowed_packet."""

    dialect = MariaDB
    ignored_words = re.compile(
        r"(?:INSERT|UPDATE|DELETE)((?:\s+(?:LOW_PRIORITY|HIGH_PRIORITY|DELAYED|QUICK|IGNORE)\b)+)", re.IGNORECASE
    )
    next_value = re.compile(
        r"""\bNEXT\s+VALUE\s+FOR\s+((?:[\w$]+|`[^`]+`|"[^"]+")(?:\.(?:[\w$]+|`[^`]+`|"[^"]+"))?)""", re.IGNORECASE
    )
    delete_from_has_targets = True
    own_types = {  # noqa: RUF012
        # DATETIME has no time zone: pydb stores an instant in UTC.
        **dict.fromkeys(("datetime", "timestamp"), ("datetime", "AwareDatetime")),
        "time": ("time", "timedelta"),
        "time span": ("timedelta", "time"),
        "tinyint(1)": ("bool", "int"),
        "year": ("int",),
        "bit": ("bytes",),
        **dict.fromkeys(("inet4", "inet6"), ("str",)),
        **dict.fromkeys(("longtext", "mediumtext"), ("str", "json")),
    }

    # MariaDB reads bytes that are compared with a BIT as a text, and the text as the number 0.
    compared_as = {"bit": "bigint"}  # noqa: RUF012

    strict = frozenset(
        {*OPERATORS, *TEXT_FUNCTIONS, exp.Xor, exp.Length, exp.Abs, exp.Round, exp.Floor, exp.Ceil}
        | {exp.StrPosition, exp.Left, exp.Right, exp.Substring}
    )
    strict_names = frozenset({"ltrim", "rtrim", "char_length", "octet_length", "instr"})
    always = frozenset({*CONSTANT, *CLOCKS, exp.Uuid})
    always_names = frozenset({"now", "utc_timestamp", "utc_date", "utc_time", "curdate", "curtime", "sysdate"})
    scalar_names = frozenset(
        {"values", "value", "user", "mid", "last_insert_id", "database", "schema", "version", "connection_id", "rand"}
        | {"row_count", "found_rows", "date_format", "time_format", "concat", "truncate", "field", "elt", "find_in_set"}
        | {"json_value", "json_query", "json_extract", "json_object", "json_array", "json_valid", "json_length"}
        | {"json_unquote", "json_set", "json_contains", "timestampdiff", "unix_timestamp", "from_unixtime", "dayname"}
        | {"time_to_sec", "sec_to_time", "maketime", "timediff", "addtime", "subtime", "microsecond", "crc32"}
        | {"inet_aton", "nextval", "lastval", "strcmp", "bin", "oct", "conv", "sign", "pi", "degrees", "radians"}
        | {"quote", "space"}
    )

    mixing_types_may_give_null = True
    array_aggregates_may_be_null = True
    long_text_may_be_null = True

    def corrected(self, tree: exp.Expr, sql: str) -> exp.Expr:
        for node in list(tree.find_all(exp.Distance)) if "||" in sql else ():
            node.replace(exp.DPipe(this=node.this, expression=node.expression, safe=True))
        return tree

    def fold_table(self, name: str, *, quoted: bool) -> str:
        # On a case-sensitive file system the names of tables are case-sensitive; column names never are.
        return name

    def operator_may_be_null(self, node: exp.Expr, arguments: Sequence[Value]) -> bool:
        # A value that is not valid as UUID, INET6 or geometry becomes NULL.
        kinds = {argument.kind for argument in arguments}
        if isinstance(node, exp.Paren):
            return False
        if isinstance(node, exp.Abs | exp.Round | exp.Floor | exp.Ceil) and kinds & {"temporal", None}:
            return True
        if type(node) in TEXT:
            return bool(kinds & {"other", "long", None})
        return "other" in kinds

    def dividend_may_be_null(self, dividend: Value) -> bool:
        return dividend.kind in ("other", None)

    def cast_may_be_null(self, argument: Value, kind: str | None, target: str = "") -> bool:
        # CAST('x' AS date) is NULL, and text of unknown length may grow beyond a packet.
        return kind is None or argument.kind in ("other", "long", None)

    def substring_may_be_null(self, text: Value, places: Sequence[Value]) -> bool:
        return text.kind not in ("text", "int", "num", "temporal")
