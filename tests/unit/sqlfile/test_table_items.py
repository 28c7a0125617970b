"""Columns and constraints in CREATE TABLE."""

from __future__ import annotations

import pytest

from pydb.sqlfile.lexer import token_list
from pydb.sqlfile.table_items import begins_constraint


@pytest.mark.parametrize(
    "item",
    [
        "CONSTRAINT a CHECK (b > 0)",
        "PRIMARY KEY (a)",
        "CHECK (a > 0)",
        "KEY (a)",
        "FULLTEXT INDEX a_idx (a)",
        "EXCLUDE USING gist (a WITH =)",
        "PERIOD FOR SYSTEM_TIME (a, b)",
    ],
)
def test_constraints(item: str) -> None:
    """A constraint or an index is not mistaken for a column."""
    assert begins_constraint(token_list(item, "mariadb"), 0)


@pytest.mark.parametrize("item", ["a integer", "key varchar(20)", "index text", "period integer", "`primary` integer"])
def test_columns(item: str) -> None:
    """A column is not mistaken for a constraint, also if it is quoted or named like a word of constraints."""
    assert not begins_constraint(token_list(item, "mariadb"), 0)
