"""Find the adverse values of MariaDB: the types of information_schema in; literals out.

Source: https://mariadb.com/kb/en/data-types/.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from pydb.errors import DatabaseError
from pydb.prove.adverse import AdverseColumn, AdverseTable, AdverseValues, Ask, Literals

__all__ = ["MariadbAdverse"]


def _integers(bits: int) -> Literals:
    half = 2 ** (bits - 1)
    return Literals(("1", "2", "0", "-1", "7"), (str(half - 1), str(-half), str(2 * half - 1)), series=("{}",))


_TEXTS = Literals(
    ("'a'", "''", "'Zoë'", "'it''s 100%_'", "'007'", "'two words'"),
    ("'" + 200 * "x" + "'", "'😀'"),
    series=("'t{}'", "'ann{}@example.com'", "'AB-{:04d}'"),
)
_BLOBS = Literals(("x'00ff'", "x''", "x'616263'"), (), series=("'b{}'",))

_BY_NAME = {
    "tinyint": _integers(8),
    "smallint": _integers(16),
    "mediumint": _integers(24),
    "int": _integers(32),
    "bigint": _integers(64),
    "decimal": Literals(
        ("10", "1.5", "0", "-2.25", "99.99"), ("123456789012345678.91", "99999999.99"), series=("{}.25",)
    ),
    "float": Literals(("1.5", "0", "-2.25"), ("3e38", "1e-30"), series=("{}.5",)),
    "double": Literals(("1.5", "0", "-2.25"), ("1.7e308", "1e-300"), series=("{}.5",)),
    "bit": Literals(("b'1'", "b'0'", "b'101'")),
    "date": Literals(
        ("'2024-02-29'", "'2026-01-31'", "'1999-12-31'"),
        ("'0001-01-01'", "'9999-12-31'"),
        ("'0000-00-00'", "'2024-00-00'"),
    ),
    "datetime": Literals(
        ("'2024-02-29 12:30:00'", "'2026-01-31 08:00:00.125'", "'1999-12-31 23:59:59'"),
        ("'0001-01-01 00:00:00'", "'9999-12-31 23:59:59.999999'"),
        ("'0000-00-00 00:00:00'", "'2024-00-00 00:00:00'"),
    ),
    "timestamp": Literals(
        ("'2024-02-29 12:30:00'", "'2026-01-31 08:00:00.125'"),
        ("'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'"),
        ("'0000-00-00 00:00:00'",),
    ),
    "time": Literals(
        ("'12:30:00'", "'00:00:00'"), ("'23:59:59.999999'",), ("'838:59:59'", "'-01:30:00'", "'24:00:00'")
    ),
    "year": Literals(("2024", "1999"), ("1901", "2155", "0")),
    "json": Literals(
        ('\'{"a": 1, "b": [1, 2.5, null]}\'', "'[]'", "'{}'", "'[1, \"x\"]'"), ("'null'", "'\"x\"'", "'1'", "'true'")
    ),
    "uuid": Literals(
        ("'12345678-1234-5678-1234-567812345678'", "'00000000-0000-0000-0000-000000000000'"),
        ("'ffffffff-ffff-ffff-ffff-ffffffffffff'",),
        series=("'00000000-0000-0000-0000-{:012d}'",),
    ),
    "inet4": Literals(("'10.0.0.1'", "'0.0.0.0'"), ("'255.255.255.255'",), series=("'10.0.0.{}'",)),
    "inet6": Literals(("'2001:db8::1'", "'::'"), ("'::ffff:10.0.0.1'",), series=("'2001:db8::{}'",)),
    **{
        name: Literals((f"ST_GeomFromText('{text}')",))
        for name, text in (
            ("point", "POINT(1 2)"),
            ("geometry", "POINT(1 2)"),
            ("linestring", "LINESTRING(0 0, 1 1)"),
            ("polygon", "POLYGON((0 0, 1 0, 1 1, 0 0))"),
        )
    },
    **dict.fromkeys(("char", "varchar", "tinytext", "text", "mediumtext", "longtext"), _TEXTS),
    **dict.fromkeys(("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"), _BLOBS),
}

_COLUMNS = """
SELECT c.table_name, c.column_name, c.data_type, c.column_type, c.is_nullable,
    coalesce(c.column_default <> 'NULL', FALSE),
    EXISTS (
        SELECT 1 FROM information_schema.check_constraints AS k
        WHERE k.constraint_schema = c.table_schema AND k.table_name = c.table_name AND k.level = 'Column'
            AND k.constraint_name = c.column_name AND k.check_clause LIKE 'json_valid(%'
    )
