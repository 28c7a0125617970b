"""PostgreSQL's triggers, foreign keys, functions and defaults: a session in, SchemaActions out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydb.describe.session import Session
from pydb.sqlfile.lexer import scan
from pydb.sqlfile.tokens import significant
from pydb.usage.schema_actions import Cascade, EngineUsage, Routine, SchemaActions, Trigger
from pydb.usage.touch import Act

__all__ = ["PostgresqlUsage", "rule_body"]

# Written as in the catalogue: without the schema if that is in the search path.
_NAMED = """
WITH named AS (
    SELECT c.oid, CASE WHEN pg_table_is_visible(c.oid) THEN c.relname ELSE n.nspname || '.' || c.relname END AS name
    FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
)
"""

_TRIGGERS = f"""{_NAMED}
SELECT t.tgname, named.name, t.tgtype::int, l.lanname, p.prosrc, p.prosecdef,
    (SELECT coalesce(array_agg(a.attname::text), '{{}}') FROM pg_attribute AS a
     WHERE a.attrelid = t.tgrelid AND a.attnum = ANY (t.tgattr))
FROM pg_trigger AS t
INNER JOIN named ON named.oid = t.tgrelid
INNER JOIN pg_proc AS p ON p.oid = t.tgfoid
INNER JOIN pg_language AS l ON l.oid = p.prolang
WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
ORDER BY t.tgname
"""

# A view's own rule is its query.
_RULES_OF_TABLES = f"""{_NAMED}
SELECT r.rulename, named.name, r.ev_type::text, pg_get_ruledef(r.oid), r.is_instead
FROM pg_rewrite AS r
INNER JOIN named ON named.oid = r.ev_class
INNER JOIN pg_class AS c ON c.oid = r.ev_class
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE r.ev_type <> '1' AND r.ev_enabled <> 'D' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
ORDER BY r.rulename
"""

_PARENTS = f"""{_NAMED}
SELECT here.name, NULL, there.name
FROM pg_inherits AS i
INNER JOIN named AS here ON here.oid = i.inhrelid
INNER JOIN named AS there ON there.oid = i.inhparent
INNER JOIN pg_class AS c ON c.oid = i.inhrelid
WHERE c.relkind IN ('r', 'p', 'f')
ORDER BY here.name, i.inhseqno
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

# Functions of SQL's standard body have no text in prosrc.
_ROUTINES = """
SELECT p.proname, p.oid::regprocedure::text, l.lanname,
    CASE WHEN p.prosqlbody IS NULL THEN p.prosrc ELSE pg_get_function_sqlbody(p.oid) END, p.prosecdef,
    EXISTS (
        SELECT 1 FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
        WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE'
    ),
    CASE WHEN NOT pg_function_is_visible(p.oid) THEN n.nspname END
FROM pg_proc AS p
INNER JOIN pg_namespace AS n ON n.oid = p.pronamespace
INNER JOIN pg_language AS l ON l.oid = p.prolang
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prorettype <> 'trigger'::regtype
ORDER BY p.proname
"""

_INVOKER_VIEWS = f"""{_NAMED}
SELECT named.name FROM pg_class AS c INNER JOIN named ON named.oid = c.oid
WHERE c.relkind = 'v' AND EXISTS (
    SELECT 1 FROM pg_options_to_table(c.reloptions)
    WHERE option_name = 'security_invoker' AND option_value::boolean
)
"""

# An identity column has a sequence, but no default.
_DEFAULTS = f"""{_NAMED}
SELECT named.name, a.attname, s.oid::regclass::text
FROM pg_attrdef AS d
INNER JOIN named ON named.oid = d.adrelid
INNER JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
INNER JOIN pg_depend AS k
    ON k.classid = 'pg_attrdef'::regclass AND k.objid = d.oid AND k.refclassid = 'pg_class'::regclass
INNER JOIN pg_class AS s ON s.oid = k.refobjid AND s.relkind = 'S'
ORDER BY 1, 2, 3
"""

