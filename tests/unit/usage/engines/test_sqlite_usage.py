"""SQLite's triggers and foreign keys."""

from __future__ import annotations

import pytest

from pydb.usage.schema_actions import Cascade, usage_of
from pydb.usage.touch import Act
from tests.harness.described import opened

TABLES = (
    "CREATE TABLE a (x integer PRIMARY KEY, y text)",
    "CREATE TABLE b (x integer REFERENCES A ON DELETE CASCADE)",
)


def test_foreign_keys() -> None:
    """A foreign key that names no column refers to the primary key of its table, as the catalogue spells it."""
    with opened(*TABLES) as session:
        found = usage_of("sqlite").actions(session).cascades
    assert found == (Cascade("b", ("x",), "a", ("x",), "CASCADE", "NO ACTION"),)


@pytest.mark.parametrize(
    ("head", "act", "columns", "instead"),
    [
        ('AFTER UPDATE OF x, "y" ON a', Act.UPDATE, {"x", "y"}, False),
        ("BEFORE DELETE ON a", Act.DELETE, set(), False),
        ("INSERT ON a FOR EACH ROW WHEN NEW.x > 1", Act.INSERT, set(), False),
        ("INSTEAD OF INSERT ON v", Act.INSERT, set(), True),
    ],
)
def test_triggers(head: str, act: Act, columns: set[str], instead: bool) -> None:
    """The acts that fire a trigger are read from its text."""
    schema = (*TABLES, "CREATE VIEW v AS SELECT x FROM a")
    with opened(*schema, f"CREATE TRIGGER if_not {head} BEGIN DELETE FROM b; END") as session:
        (trigger,) = usage_of("sqlite").actions(session).triggers
    assert (trigger.name, trigger.instead) == ("if_not", instead)
    assert (set(trigger.acts), set(trigger.columns)) == ({act}, columns)
