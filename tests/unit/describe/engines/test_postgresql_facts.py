"""Facts about PostgreSQL for describe, each compared with the server."""

from __future__ import annotations

import pytest
from sqlalchemy import exc, text

from pydb import Database
from pydb.describe.analysis.value import Value
from pydb.describe.facts import facts_of

FACTS = facts_of("postgresql")


@pytest.mark.engines("postgresql")
@pytest.mark.parametrize(
    ("sql", "null", "fact"),
    [
        ("SELECT lower(numrange(1, 1))", True, True),
        ("SELECT substring('a' FROM 'b')", True, FACTS.substring_may_be_null(Value(kind="text"), [Value(kind="text")])),
        ("SELECT substring('a' FROM 9)", False, FACTS.substring_may_be_null(Value(kind="text"), [Value(kind="int")])),
        ("SELECT extract(month FROM timestamp 'infinity')", True, FACTS.monotonic_fields_are_values),
        ("SELECT max(i) FROM generate_series(1, 3) AS i", False, False),
    ],
)
def test_facts(empty_db: Database, sql: str, null: bool, fact: bool) -> None:
    """The facts about NULL agree with the server's answers."""
    with empty_db.read() as conn:
        assert (conn.execute(text(sql)).scalar_one() is None) is null is fact


@pytest.mark.engines("postgresql")
@pytest.mark.parametrize("sql", ["SELECT 1 / 0", "SELECT a, count(*) FROM (SELECT 1 AS a) AS t"])
def test_what_is_an_error(empty_db: Database, sql: str) -> None:
    """Division by zero, and a bare column beside an aggregate, are errors, and so never NULL."""
    with empty_db.read() as conn, pytest.raises(exc.DBAPIError):
        conn.execute(text(sql))
    assert not FACTS.division_by_zero_is_null
    assert not FACTS.allows_bare_columns


def test_names() -> None:
    """A quoted name keeps its case."""
    assert (FACTS.fold_column("A", quoted=True), FACTS.fold_column("A", quoted=False)) == ("A", "a")
