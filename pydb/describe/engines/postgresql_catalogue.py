"""PostgreSQL's catalogue: an open psycopg connection goes in, a Catalogue of its current schema comes out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pydb.describe.analysis.expansion import view_sizes
from pydb.describe.analysis.views import with_views
from pydb.describe.catalogue import Catalogue, ColumnFacts, Reference, TableFacts

if TYPE_CHECKING:
    import psycopg

__all__ = ["fingerprint", "kind_of_type", "read_catalogue"]

# A table's NOT NULL does not bind its inheritors (before PostgreSQL 18), nor the far end of a foreign table; a
# domain's own NOT NULL has holes (CREATE DOMAIN, Notes), so only the column's counts.
_COLUMNS = """
WITH RECURSIVE heirs (root, relation) AS (
    SELECT oid, oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace
    UNION
    SELECT heirs.root, i.inhrelid FROM heirs INNER JOIN pg_inherits AS i ON i.inhparent = heirs.relation
)
SELECT
    c.relname,
    c.relkind,
    a.attname,
    format_type(a.atttypid, a.atttypmod),
    (SELECT bool_and(h.attnotnull AND hc.relkind IN ('r', 'p'))
     FROM heirs
     INNER JOIN pg_attribute AS h ON h.attrelid = heirs.relation AND h.attname = a.attname
     INNER JOIN pg_class AS hc ON hc.oid = heirs.relation
     WHERE heirs.root = c.oid)
    AND NOT EXISTS (
        SELECT 1 FROM pg_constraint AS n
        WHERE n.conrelid = c.oid AND n.contype = 'n' AND NOT n.convalidated AND a.attnum = ANY (n.conkey)
    ),
    a.atthasdef OR a.attidentity <> '',
    a.attgenerated <> '',
    coalesce(b.typname, t.typname)
FROM pg_class AS c
INNER JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
INNER JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_type AS b ON b.oid = t.typbasetype AND t.typtype = 'd'
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY c.relname, a.attnum
"""

_KEYS = """
SELECT c.relname, (
    SELECT array_agg(a.attname::text) FROM pg_attribute AS a
    WHERE a.attrelid = c.oid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
)
FROM pg_index AS i
INNER JOIN pg_class AS c ON c.oid = i.indrelid
WHERE c.relnamespace = current_schema()::regnamespace
    AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
ORDER BY c.relname, i.indisprimary DESC, i.indexrelid
"""

_CONSTRAINTS = """
SELECT c.relname, n.conname, n.contype, r.relname,
    (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(n.conkey) WITH ORDINALITY AS k (number, place)
     INNER JOIN pg_attribute AS a ON a.attrelid = n.conrelid AND a.attnum = k.number),
    (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(n.confkey) WITH ORDINALITY AS k (number, place)
     INNER JOIN pg_attribute AS a ON a.attrelid = n.confrelid AND a.attnum = k.number)
FROM pg_constraint AS n
INNER JOIN pg_class AS c ON c.oid = n.conrelid
LEFT JOIN pg_class AS r ON r.oid = n.confrelid
WHERE n.connamespace = current_schema()::regnamespace AND n.contype IN ('u', 'f', 'c')
"""

_FUNCTIONS = """
SELECT p.proname FROM pg_proc AS p
INNER JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
"""

# A view's query is parsed when it is made; a materialized one may hold rows from before a change.
_VIEWS = """
SELECT c.relname, pg_get_viewdef(c.oid)
FROM pg_class AS c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'v'
"""

_KINDS = {
    **dict.fromkeys(("int2", "int4", "int8"), "int"),
    **dict.fromkeys(("numeric", "float4", "float8", "money"), "num"),
    **dict.fromkeys(("text", "varchar", "bpchar", "name", "char"), "text"),
    **dict.fromkeys(("date", "time", "timetz", "timestamp", "timestamptz", "interval"), "temporal"),
    **dict.fromkeys(("json", "jsonb"), "json"),
    "bool": "bool",
    "bytea": "blob",
}


def kind_of_type(name: str) -> str:
    """The kind of a type by its name in pg_type."""
    return _KINDS.get(name, "other")


def read_catalogue(connection: psycopg.Connection[Any], engine: str) -> Catalogue:
    """The tables and views of the connection's current schema, and the functions that it defines."""
    texts = dict(connection.execute(_VIEWS).fetchall())
    sizes = view_sizes(texts, engine)
    columns: dict[str, dict[str, ColumnFacts]] = defaultdict(dict)
    views = set()
    for table, relation, name, type_, not_null, has_default, generated, base in connection.execute(_COLUMNS):
        columns[table][name] = ColumnFacts(
            name=name,
            type=type_,
            nullable=not not_null,
            kind=kind_of_type(base),
            optional=not not_null or has_default,
            generated=generated,
        )
        if relation in ("v", "m"):
            views.add(table)
    keys: dict[str, list[frozenset[str]]] = defaultdict(list)
    for table, listed in connection.execute(_KEYS):
        keys[table].append(frozenset(listed))
    names: dict[str, set[str]] = defaultdict(set)
    references: dict[str, set[Reference]] = defaultdict(set)
    for table, name, kind, other, here, there in connection.execute(_CONSTRAINTS):
        names[table].add(name)
        if kind == "f":
            references[table].add((tuple(here), other, tuple(there)))
    tables = {
        name: TableFacts(
            name, facts, tuple(keys[name]), name in views, frozenset(references[name]), frozenset(names[name])
        )
        for name, facts in columns.items()
    }
    space = connection.execute("SELECT current_schema()").fetchone()
    functions = frozenset(row[0].lower() for row in connection.execute(_FUNCTIONS))
    catalogue = Catalogue(engine, tables, frozenset({str(space[0])} if space else ()), functions, sizes)
    return with_views(catalogue, texts)


