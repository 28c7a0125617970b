"""Read PostgreSQL's catalogue: an open psycopg connection in, a Catalogue of its database's schemas out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pydb.describe.analysis.expansion import view_sizes
from pydb.describe.analysis.views import with_views
from pydb.describe.catalogue import Catalogue, ColumnFacts, Reference, TableFacts
from pydb.sqlfile.lexer import Unterminated, tokenize
from pydb.sqlfile.tokens import QUOTED, SPACE, WORD, Token

if TYPE_CHECKING:
    import psycopg

__all__ = ["fingerprint", "kind_of_type", "read_catalogue"]

# Every schema except those of the server itself and those of other sessions' temporary tables.
_SPACES = r"""
spaces AS (
    SELECT oid, nspname FROM pg_namespace
    WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
        AND (nspname !~ '^pg_(toast_)?temp_' OR oid = pg_my_temp_schema())
)
"""

_TABLES = f"""
WITH {_SPACES}
SELECT c.oid, s.nspname, c.relname, c.relkind, pg_table_is_visible(c.oid),
    CASE WHEN c.relispartition THEN 'partition'
        WHEN EXISTS (SELECT 1 FROM pg_depend AS d
                     WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') THEN 'extension'
        ELSE '' END
FROM pg_class AS c
INNER JOIN spaces AS s ON s.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY s.nspname, c.relname
"""

# A table's NOT NULL does not apply to the tables that inherit from it (before PostgreSQL 18), and is not enforced for a
# foreign table.  The NOT NULL of a domain has gaps (CREATE DOMAIN, Notes), so only that of the column counts.
_COLUMNS = f"""
WITH RECURSIVE {_SPACES},
heirs (root, relation) AS (
    SELECT c.oid, c.oid FROM pg_class AS c INNER JOIN spaces AS s ON s.oid = c.relnamespace
    UNION
    SELECT heirs.root, i.inhrelid FROM heirs INNER JOIN pg_inherits AS i ON i.inhparent = heirs.relation
)
SELECT
    c.oid,
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
INNER JOIN spaces AS s ON s.oid = c.relnamespace
INNER JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
INNER JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_type AS b ON b.oid = t.typbasetype AND t.typtype = 'd'
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY c.oid, a.attnum
"""

_KEYS = f"""
WITH {_SPACES}
SELECT c.oid, (
    SELECT array_agg(a.attname::text) FROM pg_attribute AS a
    WHERE a.attrelid = c.oid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
)
FROM pg_index AS i
INNER JOIN pg_class AS c ON c.oid = i.indrelid
INNER JOIN spaces AS s ON s.oid = c.relnamespace
WHERE i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
ORDER BY c.oid, i.indisprimary DESC, i.indexrelid
"""

_CONSTRAINTS = f"""
WITH {_SPACES}
SELECT n.conrelid, n.conname, n.contype, n.confrelid,
    (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(n.conkey) WITH ORDINALITY AS k (number, place)
     INNER JOIN pg_attribute AS a ON a.attrelid = n.conrelid AND a.attnum = k.number),
    (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(n.confkey) WITH ORDINALITY AS k (number, place)
     INNER JOIN pg_attribute AS a ON a.attrelid = n.confrelid AND a.attnum = k.number)
FROM pg_constraint AS n
INNER JOIN spaces AS s ON s.oid = n.connamespace
WHERE n.conrelid <> 0 AND n.contype IN ('u', 'f', 'c')
"""

_FUNCTIONS = """
SELECT p.proname FROM pg_proc AS p
INNER JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
"""

# Only plain views: a materialized view may contain rows from before a change of its tables.
_VIEWS = f"""
WITH {_SPACES}
SELECT c.oid, pg_get_viewdef(c.oid)
FROM pg_class AS c
INNER JOIN spaces AS s ON s.oid = c.relnamespace
WHERE c.relkind = 'v'
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
    """The kind of a type, by its name in pg_type."""
    return _KINDS.get(name, "other")


def read_catalogue(connection: psycopg.Connection[Any], engine: str) -> Catalogue:
    """The tables and views of every schema of the connection's database, and the functions that it defines.

    A table that the search path finds has its bare name.  Any other table's name begins with that of its schema.
    """
    tables = {oid: _table(*row) for oid, *row in connection.execute(_TABLES)}
    texts = {tables[oid].name: text for oid, text in connection.execute(_VIEWS)}
    sizes = view_sizes(_by_bare_name(texts, tables.values()), engine)
    columns: dict[int, dict[str, ColumnFacts]] = defaultdict(dict)
    for oid, name, type_, not_null, has_default, generated, base in connection.execute(_COLUMNS):
        columns[oid][name] = ColumnFacts(
            name=name,
            type=type_,
            nullable=not not_null,
            kind=kind_of_type(base),
            optional=not not_null or has_default,
            generated=generated,
        )
    keys: dict[int, list[frozenset[str]]] = defaultdict(list)
    for oid, listed in connection.execute(_KEYS):
        keys[oid].append(frozenset(listed))
    names: dict[int, set[str]] = defaultdict(set)
    references: dict[int, set[Reference]] = defaultdict(set)
    for oid, name, kind, other, here, there in connection.execute(_CONSTRAINTS):
        names[oid].add(name)
        if kind == "f":
            references[oid].add((tuple(here), tables[other].name, tuple(there)))
    complete = [
        replace(
            table,
            columns=columns[oid],
            keys=tuple(keys[oid]),
            references=frozenset(references[oid]),
            constraints=frozenset(names[oid]),
        )
        for oid, table in tables.items()
    ]
    spaces = frozenset(table.schema for table in complete if table.schema is not None)
    functions = frozenset(row[0].lower() for row in connection.execute(_FUNCTIONS))
    catalogue = Catalogue(engine, {table.name: table for table in complete}, spaces, functions, sizes)
    return with_views(catalogue, texts)


def _table(schema: str, name: str, relation: str, visible: bool, special: str) -> TableFacts:
    label = name if visible else f"{schema}.{name}"
    return TableFacts(label, {}, is_view=relation in ("v", "m"), schema=schema, visible=visible, special=special)


def _by_bare_name(texts: Mapping[str, str], tables: Iterable[TableFacts]) -> dict[str, str]:
    """The queries of the views, by bare name; if two schemas have views of one name, the queries of both are joined."""
    found: dict[str, str] = {}
    for table in tables:
        if table.name in texts:
            found[table.bare_name] = f"{found.get(table.bare_name, '')}\n{texts[table.name]}"
    return found


# The name of an object outside the current schema begins with the name of its schema.  Objects of an extension are left
# out, and settings of autovacuum, which depend on the rows.  A partition is one object, with what it does not inherit.
_FINGERPRINT = """
WITH named AS (
    SELECT oid, CASE WHEN nspname = current_schema() THEN '' ELSE nspname || '.' END AS prefix
    FROM pg_namespace
    WHERE nspname = current_schema() OR nspname = ANY (%s)
),
extended AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
classes AS (
    SELECT c.*, s.prefix || c.relname AS name
    FROM pg_class AS c
    INNER JOIN named AS s ON s.oid = c.relnamespace
    WHERE NOT EXISTS (SELECT 1 FROM extended AS e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid)
),
types AS (
    SELECT t.*, s.prefix || t.typname AS name
    FROM pg_type AS t
    INNER JOIN named AS s ON s.oid = t.typnamespace
    WHERE NOT EXISTS (SELECT 1 FROM extended AS e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid)
)
SELECT 'schema ' || rtrim(prefix, '.'), '' FROM named WHERE prefix <> ''
UNION ALL
SELECT 'extension ' || extname, 'CREATE EXTENSION' FROM pg_extension WHERE extname <> 'plpgsql'
UNION ALL
SELECT 'column ' || c.name || '.' || a.attname,
    concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
        CASE WHEN a.attgenerated <> '' THEN 'GENERATED ' ELSE 'DEFAULT ' END || pg_get_expr(d.adbin, d.adrelid),
        CASE a.attidentity WHEN 'a' THEN 'IDENTITY ALWAYS' WHEN 'd' THEN 'IDENTITY BY DEFAULT' END,
        (SELECT 'COLLATE ' || l.collname FROM pg_collation AS l
         WHERE l.oid = a.attcollation AND l.collname <> 'default'))
FROM classes AS c
INNER JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition
UNION ALL
SELECT kind || name, kept FROM (
    SELECT CASE WHEN c.relispartition THEN 'partition ' ELSE 'options of ' END AS kind, c.name, concat_ws('; ',
        CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' END,
        'PARTITION BY ' || pg_get_partkeydef(c.oid),
        CASE WHEN c.relispartition THEN 'PARTITION OF ' ELSE 'INHERITS ' END
            || (SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno)
                FROM pg_inherits AS i WHERE i.inhrelid = c.oid),
        pg_get_expr(c.relpartbound, c.oid),
        'WITH (' || (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(c.reloptions) AS o
                     WHERE o !~ 'autovacuum') || ')',
        CASE WHEN c.relrowsecurity THEN 'ROW LEVEL SECURITY' END,
        CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END) AS kept
    FROM classes AS c WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm')
) AS tables
WHERE kept <> ''
UNION ALL
SELECT 'policy ' || p.polname || ' of ' || c.name,
    concat_ws(' ', CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
        CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
            ELSE 'ALL' END,
        'TO ' || (SELECT string_agg(CASE WHEN r = 0 THEN 'public' ELSE pg_get_userbyid(r) END, ', ' ORDER BY r)
                  FROM unnest(p.polroles) AS r),
        'USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
        'WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')
FROM pg_policy AS p
INNER JOIN classes AS c ON c.oid = p.polrelid
UNION ALL
SELECT 'rule ' || r.rulename || ' of ' || c.name, pg_get_ruledef(r.oid)
FROM pg_rewrite AS r
INNER JOIN classes AS c ON c.oid = r.ev_class
WHERE r.ev_type <> '1'
UNION ALL
SELECT 'constraint ' || n.conname || coalesce(' of ' || c.name, ' of domain ' || t.name),
    pg_get_constraintdef(n.oid) || CASE WHEN n.convalidated THEN '' ELSE ' NOT VALID' END
FROM pg_constraint AS n
LEFT JOIN classes AS c ON c.oid = n.conrelid
LEFT JOIN types AS t ON t.oid = n.contypid
WHERE n.contype <> 'n' AND (t.oid IS NOT NULL OR NOT c.relispartition OR n.coninhcount = 0)
UNION ALL
SELECT 'index ' || c.name, pg_get_indexdef(i.indexrelid)
FROM pg_index AS i
INNER JOIN classes AS c ON c.oid = i.indexrelid
INNER JOIN classes AS indexed ON indexed.oid = i.indrelid
WHERE NOT EXISTS (SELECT 1 FROM pg_inherits AS h WHERE h.inhrelid = i.indexrelid)
UNION ALL
SELECT CASE c.relkind WHEN 'v' THEN 'view ' ELSE 'materialized view ' END || c.name, pg_get_viewdef(c.oid)
FROM classes AS c
WHERE c.relkind IN ('v', 'm')
UNION ALL
SELECT 'trigger ' || t.tgname || ' of ' || c.name,
    pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN 'D' THEN ' DISABLED' WHEN 'A' THEN ' ENABLED ALWAYS'
        WHEN 'R' THEN ' ENABLED ON REPLICA' ELSE '' END
FROM pg_trigger AS t
INNER JOIN classes AS c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgparentid = 0
UNION ALL
SELECT 'function ' || p.oid::regprocedure, pg_get_functiondef(p.oid)
FROM pg_proc AS p
INNER JOIN named AS s ON s.oid = p.pronamespace
WHERE p.prokind IN ('f', 'p')
    AND NOT EXISTS (SELECT 1 FROM extended AS e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid)
UNION ALL
SELECT 'sequence ' || c.name,
    concat_ws(' ', q.seqtypid::regtype, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcycle)
FROM pg_sequence AS q
INNER JOIN classes AS c ON c.oid = q.seqrelid
UNION ALL
SELECT CASE t.typtype WHEN 'e' THEN 'enum ' WHEN 'd' THEN 'domain ' ELSE 'type ' END || t.name,
    CASE t.typtype
        WHEN 'e' THEN (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
                       FROM pg_enum AS e WHERE e.enumtypid = t.oid)
        WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
        WHEN 'r' THEN (SELECT 'RANGE OF ' || r.rngsubtype::regtype FROM pg_range AS r WHERE r.rngtypid = t.oid)
        ELSE (SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', '
                  ORDER BY a.attnum)
              FROM pg_attribute AS a WHERE a.attrelid = t.typrelid AND NOT a.attisdropped)
    END
FROM types AS t
LEFT JOIN pg_class AS made ON made.oid = t.typrelid
WHERE t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND made.relkind = 'c')
"""


def fingerprint(connection: psycopg.Connection[Any], spaces: Collection[str]) -> dict[str, str]:
    """The definition of each object of the current schema and of the schemas ``spaces``, by kind and name."""
    space = connection.execute("SELECT quote_ident(current_schema())").fetchone()
    schema = str(space[0]) if space else ""
    return {
        str(name): _without_schema(str(text or ""), schema)
        for name, text in connection.execute(_FINGERPRINT, (list(spaces),))
    }


def _without_schema(definition: str, schema: str) -> str:
    """The definition without that schema's name, which may differ between databases with the same schema."""
    kept, before, skips = "", "", False
    try:
        tokens = [*tokenize(definition, "postgresql"), Token(SPACE, "", 0)]
    except Unterminated:
        return definition
    for token, following in pairwise(tokens):
        is_schema = token.text == schema and token.kind in (WORD, QUOTED)
        if is_schema and before != "." and following.text == ".":
            skips = True
        elif skips:
            skips = False
        else:
            kept += token.text
        before = token.text
    return kept
