"""The conditions under which a change does not affect all rows."""

from __future__ import annotations

import pytest

from tests.harness.optional_lines import defined, labels, refusal, variant_sql


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE t\nSET\n    a = :a, -- if :a given\n    b = 1;",
        "UPDATE t\nSET\n    a = :a, -- if :a given\n    b = 1\nWHERE TRUE;",
        "DELETE FROM t\nWHERE\n    TRUE\n    AND :a = 1 -- if :a\n;",
    ],
)
def test_a_statement_that_always_changes_all_rows_has_no_marks(sql: str) -> None:
    """If no line chooses rows by a column, every call would change all rows, so marks are refused."""
    assert "changes all rows" in refusal(sql, rows="affected")


def test_each_line_says_what_it_has_something_of() -> None:
    """Lines of SET, of the columns and of the statement's WHERE count, and those of a sub-query do not."""
    definition = defined(
        "UPDATE t\nSET\n    a = :a, -- if :a given\n    b = 1\nWHERE\n    id = 2\n    AND c = :c -- if :c\n;",
        rows="affected",
    )
    found = [sorted(line.parts) for line in definition.forms["sqlite"].lines]
    assert found == [["head of set"], [], ["set"], ["set"], [], ["where"], ["where"], []]


UPSERT = "INSERT INTO t (id, a)\nVALUES (:id, :a)\n"
FLAG = "-- @param keep bool\n"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            "ON CONFLICT (id) DO UPDATE SET a = 1 -- if not :keep\n-- ON CONFLICT (id) DO NOTHING -- if :keep\n",
            "DO NOTHING",
        ),
        (
            "ON CONFLICT (id) DO NOTHING -- if :keep\n-- ON CONFLICT (id) DO UPDATE SET a = 1 -- if not :keep\n",
            "DO NOTHING",
        ),
        ("ON CONFLICT (id) DO UPDATE SET a = excluded.a -- if not :keep\n", ":a)"),
        ("ON CONFLICT (id)\n    DO UPDATE SET a = 1 -- if not :keep\n    -- DO NOTHING -- if :keep\n", "DO NOTHING"),
    ],
)
def test_a_change_that_is_not_there_needs_no_items(change: str, found: str) -> None:
    """DO NOTHING may replace DO UPDATE SET, and the whole clause may be left out."""
    definition = defined(f"{UPSERT}{change};", rows="affected", notes=FLAG)
    assert labels(definition) == ["", "keep"]
    assert variant_sql(definition, "keep").endswith(f"{found};")


def test_an_alternative_may_begin_the_clause_that_it_fills() -> None:
    """The items of an alternative are those of its own SET, and of its own list of columns."""
    update = "UPDATE t\nSET a = :x -- if :k = a\n-- SET b = :x -- if :k = b\nWHERE id = :id;"
    insert = "INSERT INTO t (a) -- if not :keep\n-- INSERT INTO t (b) -- if :keep\nVALUES (:x);"
    assert labels(defined(update, rows="affected")) == ["", "k=b"]
    assert labels(defined(insert, rows="affected", notes=FLAG)) == ["", "keep"]
