"""Facts about SQLite for describe, each compared with SQLite itself."""

from __future__ import annotations

import sqlite3

import pytest

from pydb.describe.analysis.value import Value
from pydb.describe.facts import facts_of

FACTS = facts_of("sqlite")


def answer(sql: str) -> object:
    connection = sqlite3.connect(":memory:")
    try:
        (value,) = connection.execute(sql).fetchone()
        return value
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("sql", "null", "fact"),
    [
        ("SELECT 1 / 0", True, FACTS.division_by_zero_is_null),
        ("SELECT 9e999 - 9e999", True, FACTS.nan_is_null),
        ("SELECT json_group_array(1) WHERE 1 = 0", False, not FACTS.empty_json_array),
        ("SELECT substr(x'', 1)", True, FACTS.substring_may_be_null(Value(kind="blob"), [])),
        ("SELECT substr('', 1)", False, FACTS.substring_may_be_null(Value(kind="text"), [])),
        ("WITH n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT max(i) FROM n", False, False),
    ],
)
def test_facts(sql: str, null: bool, fact: bool) -> None:
    """The facts about NULL agree with SQLite's results."""
    assert (answer(sql) is None) is null is fact


def test_names() -> None:
    """Names are equal whatever their case and quotes; VALUES names its columns; no schema contains a rowid."""
    assert FACTS.fold_column("A", quoted=True) == "a"
    assert answer(f"SELECT {FACTS.values_column.format(2)} FROM (VALUES (1, 2))" if FACTS.values_column else "") == 2
    assert "rowid" in FACTS.hidden_columns
    assert FACTS.every_cte_may_recurse
