"""SQLite's triggers and foreign keys: a session in, SchemaActions out."""

from __future__ import annotations

from collections import defaultdict

from pydb.describe.session import Session
from pydb.sqlfile.lexer import token_list
from pydb.usage.schema_actions import Cascade, EngineUsage, SchemaActions, Trigger
from pydb.usage.touch import Act

__all__ = ["SqliteUsage"]

_TRIGGERS = "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"

_FOREIGN_KEYS = """
SELECT t.name, f.id, f."table", f."from", f."to", f.on_delete, f.on_update
FROM pragma_table_list AS t, pragma_foreign_key_list(t.name) AS f
WHERE t.schema = 'main'
ORDER BY t.name, f.id, f.seq
"""


class SqliteUsage(EngineUsage):
    """SQLite has no rights; what a trigger does is in its text."""

    def actions(self, session: Session) -> SchemaActions:
        triggers = tuple(_trigger(*map(str, row)) for row in session.ask(_TRIGGERS))
        return SchemaActions(triggers, _cascades(session))


def _trigger(name: str, table: str, sql: str) -> Trigger:
    code = token_list(sql, "sqlite")
    words = [token.text.upper() for token in code.tokens]
    begin = words.index("BEGIN")
    # The acts that fire a trigger are between its name and ON.
    on = next(place for place in range(3, begin) if words[place] == "ON")
    place, act = next(
        (p, word) for p, word in enumerate(words[:on]) if p > 2 and word in ("INSERT", "UPDATE", "DELETE")
    )
    columns = [token.text.strip('"`[]') for token in code.tokens[place + 2 : on] if token.text != ","]
    # A WHEN may have queries.
    return Trigger(
        name,
        table,
        frozenset({Act(act.lower())}),
        frozenset(columns),
        sql[code.tokens[on].start :],
        instead="INSTEAD" in words[:place],
    )


def _cascades(session: Session) -> tuple[Cascade, ...]:
    tables = session.catalogue.tables
    spelled = {name.lower(): name for name in tables}
    grouped: dict[tuple[str, int], list[tuple[str, str, str | None, str, str]]] = defaultdict(list)
    for table, number, parent, column, there, on_delete, on_update in session.ask(_FOREIGN_KEYS):
        grouped[table, number].append((spelled.get(parent.lower()) or parent, column, there, on_delete, on_update))
    return tuple(
        Cascade(
            table=table,
            columns=tuple(item[1] for item in items),
            parent=items[0][0],
            parent_columns=_there([item[2] for item in items], items[0][0], session),
            on_delete=items[0][3],
            on_update=items[0][4],
        )
        for (table, _), items in grouped.items()
    )


def _there(columns: list[str | None], parent: str, session: Session) -> tuple[str, ...]:
    """The referenced columns; those of the primary key if the schema names none."""
    named = tuple(column for column in columns if column is not None)
    facts = session.catalogue.tables.get(parent)
    return named or (tuple(facts.keys[0]) if facts is not None and facts.keys else ())
