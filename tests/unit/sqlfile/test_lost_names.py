"""Names that are missing without another line."""

from __future__ import annotations

import pytest

from tests.harness.optional_lines import defined, labels, refusal

FLAG = "-- @param f bool\n"


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (
            "SELECT t.id\nFROM t\nINNER JOIN u ON t.id = u.id -- if :f\nWHERE u.a = 1;",
            "6: t.x: line 6 reads u, but line 5, which defines it, is only present if :f",
        ),
        (
            "SELECT t.id\nFROM\n    t,\n    u, -- if :f\n    v\nWHERE u.a = 1;",
            "8: t.x: line 8 reads u, but line 6, which defines it, is only present if :f",
        ),
        (
            "SELECT t.id\nFROM t,\n    u -- if :f\nWHERE u.a = 1;",
            "6: t.x: line 6 reads u, but line 5, which defines it, is only present if :f",
        ),
        (
            "SELECT t.id\nFROM t\nLEFT JOIN ( -- if :f\n    SELECT id FROM v\n) AS u ON t.id = u.id\nORDER BY u.id;",
            "8: t.x: line 8 reads u, but line 7, which defines it, is only present if :f",
        ),
        (
            "WITH u AS ( -- if :f\n    SELECT 1 AS a\n)\nSELECT a FROM u;",
            "6: t.x: line 6 reads u, but line 3, which defines it, is only present if :f",
        ),
        (
            "WITH v AS (SELECT 1 AS b),\nu AS ( -- if :f\n    SELECT 1 AS a\n)\nSELECT a FROM u;",
            "7: t.x: line 7 reads u, but line 4, which defines it, is only present if :f",
        ),
        (
            "SELECT\n    count(*) AS n, -- if :f\n    a\nFROM t\nORDER BY n;",
            "7: t.x: line 7 uses n, but line 4, which defines it, is only present if :f",
        ),
    ],
)
def test_a_name_that_may_be_gone_is_refused(sql: str, message: str) -> None:
    """A line that uses a table or column must have the conditions of the line that names it."""
    assert refusal(sql, notes=FLAG).startswith(message)


def test_a_name_that_is_always_there_once_is_fine() -> None:
    """Two alternatives that cover all calls name a table in every call."""
    sql = "SELECT u.id\nFROM t AS u -- if not :f\n-- FROM v AS u -- if :f\nWHERE u.id > 1;"
    assert labels(defined(sql, notes=FLAG)) == ["", "f"]
