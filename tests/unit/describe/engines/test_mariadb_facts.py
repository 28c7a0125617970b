"""Facts about MariaDB for describe, each compared with the server."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from pydb import Database
from pydb.describe.analysis.value import Value
from pydb.describe.facts import facts_of

FACTS = facts_of("mariadb")


@pytest.mark.engines("mariadb")
@pytest.mark.parametrize(
    ("sql", "null", "fact"),
    [
        ("SELECT 1 / 0", True, FACTS.division_by_zero_is_null),
        ("SELECT CAST('x' AS date)", True, FACTS.cast_may_be_null(Value(kind="text"), None)),
        ("SELECT CAST('x' AS char(5))", False, FACTS.cast_may_be_null(Value(kind="text"), "text")),
        ("SELECT json_arrayagg(1) FROM (SELECT 1) AS t WHERE 1 = 0", True, not FACTS.empty_json_array),
        ("SELECT 6 / 2", False, FACTS.dividend_may_be_null(Value(kind="int"))),
    ],
)
def test_facts(empty_db: Database, sql: str, null: bool, fact: bool) -> None:
    """The facts about NULL agree with the server's answers."""
    with empty_db.read() as conn:
        assert (conn.execute(text(sql)).scalar_one() is None) is null is fact


def test_names() -> None:
    """Table names are distinguished by case, and column names never."""
    assert FACTS.fold_table("A", quoted=False) == "A"
    assert FACTS.fold_column("A", quoted=True) == "a"


def test_types_that_become_null() -> None:
    """A value that a UUID or an INET6 cannot store becomes NULL, and so may a value that is computed from one."""
    from sqlglot import parse_one

    node = parse_one("a + b")
    assert FACTS.operator_may_be_null(node, [Value(kind="other"), Value(kind="int")])
    assert not FACTS.operator_may_be_null(node, [Value(kind="int"), Value(kind="int")])
    assert FACTS.mixing_types_may_give_null