_CHECKS = f"""{_NAMED}
SELECT named.name, CASE WHEN a.attgenerated = '' THEN a.attname END, p.proname
FROM pg_attrdef AS d
INNER JOIN named ON named.oid = d.adrelid
INNER JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
INNER JOIN pg_depend AS k
    ON k.classid = 'pg_attrdef'::regclass AND k.objid = d.oid AND k.refclassid = 'pg_proc'::regclass
INNER JOIN pg_proc AS p ON p.oid = k.refobjid
UNION
SELECT named.name, NULL, p.proname
FROM pg_constraint AS n
INNER JOIN named ON named.oid = n.conrelid
INNER JOIN pg_depend AS k
    ON k.classid = 'pg_constraint'::regclass AND k.objid = n.oid AND k.refclassid = 'pg_proc'::regclass
INNER JOIN pg_proc AS p ON p.oid = k.refobjid
"""

# The bits of pg_trigger.tgtype: src/include/catalog/pg_trigger.h.
_ACTS = {1 << 2: Act.INSERT, 1 << 3: Act.DELETE, 1 << 4: Act.UPDATE}
_INSTEAD = 1 << 6

# pg_rewrite.ev_type: src/include/nodes/nodes.h.
_EVENTS = {"2": Act.UPDATE, "3": Act.INSERT, "4": Act.DELETE}

_RULES = {"c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT", "a": "NO ACTION", "r": "RESTRICT"}


class PostgresqlUsage(EngineUsage):
    """The code of a trigger is in its function."""

    def actions(self, session: Session) -> SchemaActions:
        triggers = tuple(_trigger(*row) for row in session.ask(_TRIGGERS))
        triggers += tuple(_rule(*row) for row in session.ask(_RULES_OF_TABLES))
        cascades = tuple(
            Cascade(here, tuple(columns), there, tuple(others), _RULES[on_delete], _RULES[on_update])
            for here, columns, there, others, on_delete, on_update in session.ask(_FOREIGN_KEYS)
        )
        return SchemaActions(
            triggers,
            cascades,
            tuple(_routine(*row) for row in session.ask(_ROUTINES)),
            frozenset(row[0] for row in session.ask(_INVOKER_VIEWS)),
            constraints={(table, name): tuple(columns) for table, name, columns in session.ask(_UNIQUE)},
            defaults=_grouped(session.ask(_DEFAULTS)),
            checks=_grouped(session.ask(_CHECKS)),
            parents={table: names for (table, _), names in _grouped(session.ask(_PARENTS)).items()},
        )


def _grouped(rows: Iterable[tuple[Any, Any, str]]) -> dict[tuple[Any, Any], tuple[str, ...]]:
    grouped: dict[tuple[Any, Any], tuple[str, ...]] = {}
    for table, column, name in rows:
        grouped[table, column] = (*grouped.get((table, column), ()), name)
    return grouped


def _code(language: str, code: str) -> str | None:
    return code if language in ("plpgsql", "sql") else None


def _routine(
    name: str, signature: str, language: str, code: str, definer: bool, public: bool, space: str | None
) -> Routine:
    return Routine(name, signature, _code(language, code), definer, public, space)


def _trigger(name: str, table: str, bits: int, language: str, code: str, definer: bool, columns: list[str]) -> Trigger:
    acts = frozenset(act for bit, act in _ACTS.items() if bits & bit)
    instead = bool(bits & _INSTEAD)
    return Trigger(name, table, acts, frozenset(columns), _code(language, code), instead=instead, definer=definer)


def _rule(name: str, table: str, event: str, definition: str, instead: bool) -> Trigger:
    """A rule runs with the rights of its table's owner."""
    acts = frozenset({_EVENTS[event]})
    return Trigger(name, table, acts, frozenset(), rule_body(definition), instead, definer=True, kind="rule")


def rule_body(definition: str) -> str:
    """The statements of ``CREATE RULE … DO``, as pg_get_ruledef writes it."""
    tokens = list(significant(scan(definition, "postgresql")))
    words = [token.text.upper() for token in tokens]
    first = words.index("DO") + 1
    first += words[first : first + 1] in (["INSTEAD"], ["ALSO"])
    body = definition[tokens[first].start :].rstrip().removesuffix(";").rstrip()
    return body[1:-1] if body.startswith("(") and body.endswith(")") else body