_FINGERPRINT = """
SELECT 'column ' || c.relname || '.' || a.attname,
    concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
        CASE WHEN a.attgenerated <> '' THEN 'GENERATED ' ELSE 'DEFAULT ' END || pg_get_expr(d.adbin, d.adrelid),
        CASE a.attidentity WHEN 'a' THEN 'IDENTITY ALWAYS' WHEN 'd' THEN 'IDENTITY BY DEFAULT' END,
        (SELECT 'COLLATE ' || l.collname FROM pg_collation AS l
         WHERE l.oid = a.attcollation AND l.collname <> 'default'))
FROM pg_class AS c
INNER JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'f')
UNION ALL
SELECT 'constraint ' || n.conname || coalesce(' of ' || c.relname, ' of domain ' || t.typname),
    pg_get_constraintdef(n.oid) || CASE WHEN n.convalidated THEN '' ELSE ' NOT VALID' END
FROM pg_constraint AS n
LEFT JOIN pg_class AS c ON c.oid = n.conrelid
LEFT JOIN pg_type AS t ON t.oid = n.contypid
WHERE n.connamespace = current_schema()::regnamespace AND n.contype <> 'n'
UNION ALL
SELECT 'index ' || c.relname, pg_get_indexdef(i.indexrelid)
FROM pg_index AS i
INNER JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE c.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT CASE c.relkind WHEN 'v' THEN 'view ' ELSE 'materialized view ' END || c.relname, pg_get_viewdef(c.oid)
FROM pg_class AS c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('v', 'm')
UNION ALL
SELECT 'trigger ' || t.tgname || ' of ' || c.relname, pg_get_triggerdef(t.oid)
FROM pg_trigger AS t
INNER JOIN pg_class AS c ON c.oid = t.tgrelid
WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT 'function ' || p.oid::regprocedure, pg_get_functiondef(p.oid)
FROM pg_proc AS p
WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind IN ('f', 'p')
UNION ALL
SELECT 'sequence ' || s.relname,
    concat_ws(' ', q.seqtypid::regtype, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcycle)
FROM pg_sequence AS q
INNER JOIN pg_class AS s ON s.oid = q.seqrelid
WHERE s.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT CASE t.typtype WHEN 'e' THEN 'enum ' ELSE 'domain ' END || t.typname,
    coalesce(
        (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_enum AS e WHERE e.enumtypid = t.oid),
        format_type(t.typbasetype, t.typtypmod) || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
    )
FROM pg_type AS t
WHERE t.typnamespace = current_schema()::regnamespace AND t.typtype IN ('e', 'd')
"""


def fingerprint(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Each thing of the current schema, by kind and name, and its definition."""
    space = connection.execute("SELECT quote_ident(current_schema())").fetchone()
    prefix = f"{space[0]}." if space else ""
    # Definitions name the schema, which need not be called the same in two databases.
    return {str(name): str(text or "").replace(prefix, "") for name, text in connection.execute(_FINGERPRINT)}
