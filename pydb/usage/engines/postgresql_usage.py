"""PostgreSQL's triggers, foreign keys and unique constraints: a session in, SchemaActions out."""

from __future__ import annotations

from pydb.describe.session import Session
from pydb.usage.schema_actions import Cascade, EngineUsage, SchemaActions, Trigger
from pydb.usage.touch import Act

__all__ = ["PostgresqlUsage"]

# As the catalogue spells them: bare where the search path finds them.
_NAMED = """
WITH named AS (
    SELECT c.oid, CASE WHEN pg_table_is_visible(c.oid) THEN c.relname ELSE n.nspname || '.' || c.relname END AS name
    FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
)
"""

_TRIGGERS = f"""{_NAMED}
SELECT t.tgname, named.name, t.tgtype::int, l.lanname, p.prosrc,
    (SELECT coalesce(array_agg(a.attname::text), '{{}}') FROM pg_attribute AS a
     WHERE a.attrelid = t.tgrelid AND a.attnum = ANY (t.tgattr))
FROM pg_trigger AS t
INNER JOIN named ON named.oid = t.tgrelid
INNER JOIN pg_proc AS p ON p.oid = t.tgfoid
INNER JOIN pg_language AS l ON l.oid = p.prolang
WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
ORDER BY t.tgname
"""

_CONSTRAINT_COLUMNS = """
    (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(n.{keys}) WITH ORDINALITY AS k (number, place)
     INNER JOIN pg_attribute AS a ON a.attrelid = n.{table} AND a.attnum = k.number)
"""

_FOREIGN_KEYS = f"""{_NAMED}
SELECT here.name, {_CONSTRAINT_COLUMNS.format(keys="conkey", table="conrelid")},
    there.name, {_CONSTRAINT_COLUMNS.format(keys="confkey", table="confrelid")},
    n.confdeltype::text, n.confupdtype::text
FROM pg_constraint AS n
INNER JOIN named AS here ON here.oid = n.conrelid
INNER JOIN named AS there ON there.oid = n.confrelid
WHERE n.contype = 'f'
ORDER BY here.name, n.conname
"""

_UNIQUE = f"""{_NAMED}
SELECT named.name, n.conname, {_CONSTRAINT_COLUMNS.format(keys="conkey", table="conrelid")}
FROM pg_constraint AS n INNER JOIN named ON named.oid = n.conrelid
WHERE n.contype IN ('p', 'u')
"""

# The bits of pg_trigger.tgtype: src/include/catalog/pg_trigger.h.
_ACTS = {1 << 2: Act.INSERT, 1 << 3: Act.DELETE, 1 << 4: Act.UPDATE}
_INSTEAD = 1 << 6

_RULES = {"c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT", "a": "NO ACTION", "r": "RESTRICT"}


class PostgresqlUsage(EngineUsage):
    """What a trigger does is in the code of its function."""

    def actions(self, session: Session) -> SchemaActions:
        triggers = tuple(_trigger(*row) for row in session.ask(_TRIGGERS))
        cascades = tuple(
            Cascade(here, tuple(columns), there, tuple(others), _RULES[on_delete], _RULES[on_update])
            for here, columns, there, others, on_delete, on_update in session.ask(_FOREIGN_KEYS)
        )
        unique = {(table, name): tuple(columns) for table, name, columns in session.ask(_UNIQUE)}
        return SchemaActions(triggers, cascades, unique)


def _trigger(name: str, table: str, bits: int, language: str, code: str, columns: list[str]) -> Trigger:
    acts = frozenset(act for bit, act in _ACTS.items() if bits & bit)
    body = code if language in ("plpgsql", "sql") else None
    return Trigger(name, table, acts, frozenset(columns), body, instead=bool(bits & _INSTEAD))
