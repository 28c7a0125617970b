"""Find the adverse values of PostgreSQL: the types of pg_type in; literals out.

Arrays, domains and composite types get the values of their parts.

Source: https://www.postgresql.org/docs/current/datatype.html.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from pydb.errors import DatabaseError
from pydb.prove.adverse import AdverseColumn, AdverseTable, AdverseValues, Ask, Literals

__all__ = ["PostgresqlAdverse"]


def _ranges(low: str, high: str) -> Literals:
    return Literals((f"'[{low},{high})'", "'empty'"), (f"'[{low},)'", "'(,)'"))


_BY_NAME = {
    "int2": Literals(("1", "2", "0", "-1", "7"), ("32767", "-32768"), series=("{}",)),
    "int4": Literals(("1", "2", "0", "-1", "7"), ("2147483647", "-2147483648"), series=("{}",)),
    "int8": Literals(("1", "2", "0", "-1", "7"), ("9223372036854775807", "-9223372036854775808"), series=("{}",)),
    "oid": Literals(("1", "2"), ("4294967295",), series=("{}",)),
    "numeric": Literals(
        ("10", "1.5", "0", "-2.25", "99.99"), ("123456789012345678.91", "-99999999999999999999"), ("'NaN'",), ("{}.25",)
    ),
    "float4": Literals(("1.5", "0", "-2.25"), ("'Infinity'", "'-Infinity'", "'NaN'", "3e38"), series=("{}.5",)),
    "float8": Literals(("1.5", "0", "-2.25"), ("'Infinity'", "'-Infinity'", "'NaN'", "1.7e308"), series=("{}.5",)),
    "money": Literals(("'1.50'", "'0'"), ("'-92233720368547758.08'",), series=("'{}.25'",)),
    "bool": Literals(("true", "false")),
    "text": Literals(
        ("'a'", "''", "'Zoë'", "'it''s 100%_'", "'007'", "'two words'"),
        ("'" + 300 * "x" + "'", "'\u202e😀'"),
        series=("'t{}'", "'ann{}@example.com'", "'AB-{:04d}'"),
    ),
    "bytea": Literals((r"'\x00ff'", r"'\x'", r"'\x616263'"), (), series=("'b{}'",)),
    "date": Literals(
        ("'2024-02-29'", "'2026-01-31'", "'1999-12-31'"),
        ("'0001-01-01'", "'9999-12-31'"),
        ("'infinity'", "'-infinity'", "'0044-03-15 BC'", "'10000-01-01'"),
    ),
    "time": Literals(("'12:30:00'", "'00:00:00'"), ("'23:59:58.999999'",), ("'24:00'",)),
    "timetz": Literals(("'12:30:00+02'", "'00:00:00+00'"), ("'23:59:58.999999-12'",), ("'24:00+00'",)),
    "timestamp": Literals(
        ("'2024-02-29 12:30:00'", "'2026-01-31 08:00:00.125'", "'1999-12-31 23:59:59'"),
        ("'0001-01-01 00:00:00'", "'9999-12-31 23:59:58.999999'"),
        ("'infinity'", "'-infinity'", "'0044-03-15 12:00:00 BC'", "'10000-01-01 00:00:00'"),
    ),
    "timestamptz": Literals(
        ("'2024-02-29 12:30:00+00'", "'2026-01-31 08:00:00.125+02'", "'1999-12-31 23:59:59Z'"),
        ("'0001-01-01 00:00:00+00'", "'9999-12-31 23:59:58.999999+00'"),
        ("'infinity'", "'-infinity'", "'0044-03-15 12:00:00+00 BC'", "'10000-01-01 00:00:00+00'"),
    ),
    "interval": Literals(
        ("'1 day'", "'01:30:00'", "'0'", "'-2 days -00:00:00.5'"), ("'30000 days'",), ("'1 month'", "'178000000 years'")
    ),
    "uuid": Literals(
        ("'12345678-1234-5678-1234-567812345678'", "'00000000-0000-0000-0000-000000000000'"),
        ("'ffffffff-ffff-ffff-ffff-ffffffffffff'",),
        series=("'00000000-0000-0000-0000-{:012d}'",),
    ),
    "json": Literals(
        ('\'{"a": 1, "b": [1, 2.5, null]}\'', "'[]'", "'{}'", "'[1, \"x\"]'"), ("'null'", "'\"x\"'", "'1'", "'true'")
    ),
    "xml": Literals(("'<a/>'", "'<a>b</a>'")),
    "inet": Literals(("'10.0.0.1'", "'2001:db8::1'"), ("'10.1.2.3/8'", "'0.0.0.0/0'"), series=("'10.0.0.{}'",)),
    "cidr": Literals(("'10.0.0.0/8'", "'2001:db8::/32'"), ("'10.0.0.1/32'",), series=("'10.0.{}.0/24'",)),
    "macaddr": Literals(("'08:00:2b:01:02:03'", "'00:00:00:00:00:00'")),
    "macaddr8": Literals(("'08:00:2b:01:02:03:04:05'",)),
    "bit": Literals(("B'1'", "B'0'", "B'101'")),
    "varbit": Literals(("B'101'", "B''", "B'1'")),
    "point": Literals(("'(1,2)'", "'(0,0)'")),
    "line": Literals(("'{1,2,3}'",)),
    "lseg": Literals(("'[(0,0),(1,1)]'",)),
    "box": Literals(("'(1,1),(0,0)'",)),
    "path": Literals(("'[(0,0),(1,1)]'", "'((0,0),(1,1))'")),
    "polygon": Literals(("'((0,0),(1,1),(1,0))'",)),
    "circle": Literals(("'<(0,0),1>'",)),
    "tsvector": Literals(("'fat:1 cat:2'", "''")),
    "tsquery": Literals(("'fat & cat'", "''")),
    "int4range": _ranges("1", "5"),
    "int8range": _ranges("1", "5"),
    "numrange": _ranges("1.5", "5"),
    "daterange": _ranges("2024-01-01", "2024-02-01"),
    "tsrange": _ranges("2024-01-01", "2024-02-01"),
    "tstzrange": _ranges("2024-01-01", "2024-02-01"),
    "int4multirange": Literals(("'{[1,3),[5,7)}'", "'{}'")),
    "datemultirange": Literals(("'{[2024-01-01,2024-02-01)}'", "'{}'")),
    "hstore": Literals(("'a=>1, b=>NULL'", "''")),
    "pg_lsn": Literals(("'0/0'", "'16/B374D848'")),
    "ltree": Literals(("'top.a'", "'top'")),
}
for _name, _like in (("varchar", "text"), ("bpchar", "text"), ("name", "text"), ("citext", "text"), ("jsonb", "json")):
    _BY_NAME[_name] = _BY_NAME[_like]
_BY_NAME["char"] = Literals(("'a'", "'b'"))

_TYPES = """
SELECT t.oid, t.typname, t.typtype, t.typelem, t.typcategory, t.typbasetype, t.typrelid, format_type(t.oid, NULL),
    ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder),
    ARRAY(SELECT a.atttypid FROM pg_attribute AS a
          WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
    (SELECT string_agg(pg_get_constraintdef(k.oid), ' ') FROM pg_constraint AS k WHERE k.contypid = t.oid)
FROM pg_type AS t
"""

_COLUMNS = """
SELECT c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname), quote_ident(a.attname), a.atttypid,
    format_type(a.atttypid, a.atttypmod), NOT a.attnotnull AND NOT (t.typtype = 'd' AND t.typnotnull),
    d.adbin IS NOT NULL
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
INNER JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
INNER JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND a.attgenerated = '' AND a.attidentity = ''
    AND coalesce(pg_get_expr(d.adbin, d.adrelid), '') NOT LIKE 'nextval(%'
