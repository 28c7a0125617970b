"""Calls without a variant: names without effect, and changes of all rows."""

from __future__ import annotations

import pytest

from pydb.errors import ParameterError
from pydb.sqlfile.variants import key_from, variant
from tests.harness.optional_lines import defined

PATCH = """
UPDATE t
SET
    a = :a, -- if :a given
    b = :b -- if :b given
WHERE
    TRUE
    AND id = :id -- if :id
    AND c IN (:cs) -- if :cs
;
"""
INSERT = """
INSERT INTO t (
    a, -- if :a
    b -- if :b
)
VALUES (
    :a, -- if :a
    :b -- if :b
);
"""
DELETE = """
DELETE FROM t
WHERE id = :id -- if not :off
;
"""
PAIRS = """
SELECT id FROM t
WHERE
    TRUE
    AND a = :a -- if :a and :kind = exact
    AND b = :b -- if :b and not :off
;
"""


@pytest.mark.parametrize(
    ("sql", "rows", "words", "message"),
    [
        (PATCH, "affected", ["id"], "give at least one of a, b"),
        (PATCH, "affected", ["a=null"], "give at least one of id, cs"),
        (INSERT, "affected", [], "give at least one of a, b"),
        (DELETE, "affected", ["off"], "leave out off"),
        (PAIRS, "many", ["a"], "a has no effect without kind = exact"),
        (PAIRS, "many", ["kind=exact"], "kind has no effect without a"),
        (PAIRS, "many", ["b", "off"], "b has no effect with off"),
    ],
)
def test_a_call_that_no_variant_is_for_is_refused(sql: str, rows: str, words: list[str], message: str) -> None:
    """An argument without effect, or a missing one whose absence would change all rows, is an error."""
    definition = defined(sql, rows=rows, notes="-- @param off bool\n" if ":off" in sql else "")
    with pytest.raises(ParameterError, match=message):
        variant(definition, "sqlite", key_from(definition, words))


def test_what_is_enough_is_called() -> None:
    """One value to set, and one value that chooses rows, are sufficient."""
    definition = defined(PATCH, rows="affected")
    found = variant(definition, "sqlite", key_from(definition, ["b", "id"]))
    assert found.sql == "UPDATE t\nSET\n    b = :b\nWHERE\n    TRUE\n    AND id = :id;"
