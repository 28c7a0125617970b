"""Read the sizes of PostgreSQL's tables: a session in; estimated numbers of rows, and bytes with indexes, out."""

from __future__ import annotations

from collections.abc import Mapping

from pydb.describe.session import Session
from pydb.site.engine_site import EngineSite, TableSize

__all__ = ["PostgresqlSite"]

_SIZES = """
SELECT
    CASE WHEN pg_table_is_visible(c.oid) THEN c.relname ELSE n.nspname || '.' || c.relname END,
    c.reltuples,
    pg_total_relation_size(c.oid)
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
UNION ALL
SELECT
    CASE WHEN pg_table_is_visible(c.oid) THEN c.relname ELSE n.nspname || '.' || c.relname END,
    (SELECT sum(greatest(p.reltuples, 0)) FROM pg_partition_tree(c.oid) AS t
     INNER JOIN pg_class AS p ON p.oid = t.relid WHERE t.isleaf),
    (SELECT sum(pg_total_relation_size(t.relid)) FROM pg_partition_tree(c.oid) AS t)
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'p'
"""


_AUTOMATIC = """
SELECT
    i.relname,
    CASE WHEN pg_table_is_visible(t.oid) THEN t.relname ELSE n.nspname || '.' || t.relname END,
    (SELECT array_agg(a.attname::text) FROM pg_attribute AS a WHERE a.attrelid = t.oid AND a.attnum = ANY (c.conkey))
FROM pg_constraint AS c
INNER JOIN pg_class AS i ON i.oid = c.conindid
INNER JOIN pg_class AS t ON t.oid = c.conrelid
INNER JOIN pg_namespace AS n ON n.oid = t.relnamespace
WHERE c.contype IN ('p', 'u') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""


class PostgresqlSite(EngineSite):
    """The site's interface to PostgreSQL.  The numbers of rows are those of the last ANALYZE or VACUUM."""

    lexer = "postgres"

    def automatic_indexes(self, session: Session) -> Mapping[str, tuple[str, frozenset[str]]]:
        return {
            str(index): (str(table), frozenset(name.lower() for name in columns))
            for index, table, columns in session.ask(_AUTOMATIC)
        }

    def sizes(self, session: Session) -> Mapping[str, TableSize]:
        return {
            # reltuples is -1 until the table is analysed.
            str(name): TableSize(int(rows) if rows is not None and rows >= 0 else None, int(size or 0), estimated=True)
            for name, rows, size in session.ask(_SIZES)
        }