ORDER BY 2, a.attnum
"""

_REFERENCES = """
SELECT k.conrelid, quote_ident(n.nspname) || '.' || quote_ident(c.relname),
    ARRAY(SELECT quote_ident(a.attname) FROM unnest(k.conkey) WITH ORDINALITY AS u (num, place)
          INNER JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.num ORDER BY u.place),
    ARRAY(SELECT quote_ident(a.attname) FROM unnest(k.confkey) WITH ORDINALITY AS u (num, place)
          INNER JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.num ORDER BY u.place)
FROM pg_constraint AS k
INNER JOIN pg_class AS c ON c.oid = k.confrelid
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0
"""

_CHECKS = "SELECT conrelid, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"

_ALL_TABLES = """
SELECT c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname)
FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg\\_%'
    AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY 2
"""

_SEQUENCES = """
SELECT setval(c.oid::regclass, 10000 * s.seqincrement) FROM pg_class AS c
INNER JOIN pg_sequence AS s ON s.seqrelid = c.oid WHERE s.seqmax > 100000 AND s.seqincrement > 0
"""

_WORDS = re.compile(r"'(?:[^']|'')*'")


_CLASSES = ("22", "23")
_STATES = ("0A000", "21000", "54000", "P0001")
"""NaN as an integer; a sub-query with many rows, or a row that an upsert updates twice; a limit exceeded; RAISE."""


@dataclass(frozen=True, slots=True)
class _Type:
    oid: int
    name: str
    kind: str
    element: int
    category: str
    base: int
    relation: int
    written: str
    labels: list[str]
    fields: list[int]
    checks: str | None


class PostgresqlAdverse(AdverseValues):
    """The tables of every schema except PostgreSQL's own."""

    def tables(self, ask: Ask) -> list[AdverseTable]:
        types = {row[0]: _Type(*row) for row in ask(_TYPES)}
        columns: dict[int, list[AdverseColumn]] = defaultdict(list)
        for oid, _, name, type_, written, nullable, default in ask(_COLUMNS):
            columns[oid].append(AdverseColumn(name, written, nullable, _literals(types, type_), default))
        references: dict[int, list[Any]] = defaultdict(list)
        for oid, table, here, there in ask(_REFERENCES):
            references[oid].append((tuple(here), table, tuple(there)))
        words: dict[int, list[str]] = defaultdict(list)
        for oid, check in ask(_CHECKS):
            words[oid] += _WORDS.findall(check)
        return [
            AdverseTable(name, tuple(columns[oid]), tuple(references[oid]), tuple(dict.fromkeys(words[oid])))
            for oid, name in ask(_ALL_TABLES)
        ]

    def insert(self, table: str, columns: str, values: str) -> str:
        return f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE VALUES ({values})"

    def set_keys_apart(self, ask: Ask) -> None:
        ask(_SEQUENCES)

    def is_of_the_data(self, error: DatabaseError) -> bool:
        state = getattr(error.orig, "sqlstate", None) or ""
        return state[:2] in _CLASSES or state in _STATES


