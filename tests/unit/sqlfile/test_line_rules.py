"""The rules that prevent a variant from having another meaning."""

from __future__ import annotations

import re

import pytest

from tests.harness.optional_lines import defined, labels, refusal, variant_sql

FLAG = "-- @param f bool\n"
SECOND_FLAG = "-- @param g bool\n"

REFUSED = {
    "a comma at the beginning": (
        "SELECT\n    a\n    , b -- if :f\nFROM t;",
        "5: t.x: a marked line begins with a comma",
        "put the comma at the end of the line above",
    ),
    "the condition of a join that WHERE would become": (
        "SELECT t.id\nFROM t\nINNER JOIN u ON t.id = u.id\nWHERE t.a = :a -- if :a\n    AND t.b = 1;",
        "6: t.x: WHERE is only present if :a, but line 7 needs it",
        "put WHERE on a line of its own and begin with TRUE",
    ),
    "a SET that a table's alias would become": (
        "UPDATE t\nSET a = :a, -- if :a given\n    b = 1\nWHERE id = :id;",
        "4: t.x: SET is only present if :a given, but line 5 needs it",
        "put SET on a line of its own",
    ),
    "a JOIN without its ON": (
        "SELECT t.id\nFROM t\nINNER JOIN u\n    ON t.id = u.id -- if :f\n;",
        "6: t.x: without :f, INNER has no ON",
        "put the same mark on both lines",
    ),
    "an ON without its JOIN": (
        "SELECT t.id\nFROM t\nINNER JOIN u -- if :f\n    ON t.id = u.id;",
        "5: t.x: JOIN is only present if :f, but line 6 needs it",
        "put JOIN on a line of its own",
    ),
    "an UPDATE without SET": (
        "UPDATE t\nSET a = 1 -- if :f\nWHERE id = :id;",
        "4: t.x: without :f, UPDATE has no SET",
        "put the same mark on both lines",
    ),
    "half a BETWEEN": (
        "SELECT id\nFROM t\nWHERE\n    TRUE\n    AND a BETWEEN :low\n    AND :high -- if :high\n;",
        "8: t.x: without :high, BETWEEN has only one bound",
        "put the same mark on both lines",
    ),
    "a part of a CASE": (
        "SELECT\n    CASE\n        WHEN a THEN 1\n        ELSE 2 -- if :f\n    END\nFROM t;",
        "6: t.x: a part of a CASE is optional",
        "mark whole WHEN … THEN lines, or put the same mark on all lines",
    ),
    "a CASE without its END": (
        "SELECT\n    1,\n    CASE -- if :f\n        WHEN a THEN 1 -- if :f\n    END AS x\nFROM t;",
        "5: t.x: CASE is only present if :f, but line 7 needs it",
        "put the same mark on every line of the CASE",
    ),
    "AND and OR": (
        "SELECT id\nFROM t\nWHERE\n    a = 1\n    OR b = 2\n    AND c = :c -- if :c\n;",
        "8: t.x: AND and OR are mixed around an optional line",
        "put brackets around the ANDs or the ORs",
    ),
    "two alternatives at once": (
        "SELECT id\nFROM t\nORDER BY\n    a -- if :f\n    -- b -- if not :g\n;",
        "8: t.x: lines 7 and 8 can both be present",
        "to disable the line, begin it with -- --",
    ),
    "a clause twice in one alternative": (
        "SELECT a\nFROM t\nORDER BY a, b -- if :f\n-- ORDER BY a -- if not :f\n-- ORDER BY b -- if not :f\n;",
        "7: t.x: lines 6 and 7 can both be present",
        "to disable the line, begin it with -- --",
    ),
    "an alternative that opens a bracket": (
        "SELECT\n    a -- if not :f\n    -- (b -- if :f\nFROM t;",
        "5: t.x: a bracket is never closed",
        "close it, or remove it",
    ),
    "a column without its value": (
        "INSERT INTO t (\n    a,\n    b, -- if :f\n    c\n)\nVALUES (1, 2, 3);",
        "5: t.x: line 5 is only present if :f, but its counterpart in line 8 remains",
        "put the same mark on both lines",
    ),
    "the first branch of a UNION": (
        "SELECT a\nFROM t -- if :f\nUNION ALL -- if :f\nSELECT b\nFROM u;",
        "5: t.x: UNION is only present if :f, but line 6 needs it",
        "write the optional SELECT below the other one",
    ),
    "the columns of a UNION": (
        "SELECT\n    a,\n    b, -- if :f\n    c\nFROM t\nUNION ALL\nSELECT a, b, c FROM t;",
        "5: t.x: line 5 is only present if :f, but its counterpart in line 9 remains",
        "put the same mark on both lines",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_missing_line_would_tear_is_refused(case: str) -> None:
    """A line whose absence would break a larger construct is refused."""
    sql, message, hint = REFUSED[case]
    notes = FLAG if ":f" in sql else ""
    notes += SECOND_FLAG if ":g" in sql else ""
    rows = "many" if sql.startswith("SELECT") else "affected"
    found = refusal(sql, rows=rows, notes=notes)
    shifted = found if notes else _one_more(found)
    assert shifted.startswith(message)
    assert hint in shifted


def _one_more(message: str) -> str:
    """The message with the line numbers below a directive."""
    return re.sub(r"(?:^|(?<=line )|(?<=lines )|(?<=and ))\d+", lambda n: str(int(n.group()) + 1), message)


FINE = {
    "all lines of a CASE alike": (
        "SELECT id\nFROM t\nWHERE\n    TRUE\n    AND CASE -- if :f\n        WHEN a THEN b -- if :f\n    END -- if :f\n;"
    ),
    "whole WHEN lines": (
        "SELECT\n    CASE\n        WHEN a THEN 1\n        WHEN b THEN 2 -- if :f\n        ELSE 3\n    END\nFROM t;"
    ),
    "a BETWEEN on one line": "SELECT id\nFROM t\nWHERE\n    TRUE\n    AND a BETWEEN 1 AND 2 -- if :f\n;",
    "a JOIN on two lines": "SELECT t.id\nFROM t\nINNER JOIN u -- if :f\n    ON t.id = u.id -- if :f\n;",
    "a whole branch": "SELECT a\nFROM t\nUNION ALL -- if :f\nSELECT b -- if :f\nFROM u -- if :f\n;",
    "a whole clause": "SELECT a\nFROM t\nORDER BY a -- if :f\nLIMIT 1;",
    "ORs in brackets": "SELECT id\nFROM t\nWHERE\n    a = 1\n    AND (FALSE\n        OR b = 2 -- if :f\n    );",
    "a row of VALUES": "INSERT INTO t (a, b)\nVALUES\n    (1, 2),\n    (3, 4) -- if :f\n;",
    "an alternative of two lines": (
        "SELECT a\nFROM t\nORDER BY\n    a, -- if not :f\n    b -- if not :f\n    -- b, -- if :f\n    -- a -- if :f\n;"
    ),
    "OR inside of one line": "SELECT id\nFROM t\nWHERE\n    a = 1\n    AND (b = 2 OR c = 3) -- if :f\n;",
}


@pytest.mark.parametrize("case", FINE)
def test_a_whole_may_be_optional(case: str) -> None:
    """A complete construct may be optional."""
    rows = "affected" if FINE[case].startswith("INSERT") else "many"
    assert labels(defined(FINE[case], rows=rows, notes=FLAG)) == ["", "f"]


def test_an_alternative_may_have_several_lines_of_one_mark() -> None:
    """Lines with the same mark count as one, in the file and instead of the lines above."""
    sql = "SELECT a\nFROM t\nORDER BY\n    a, -- if :o = a\n    -- b, -- if :o = b\n    -- c, -- if :o = b\n    id;"
    definition = defined(sql)
    assert variant_sql(definition, "o=b") == "SELECT a\nFROM t\nORDER BY\n    b,\n    c,\n    id;"
    assert "7: t.x: ORDER BY :c sorts by a constant" in refusal(sql.replace("-- c,", "-- (:c),"))
