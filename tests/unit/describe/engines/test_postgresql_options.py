"""Options of a whole table, view or trigger, in the fingerprint and in ALTER."""

from __future__ import annotations

import pytest

from pydb.describe.engines.postgresql_options import (
    indexed_table,
    names_of_keys,
    option_changes,
    partitioned,
    trigger_state,
)


@pytest.mark.parametrize(
    ("have", "want", "actions"),
    [
        (None, "ROW LEVEL SECURITY", ["ENABLE ROW LEVEL SECURITY"]),
        ("ROW LEVEL SECURITY; FORCE ROW LEVEL SECURITY", "ROW LEVEL SECURITY", ["NO FORCE ROW LEVEL SECURITY"]),
        ("UNLOGGED; WITH (fillfactor=70)", "WITH (fillfactor=80)",
         ["SET LOGGED", "RESET (fillfactor)", "SET (fillfactor=80)"]),
        ("WITH (a=1, b=2)", None, ["RESET (a, b)"]),
        ("ROW LEVEL SECURITY", "ROW LEVEL SECURITY", []),
    ],
)  # fmt: skip
def test_actions(have: str | None, want: str | None, actions: list[str]) -> None:
    """Each option that differs is removed or set."""
    assert [action for action, note in option_changes(have, want) if note is None] == actions


def test_what_has_no_action() -> None:
    """ALTER TABLE cannot convert a table to a partition."""
    ((action, note),) = option_changes(None, "PARTITION BY RANGE (k)")
    assert (action, note) == ("", "PARTITION BY RANGE (k): this needs a new table, or ATTACH PARTITION.")


def test_the_state_of_a_trigger() -> None:
    """The end of a trigger's text contains the statement that sets its state."""
    assert trigger_state("CREATE TRIGGER t BEFORE INSERT ON a EXECUTE FUNCTION f()") == ""
    assert trigger_state("CREATE TRIGGER t BEFORE INSERT ON a EXECUTE FUNCTION f() DISABLED") == "DISABLE"
    assert trigger_state("CREATE TRIGGER t … f() ENABLED ALWAYS") == "ENABLE ALWAYS"


def test_what_a_definition_names() -> None:
    """The table of a partition and of an index, however they are quoted, and the constraints that have an index."""
    assert partitioned("PARTITION OF app.parts; FOR VALUES IN (1)") == "app.parts"
    assert partitioned("UNLOGGED") == ""
    assert indexed_table('CREATE INDEX i ON ONLY app."Odd name" USING btree (a)') == "app.Odd name"
    assert names_of_keys({"constraint k of t": "UNIQUE (a)", "constraint c of t": "CHECK (a > 0)"}) == {"k"}