def _literals(types: dict[int, _Type], oid: int) -> Literals | None:
    type_ = types[oid]
    if type_.labels:
        return Literals(tuple(_text(label) for label in type_.labels)).mapped(f"CAST({{}} AS {type_.written})")
    if type_.kind == "d":
        base = _literals(types, type_.base)
        words = tuple(_WORDS.findall(type_.checks or ""))
        return base and Literals((*words, *base.plain), base.extreme, base.beyond, base.series)
    if type_.kind == "c":
        return _composite(types, type_)
    if type_.category == "A":
        return _array(types, type_)
    return _BY_NAME.get(type_.name)


def _array(types: dict[int, _Type], type_: _Type) -> Literals | None:
    item = _literals(types, type_.element)
    if item is None:
        return None
    element = types[type_.element].written
    inside = [f"CAST({literal} AS {element})" for literal in item.plain]
    some = (f"CAST(ARRAY[{', '.join(inside[:3])}] AS {type_.written})", f"CAST('{{}}' AS {type_.written})")
    odd = (f"CAST(ARRAY[{inside[0]}, NULL] AS {type_.written})",)
    extreme = tuple(f"CAST(ARRAY[CAST({literal} AS {element})] AS {type_.written})" for literal in item.extreme)
    beyond = tuple(f"CAST(ARRAY[CAST({literal} AS {element})] AS {type_.written})" for literal in item.beyond)
    deep = (f"CAST(ARRAY[[{inside[0]}, {inside[0]}], [{inside[0]}, {inside[0]}]] AS {type_.written})",)
    return Literals(some, extreme, (*odd, *deep, *beyond))


def _composite(types: dict[int, _Type], type_: _Type) -> Literals | None:
    fields = [_literals(types, field) for field in type_.fields]
    known = [field for field in fields if field is not None]
    if len(known) < len(fields):
        return None
    rows = ["ROW(" + ", ".join(field.plain[index % len(field.plain)] for field in known) + ")" for index in range(2)]
    nulls = "ROW(" + ", ".join("NULL" for _ in known) + ")"
    return Literals((*rows, nulls)).mapped(f"CAST({{}} AS {type_.written})")


def _text(label: str) -> str:
    return "'" + label.replace("'", "''") + "'"
