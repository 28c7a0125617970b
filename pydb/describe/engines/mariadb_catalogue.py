"""Read MariaDB's catalogue: an open PyMySQL connection in, a Catalogue of its database out."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pydb.describe.analysis.expansion import view_sizes
from pydb.describe.analysis.views import with_views
from pydb.describe.catalogue import Catalogue, ColumnFacts, Reference, TableFacts

if TYPE_CHECKING:
    import pymysql

__all__ = ["fingerprint", "read_catalogue"]

_COLUMNS = """
SELECT c.TABLE_NAME, t.TABLE_TYPE, c.COLUMN_NAME, c.COLUMN_TYPE, c.DATA_TYPE, c.IS_NULLABLE, c.COLUMN_DEFAULT, c.EXTRA
FROM information_schema.COLUMNS AS c
INNER JOIN information_schema.TABLES AS t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
WHERE c.TABLE_SCHEMA = database()
ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION
"""

_KEYS = """
SELECT TABLE_NAME, INDEX_NAME, group_concat(COLUMN_NAME ORDER BY SEQ_IN_INDEX SEPARATOR '\0')
FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = database() AND NON_UNIQUE = 0
GROUP BY TABLE_NAME, INDEX_NAME
HAVING max(SUB_PART) IS NULL
ORDER BY TABLE_NAME, INDEX_NAME <> 'PRIMARY', INDEX_NAME
"""

_CHECKS = """
SELECT TABLE_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = database()
"""

_VIEWS = "SELECT TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS WHERE TABLE_SCHEMA = database()"

# The session's sql_mode decides in which quotes names are reported.
# Not names of the schema: a CHECK of a column is named after the column, and a primary key is always PRIMARY.
_NAMES = """
SELECT TABLE_NAME, CONSTRAINT_NAME FROM information_schema.TABLE_CONSTRAINTS
WHERE CONSTRAINT_SCHEMA = database() AND CONSTRAINT_TYPE IN ('UNIQUE', 'FOREIGN KEY')
UNION ALL
SELECT TABLE_NAME, CONSTRAINT_NAME FROM information_schema.CHECK_CONSTRAINTS
WHERE CONSTRAINT_SCHEMA = database() AND LEVEL = 'Table'
"""

_REFERENCES = """
SELECT TABLE_NAME, CONSTRAINT_NAME, REFERENCED_TABLE_NAME, COLUMN_NAME, REFERENCED_COLUMN_NAME
FROM information_schema.KEY_COLUMN_USAGE
WHERE CONSTRAINT_SCHEMA = database() AND REFERENCED_TABLE_NAME IS NOT NULL
ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION
"""

_JSON = re.compile(r"json_valid\([`\"]([^`\"]+)[`\"]\)")

_KINDS = {
    **dict.fromkeys(("tinyint", "smallint", "mediumint", "int", "bigint", "bit", "year"), "int"),
    **dict.fromkeys(("decimal", "float", "double"), "num"),
    **dict.fromkeys(("char", "varchar", "tinytext", "text", "enum", "set"), "text"),
    **dict.fromkeys(("date", "time", "datetime", "timestamp"), "temporal"),
    **dict.fromkeys(("binary", "varbinary", "tinyblob", "blob"), "blob"),
    # A value may be longer than a packet; text that is built from it then becomes NULL.
    **dict.fromkeys(("mediumtext", "longtext", "mediumblob", "longblob", "json"), "long"),
}


def read_catalogue(connection: pymysql.Connection[Any], engine: str) -> Catalogue:
    """The tables and views of the connection's current database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT database()")
        space = str(_rows(cursor)[0][0])
        cursor.execute(_VIEWS)
        texts = dict(_rows(cursor))
        sizes = view_sizes(texts, engine)
        columns, kinds = _columns(cursor)
        keys: dict[str, list[frozenset[str]]] = defaultdict(list)
        cursor.execute(_KEYS)
        for table, _, listed in _rows(cursor):
            keys[table].append(frozenset(listed.split("\0")))
        names: dict[str, set[str]] = defaultdict(set)
        cursor.execute(_NAMES)
        for table, name in _rows(cursor):
            names[table].add(name)
        references = _references(cursor)
    tables = {
        name: TableFacts(
            *(name, facts, tuple(keys[name]), kinds[name] == "VIEW", references[name], frozenset(names[name])),
            special="sequence" if kinds[name] == "SEQUENCE" else "",
        )
        for name, facts in columns.items()
    }
    return with_views(Catalogue(engine, tables, frozenset({space.lower()}), sizes=sizes), texts)


