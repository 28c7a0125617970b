"""MariaDB's triggers, foreign keys, functions and defaults: a session in, SchemaActions out."""

from __future__ import annotations

import re
from collections import defaultdict

from pydb.describe.session import Session
from pydb.usage.schema_actions import Cascade, EngineUsage, Routine, SchemaActions, Trigger
from pydb.usage.touch import Act

__all__ = ["MariadbUsage"]

_TRIGGERS = """
SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, EVENT_MANIPULATION, ACTION_STATEMENT
FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = database() ORDER BY TRIGGER_NAME
"""

_FOREIGN_KEYS = """
SELECT k.TABLE_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME,
    r.DELETE_RULE, r.UPDATE_RULE
FROM information_schema.KEY_COLUMN_USAGE AS k
INNER JOIN information_schema.REFERENTIAL_CONSTRAINTS AS r
    ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
        AND r.TABLE_NAME = k.TABLE_NAME
WHERE k.CONSTRAINT_SCHEMA = database()
ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION
"""


# A function runs with its definer's rights by default.
_ROUTINES = """
SELECT ROUTINE_NAME, ROUTINE_DEFINITION, SECURITY_TYPE FROM information_schema.ROUTINES
WHERE ROUTINE_SCHEMA = database() AND ROUTINE_TYPE = 'FUNCTION' ORDER BY ROUTINE_NAME
"""

_INVOKER_VIEWS = """
SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = database() AND SECURITY_TYPE = 'INVOKER'
"""

_DEFAULTS = """
SELECT TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = database() AND COLUMN_DEFAULT LIKE 'nextval(%'
"""

_SEQUENCE = re.compile(r"nextval\((?:[`\"][^`\"]+[`\"]\.)?[`\"]?([^`\")]+)[`\"]?\)")


class MariadbUsage(EngineUsage):
    """The changes of a foreign key fire no triggers: https://mariadb.com/kb/en/trigger-limitations/."""

    cascades_fire_triggers = False

    def actions(self, session: Session) -> SchemaActions:
        triggers = tuple(
            Trigger(name, table, frozenset({Act(act.lower())}), frozenset(), body, definer=True)
            for name, table, act, body in session.ask(_TRIGGERS)
        )
        defaults = {
            (table, column): tuple(_SEQUENCE.findall(default)) for table, column, default in session.ask(_DEFAULTS)
        }
        return SchemaActions(
            triggers,
            _cascades(session),
            tuple(_routine(*row) for row in session.ask(_ROUTINES)),
            frozenset(row[0] for row in session.ask(_INVOKER_VIEWS)),
            defaults=defaults,
        )


def _routine(name: str, body: str | None, security: str) -> Routine:
    return Routine(name, f"`{name.replace('`', '``')}`", body, definer=security == "DEFINER")


def _cascades(session: Session) -> tuple[Cascade, ...]:
    grouped: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for table, name, *rest in session.ask(_FOREIGN_KEYS):
        grouped[table, name].append(tuple(rest))
    return tuple(
        Cascade(
            table=table,
            columns=tuple(item[0] for item in items),
            parent=items[0][1],
            parent_columns=tuple(item[2] for item in items),
            on_delete=items[0][3],
            on_update=items[0][4],
        )
        for (table, _), items in grouped.items()
    )
