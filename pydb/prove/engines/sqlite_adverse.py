"""Find the adverse values of SQLite: declared types in; literals out.

The values are of the column's declared type, written as SQLite's functions and pydb write them.  SQLite itself would
accept any value (https://sqlite.org/datatype3.html).
"""

from __future__ import annotations

import re
from collections import defaultdict

from pydb.errors import DatabaseError
from pydb.prove.adverse import AdverseColumn, AdverseTable, AdverseValues, Ask, Literals

__all__ = ["SqliteAdverse"]

# Arithmetic that exceeds 64 bits returns a REAL (https://sqlite.org/lang_expr.html), which is refused as an int.
_INTEGERS = Literals(
    ("1", "2", "0", "-1", "7"),
    ("2147483648", "-2147483649"),
    ("9223372036854775807", "-9223372036854775808"),
    series=("{}",),
)
_SMALL = Literals(("1", "2", "0", "-1", "7"), ("32767", "-32768"), series=("{}",))
_BOOLEANS = Literals(("1", "0"))
_TEXTS = Literals(
    ("'a'", "''", "'Zoë'", "'it''s 100%_'", "'007'", "'two words'"),
    ("'" + 300 * "x" + "'", "'\u202e😀'"),
    series=("'t{}'", "'ann{}@example.com'", "'AB-{:04d}'"),
)
_REALS = Literals(
    ("1.5", "0.0", "-2.25", "3.0"), ("1.7e308", "-1.7e308", "9e999", "-9e999", "1e-300"), series=("{}.5",)
)
_NUMBERS = Literals(("10", "1.5", "0", "-2.25", "99.99"), ("123456789012.25", "-99999999999"), series=("{}.25",))
_DATES = Literals(("'2024-02-29'", "'2026-01-31'", "'1999-12-31'"), ("'0001-01-01'", "'9999-12-31'"))
_TIMES = Literals(("'12:30:00'", "'00:00:00'"), ("'23:59:59.999999'",))
_MOMENTS = Literals(
    ("'2024-02-29 12:30:00'", "'2026-01-31 08:00:00.125000'", "'1999-12-31 23:59:59'"),
    ("'0001-01-01 00:00:00'", "'9999-12-31 23:59:59.999999'"),
)
_INSTANTS = Literals(
    ("'2024-02-29 12:30:00.000000+00:00'", "'2026-01-31 08:00:00.125000+00:00'"),
    ("'0001-01-01 00:00:00.000000+00:00'", "'9999-12-31 23:59:59.999999+00:00'"),
)
_UUIDS = Literals(
    ("'12345678-1234-5678-1234-567812345678'", "'00000000-0000-0000-0000-000000000000'"),
    ("'ffffffff-ffff-ffff-ffff-ffffffffffff'",),
    series=("'00000000-0000-0000-0000-{:012d}'",),
)
_DOCUMENTS = Literals(
    ('\'{"a": 1, "b": [1, 2.5, null]}\'', "'[]'", "'{}'", "'[1, \"x\"]'"), ("'null'", "'\"x\"'", "'1'", "'true'")
)
_BLOBS = Literals(("x'00ff'", "x''", "x'616263'"), ("zeroblob(300)",), series=("CAST('b{}' AS blob)",))
_ANYTHING = Literals(("'a'", "1", "''"), ("x'00'", "1.5"), series=("'t{}'", "'ann{}@example.com'", "'AB-{:04d}'"))

# In this order: the first whose word is in the declared type.
_BY_WORD = (
    ("bool", _BOOLEANS),
    ("interval", _INTEGERS),
    ("smallint", _SMALL),
    ("tinyint", _BOOLEANS),
    ("int", _INTEGERS),
    ("json", _DOCUMENTS),
    ("uuid", _UUIDS),
    ("guid", _UUIDS),
    ("timestamptz", _INSTANTS),
    ("timestamp with time zone", _INSTANTS),
    ("timestamp", _MOMENTS),
    ("datetime", _MOMENTS),
    ("time", _TIMES),
    ("date", _DATES),
    *((word, _TEXTS) for word in ("char", "clob", "text", "enum", "string")),
    ("blob", _BLOBS),
    ("binary", _BLOBS),
    *((word, _REALS) for word in ("real", "floa", "doub")),
    *((word, _NUMBERS) for word in ("num", "dec")),
)
_WORDS = re.compile(r"'(?:[^']|'')*'")
_CHECK_WORDS = re.compile(r"CHECK\b.*", re.IGNORECASE | re.DOTALL)


class SqliteAdverse(AdverseValues):
    """The tables of sqlite_schema."""

    def tables(self, ask: Ask) -> list[AdverseTable]:
        listed = ask(
            "SELECT l.name, s.sql FROM pragma_table_list AS l JOIN sqlite_schema AS s ON s.name = l.name "
            "WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite%' ORDER BY l.name"
        )
        return [_table(ask, name, sql) for name, sql in listed]

    def is_of_the_data(self, error: DatabaseError) -> bool:
        words = ["integer overflow", "malformed JSON", "bad JSON path", "JSON path error", "JSON cannot hold BLOB"]
        words += ("string or blob too big", "datatype mismatch", "argument of ntile", "argument of nth_value")
        return any(word in str(error.orig) for word in words)


def _table(ask: Ask, name: str, sql: str) -> AdverseTable:
    links: dict[int, list[tuple[str, str, str | None]]] = defaultdict(list)
    for number, _, table, column, there, *_ in ask(f"PRAGMA foreign_key_list({_quoted(name)})"):
        links[number].append((table, column, there))
    keys = {table: _key(ask, table) for link in links.values() for table, _, _ in link}
    references = tuple(
        (
            tuple(_quoted(column) for _, column, _ in link),
            _quoted(link[0][0]),
            tuple(_quoted(there or keys[table][index]) for index, (table, _, there) in enumerate(link)),
        )
        for link in links.values()
    )
    bound = {column for link in links.values() for _, column, _ in link}
    found = ask(f"PRAGMA table_xinfo({_quoted(name)})")
    numbered = [row[1] for row in found if row[5] and row[2].lower() == "integer"]
    fills_itself = {*numbered} - bound if sum(bool(row[5]) for row in found) == 1 else set()
    columns = [
        AdverseColumn(_quoted(column), type_.lower(), not notnull and not key, _literals(type_), default is not None)
        for _, column, type_, notnull, default, key, hidden in found
        if not hidden and column not in fills_itself
    ]
    checks = _CHECK_WORDS.search(sql)
    words = tuple(dict.fromkeys(_WORDS.findall(checks.group()))) if checks else ()
    return AdverseTable(_quoted(name), tuple(columns), references, words)


def _key(ask: Ask, table: str) -> list[str]:
    found = [(key, column) for _, column, _, _, _, key, _ in ask(f"PRAGMA table_xinfo({_quoted(table)})") if key]
    return [column for _, column in sorted(found)]


def _literals(type_: str) -> Literals:
    return next((literals for word, literals in _BY_WORD if word in type_.lower()), _ANYTHING)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