def _columns(cursor: Any) -> tuple[dict[str, dict[str, ColumnFacts]], dict[str, str]]:
    """The columns of each table and view, and the kind of each."""
    cursor.execute(_CHECKS)
    json = {(table, name) for table, clause in _rows(cursor) for name in _JSON.findall(clause)}
    cursor.execute(_COLUMNS)
    columns: dict[str, dict[str, ColumnFacts]] = defaultdict(dict)
    kinds: dict[str, str] = {}
    for table, kind, name, type_, data_type, nullable, default, extra in _rows(cursor):
        columns[table][name] = ColumnFacts(
            name=name,
            type="json" if (table, name) in json else type_.lower(),
            nullable=nullable != "NO" or kind == "VIEW",
            kind=_KINDS.get(data_type.lower(), "other"),
            optional=nullable != "NO" or default is not None or "auto_increment" in extra.lower(),
            generated="GENERATED" in extra.upper(),
        )
        kinds[table] = kind
    return columns, kinds


def _references(cursor: Any) -> dict[str, frozenset[Reference]]:
    cursor.execute(_REFERENCES)
    grouped: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for table, name, other, here, there in _rows(cursor):
        grouped[table, name, other].append((here, there))
    found: dict[str, set[Reference]] = defaultdict(set)
    for (table, _, other), pairs in grouped.items():
        found[table].add((tuple(pair[0] for pair in pairs), other, tuple(pair[1] for pair in pairs)))
    return defaultdict(frozenset, {table: frozenset(references) for table, references in found.items()})


def _rows(cursor: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in cursor.fetchall()]


def fingerprint(connection: pymysql.Connection[Any]) -> dict[str, str]:
    """The definition of each object of the current database, by kind and name."""
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT database()")
        space = _rows(cursor)[0][0]
        cursor.execute("SHOW FULL TABLES")
        for name, kind in _rows(cursor):
            shown = "SEQUENCE" if kind == "SEQUENCE" else "TABLE"
            cursor.execute(f"SHOW CREATE {shown} `{name.replace('`', '``')}`")
            found.update(_parts(name, kind, _unqualified(_rows(cursor)[0][1], space)))
        cursor.execute("SHOW TRIGGERS")
        for row in _rows(cursor):
            found[f"trigger {row[0]} of {row[2]}"] = f"{row[4]} {row[1]} {row[3]}"
        cursor.execute(_ROUTINES)
        found.update({f"{kind.lower()} {name}": text or "" for kind, name, text in _rows(cursor)})
        cursor.execute(_EVENTS)
        found.update({f"event {name}": text for name, text in _rows(cursor)})
    return found


_ROUTINES = """
SELECT ROUTINE_TYPE, ROUTINE_NAME, concat_ws(' ', DTD_IDENTIFIER, ROUTINE_DEFINITION)
FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = database()
"""

# Without STARTS: a repeating event starts when it is created, which differs between databases.
_EVENTS = """
SELECT EVENT_NAME, concat_ws(' ', EXECUTE_AT, concat('EVERY ', INTERVAL_VALUE), INTERVAL_FIELD, concat('ENDS ', ENDS),
    'ON COMPLETION', ON_COMPLETION, IF(STATUS = 'DISABLED', 'DISABLE', 'ENABLE'), 'DO', EVENT_DEFINITION)
FROM information_schema.EVENTS WHERE EVENT_SCHEMA = database()
"""

_NOISE = re.compile(r" AUTO_INCREMENT=\d+| DEFINER=([`\"])[^`\"]*\1@\1[^`\"]*\1")


def _unqualified(text: str, space: str) -> str:
    """A definition without the database's name, which differs between databases with the same schema."""
    return text.replace(f"`{space}`.", "").replace(f'"{space}".', "")


def _parts(name: str, kind: str, text: str) -> dict[str, str]:
    """The entries of one table: one for each column, key and constraint of CREATE TABLE, and one for its options."""
    text = _NOISE.sub("", text)
    if kind != "BASE TABLE":
        return {f"{kind.lower()} {name}": text}
    _, *lines = text.splitlines()
    # The table's options and its partitions, which have lines of their own.
    end = next((place for place, line in enumerate(lines) if line.startswith(")")), len(lines) - 1)
    parts = {f"table {name}": " ".join(line.strip() for line in lines[end:]).lstrip(") ")}
    for line in lines[:end]:
        entry = line.strip().rstrip(",")
        label = re.match(r"(?:CONSTRAINT |UNIQUE KEY |KEY |FULLTEXT KEY |SPATIAL KEY )?[`\"]([^`\"]+)[`\"]", entry)
        what = "column" if entry[0] in '`"' else "constraint" if entry.startswith("CONSTRAINT") else "key"
        parts[f"{what} {name}.{label.group(1) if label else 'PRIMARY'}"] = entry
    return parts
