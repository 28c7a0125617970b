"""A statement with marks as a whole: its lines, and what marks exclude."""

from __future__ import annotations

import pytest

from tests.harness.optional_lines import defined, refusal


def test_a_line_has_its_sql_without_the_mark() -> None:
    """The sent text has no marks, and an alternative has no dashes."""
    definition = defined("SELECT id FROM t\nORDER BY\n    a -- Newest. -- if :o = x\n    -- b -- if :o = y\nLIMIT :n;")
    lines = definition.forms["sqlite"].lines
    assert [line.text for line in lines] == [
        *("SELECT id FROM t\n", "ORDER BY\n", "    a -- Newest.\n", "    b\n", "LIMIT :n\n"),
    ]
    assert [line.binds for line in lines] == [(), (), (), (), ("n",)]
    assert definition.parameters == ("o", "n")


@pytest.mark.parametrize(
    ("sql", "rows", "message"),
    [
        ("UPDATE t SET a = 1\nWHERE id = :id -- if :id\n;", "batch", "a :batch statement cannot have optional lines"),
        (
            "SELECT a FROM t\nORDER BY a -- if :o = x\n-- ORDER BY b; -- if :o = y\n;",
            "many",
            "an alternative contains a ;",
        ),
        (
            "UPDATE t SET a = 1\nWHERE id = :id\nRETURNING id -- if :id\n;",
            "maybe",
            ":id is optional, but line 3 binds it without a mark",
        ),
        (
            "-- The rows.\nUPDATE t SET a = 1\nWHERE id = :id\nRETURNING id -- if :o = x\n;",
            "maybe",
            "RETURNING cannot be optional in a statement that returns rows",
        ),
    ],
)
def test_what_no_marked_statement_may_have(sql: str, rows: str, message: str) -> None:
    """A batch has one text, a statement has one semicolon, and a call returns what its header says."""
    assert message in refusal(sql, rows=rows)


def test_a_statement_without_marks_has_no_lines() -> None:
    """Only a statement with marks is divided into lines."""
    definition = defined("SELECT id\nFROM t -- the table\nWHERE a = :a;")
    assert definition.forms["sqlite"].lines == ()
    assert definition.optional == {}
