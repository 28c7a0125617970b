"""Lines: groups in brackets, alternatives, and tokens over several lines."""

from __future__ import annotations

import pytest

from tests.harness.optional_lines import defined, labels, refusal, variant_sql

GROUP = """
SELECT id FROM t
WHERE
    TRUE
    AND ( -- if :q
        a LIKE :q
        OR b LIKE :q -- if :deep
    )
    AND c = 1
;
"""


def test_a_group_goes_as_a_whole() -> None:
    """A marked line that opens a bracket includes all lines up to its end, and marks can be nested."""
    definition = defined(GROUP, notes="-- @param deep bool\n")
    assert labels(definition) == ["", "q", "q,deep"]
    assert variant_sql(definition) == "SELECT id FROM t\nWHERE\n    TRUE\n    AND c = 1;"
    assert "OR b LIKE :q" in variant_sql(definition, "q", "deep")


def test_a_string_over_a_line_end_goes_with_its_group() -> None:
    """A token over several lines is one line, which a mark cannot end."""
    definition = defined(
        "SELECT id FROM t\nWHERE\n    TRUE\n    AND ( -- if :a\n        a = 'x\n-- if :b\ny' || :a\n    );"
    )
    assert labels(definition) == ["", "a"]
    assert refusal("SELECT id FROM t\nWHERE\n    TRUE\n    AND a = 'x\ny' || :a -- if :a\n;").startswith(
        "6: t.x: a string, name or comment continues past the end of a marked line"
    )


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (
            "SELECT id FROM t\nWHERE (\n    TRUE\n    AND a = :a) -- if :a\n;",
            "5: t.x: a marked line closes a bracket that an earlier line opens",
        ),
        (
            "SELECT id FROM t\nWHERE\n    TRUE\n    AND ( -- if :a\n        a = :a\n    ) AND b\n;",
            "7: t.x: AND follows the bracket that closes an optional group, and would be removed with it",
        ),
    ],
)
def test_what_tears_brackets_is_refused(sql: str, message: str) -> None:
    """A bracket and the text after its end must stay together."""
    assert refusal(sql).startswith(message)


ALTERNATIVES = """
SELECT id
FROM t
ORDER BY -- if :by = one
    a, b -- if :by = one
-- ORDER BY a -- if :by = two
-- ORDER BY b -- if :by = three
;
"""


def test_an_alternative_takes_the_place_of_its_lines() -> None:
    """Consecutive lines with one mark are one place, and each alternative replaces all of them."""
    definition = defined(ALTERNATIVES)
    assert labels(definition) == ["", "by=two", "by=three"]
    assert variant_sql(definition, "by=three") == "SELECT id\nFROM t\nORDER BY b;"
    assert variant_sql(definition) == "SELECT id\nFROM t\nORDER BY\n    a, b;"


def test_an_absent_line_leaves_an_empty_one_when_line_numbers_count() -> None:
    """The lines after an omitted line keep their line numbers if that is requested."""
    sql = variant_sql(defined(ALTERNATIVES), "by=three", keep_lines=True)
    assert sql.split("\n").index("ORDER BY b;") == 5


def test_the_semicolon_stays_when_its_line_goes() -> None:
    """An optional last line may have the semicolon, and alternatives may follow it."""
    definition = defined("SELECT id FROM t\nORDER BY a; -- if :by = a\n-- ORDER BY b -- if :by = b\n")
    assert variant_sql(definition, "by=b") == "SELECT id FROM t\nORDER BY b;"
    assert variant_sql(defined("SELECT id FROM t\nLIMIT :n; -- if :n\n")) == "SELECT id FROM t;"


def test_a_reason_in_the_last_line_does_not_hide_the_semicolon() -> None:
    """The mark is removed, and a reason before it stays a comment of its line."""
    definition = defined("SELECT id FROM t\nLIMIT :n; -- Pages. -- if :n\n")
    assert variant_sql(definition, "n") == "SELECT id FROM t\nLIMIT :n -- Pages.\n;"
