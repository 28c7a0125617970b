"""Forms of one statement have the same optional names."""

from __future__ import annotations

import pytest

from pydb.sqlfile.optional_agreement import optional_difference
from tests.harness.optional_lines import defined

BASE = "SELECT id FROM t\nWHERE\n    TRUE\n    AND a = :a -- if :a\n    AND b = :b -- if :b and :o = x\nLIMIT 1;"


@pytest.mark.parametrize(
    ("sql", "difference"),
    [
        (BASE, ""),
        (BASE.replace("b = :b", "b > :b"), ""),
        (BASE.replace(":o = x", ":o = y"), ":o is a choice of y here, a choice of x"),
        (
            BASE.replace("-- if :a", "-- if :a given"),
            ":a is an optional value for which None counts as given here, an optional value",
        ),
        (BASE.replace(" and :o = x", " and :a and :o = x"), ":b is bound under other conditions here than"),
        (BASE.replace("a = :a -- if :a", "a = :a"), ":a is not optional here, an optional value"),
    ],
)
def test_a_difference_is_named(sql: str, difference: str) -> None:
    """Names, kinds, values and the parameters of each state must agree; the SQL may differ."""
    one, other = defined(BASE), defined(sql)
    lines, other_lines = one.forms["sqlite"].lines, other.forms["sqlite"].lines
    assert optional_difference(lines, one.optional, other_lines, other.optional) == difference
