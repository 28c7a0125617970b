"""What a change needs so that it is no change of everything."""

from __future__ import annotations

import pytest

from tests.harness.optional_lines import defined, refusal


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE t\nSET\n    a = :a, -- if :a given\n    b = 1;",
        "UPDATE t\nSET\n    a = :a, -- if :a given\n    b = 1\nWHERE TRUE;",
        "DELETE FROM t\nWHERE\n    TRUE\n    AND :a = 1 -- if :a\n;",
    ],
)
def test_a_statement_that_always_changes_all_rows_has_no_marks(sql: str) -> None:
    """Where no line chooses rows by a column, every call would change all of them."""
    assert "changes all rows" in refusal(sql, rows="affected")


def test_each_line_says_what_it_has_something_of() -> None:
    """Lines of SET, of the columns and of the WHERE of the statement count, those of a sub-query do not."""
    definition = defined(
        "UPDATE t\nSET\n    a = :a, -- if :a given\n    b = 1\nWHERE\n    id = 2\n    AND c = :c -- if :c\n;",
        rows="affected",
    )
    found = [sorted(line.parts) for line in definition.forms["sqlite"].lines]
    assert found == [[], [], ["set"], ["set"], [], ["where"], ["where"], []]