FROM information_schema.columns AS c
INNER JOIN information_schema.tables AS t
    ON t.table_schema = c.table_schema AND t.table_name = c.table_name
    AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
WHERE c.table_schema = database() AND c.extra NOT LIKE '%auto_increment%' AND c.extra NOT LIKE '%GENERATED%'
ORDER BY c.table_name, c.ordinal_position
"""

_TABLES = """
SELECT table_name FROM information_schema.tables
WHERE table_schema = database() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY table_name
"""

_REFERENCES = """
SELECT table_name, constraint_name, column_name, referenced_table_name, referenced_column_name
FROM information_schema.key_column_usage
WHERE table_schema = database() AND referenced_table_name IS NOT NULL
ORDER BY table_name, constraint_name, ordinal_position
"""

_CHECKS = """
SELECT table_name, check_clause FROM information_schema.check_constraints WHERE constraint_schema = database()
"""

_WORDS = re.compile(r"'(?:[^']|'')*'")

_OF_THE_DATA = frozenset(
    {
        *(167, 1242, 1264, 1265, 1292, 1365, 1366, 1367, 1406, 1411, 1416, 1426, 1441, 1690, 1525, 3140, 3141, 3143),
        *(4035, 4036, 4037, 4038, 4039, 4041, 4042, 1139, 1267, 1270, 1271, 1644, 4024),
    }
)
"""Error numbers: a sub-query with many rows, out of range, truncated, division by zero, too long, invalid JSON or
pattern, SIGNAL, and a text that is compared with a column whose character set does not contain it."""


class MariadbAdverse(AdverseValues):
    """The tables of the current database."""

    def tables(self, ask: Ask) -> list[AdverseTable]:
        columns: dict[str, list[AdverseColumn]] = defaultdict(list)
        for table, name, type_, written, nullable, default, is_json in ask(_COLUMNS):
            literals = _literals("json" if is_json else type_.lower(), written)
            columns[table].append(AdverseColumn(_quoted(name), written, nullable == "YES", literals, bool(default)))
        links: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for table, constraint, *link in ask(_REFERENCES):
            links[table, constraint].append(link)
        references: dict[str, list[Any]] = defaultdict(list)
        for (table, _), link in links.items():
            here, there = (tuple(_quoted(item[index]) for item in link) for index in (0, 2))
            references[table].append((here, _quoted(link[0][1]), there))
        words: dict[str, list[str]] = defaultdict(list)
        for table, check in ask(_CHECKS):
            words[table] += _WORDS.findall(check)
        return [
            AdverseTable(
                _quoted(name), tuple(columns[name]), tuple(references[name]), tuple(dict.fromkeys(words[name]))
            )
            for (name,) in ask(_TABLES)
        ]

    def is_of_the_data(self, error: DatabaseError) -> bool:
        number, text = (*getattr(error.orig, "args", ()), None, None)[:2]
        # PyMySQL writes values into the SQL text, so LIMIT -1 is a syntax error.
        return number in _OF_THE_DATA or (number == 1064 and "near '-" in str(text))


def _literals(type_: str, written: str) -> Literals | None:
    if type_ in ("enum", "set"):
        words = tuple(_WORDS.findall(written))
        both = (f"'{','.join(word[1:-1] for word in words[:2])}'", "''") if type_ == "set" else ()
        return Literals((*words, *both))
    if type_ == "tinyint" and written.startswith("tinyint(1)"):
        return Literals(("1", "0"), (), ("127", "-128"))
    return _BY_NAME.get(type_)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
