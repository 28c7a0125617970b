"""What describe has to know of MariaDB.  Each fact is asked of the server."""

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
    """What the facts say of NULL is what the server answers."""
    with empty_db.read() as conn:
        assert (conn.execute(text(sql)).scalar_one() is None) is null is fact


def test_names() -> None:
    """Table names are told apart by case, column names never."""
    assert FACTS.fold_table("A", quoted=False) == "A"
    assert FACTS.fold_column("A", quoted=True) == "a"


def test_types_that_become_null() -> None:
    """What a UUID or an INET6 cannot hold becomes NULL, and so may what is computed with one."""
    from sqlglot import parse_one

    node = parse_one("a + b")
    assert FACTS.operator_may_be_null(node, [Value(kind="other"), Value(kind="int")])
    assert not FACTS.operator_may_be_null(node, [Value(kind="int"), Value(kind="int")])
    assert FACTS.mixing_types_may_give_null
