"""Tokens that may be adjacent in a variant."""

from __future__ import annotations

import pytest

from tests.harness.optional_lines import defined, labels, refusal, variant_sql

FLAG = "-- @param f bool\n"

REFUSED = {
    "no condition is left": ("SELECT id FROM t\nWHERE\n    a = :a -- if :a\n;", "without :a, WHERE is followed by ;"),
    "the first condition": (
        "SELECT id FROM t\nWHERE\n    a = :a -- if :a\n    AND b = 1;",
        "without :a, WHERE is followed by AND",
    ),
    "no column": ("SELECT\n    a -- if :f\nFROM t;", "without :f, SELECT is followed by FROM"),
    "no sort item": ("SELECT id FROM t\nORDER BY\n    a -- if :f\nLIMIT 1;", "without :f, BY is followed by LIMIT"),
    "an empty bracket": ("SELECT coalesce(\n    a -- if :f\n) FROM t;", "without :f, ( is followed by )"),
    "two operands": ("SELECT a,\n    b\n    + -- if :f\n    c\nFROM t;", "without :f, b is followed by c"),
    "half an expression": (
        "SELECT id FROM t\nWHERE\n    a = 1\n    AND b -- if :f\n    = 2;",
        "without :f, line 7 continues a line that is not present: 1 is followed by =",
    ),
    "a factor of another sum": (
        "SELECT\n    a\n    + b -- if :f\n    * 2\nFROM t;",
        "without :f, line 6 continues a line that is not present: a is followed by *",
    ),
    "an alias of nothing": ("SELECT a,\n    b -- if :f\n    AS x\nFROM t;", "without :f, , is followed by AS"),
    "an OFFSET alone": (
        "SELECT id FROM t\nLIMIT :n -- if :n\nOFFSET :m;",
        "without :n, t is followed by OFFSET",
    ),
    "a UNION of nothing": (
        "SELECT a FROM t\nUNION ALL\nSELECT b FROM u -- if :f\n;",
        "without :f, ALL is followed by ;",
    ),
    "a CASE without WHEN": (
        "SELECT\n    CASE\n        WHEN a THEN 1 -- if :f\n        ELSE 2\n    END\nFROM t;",
        "without :f, CASE is followed by ELSE",
    ),
    "the gap between choices": (
        "SELECT id FROM t\nORDER BY\n    a -- if :o = x\n    -- b -- if :o = y and :f\n;",
        "without :o, BY is followed by ;",
    ),
    "nothing at all": ("SELECT a FROM t -- if :f\n;", "the statement begins with ;"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused(case: str) -> None:
    """A statement for which a call exists whose text lacks something is refused."""
    sql, message = REFUSED[case]
    found = refusal(sql, notes=FLAG if ":f" in sql else "")
    assert message in found
    assert "hint: " in found


FINE = {
    "a star instead of columns": ("SELECT\n    a, b -- if :o = x\n    -- * -- if :o = y\nFROM t;", ["", "o=y"]),
    "lines with AND": ("SELECT id FROM t\nWHERE\n    TRUE\n    AND a -- if :f\n;", ["", "f"]),
    "a comma before the next clause": ("SELECT\n    a,\n    b -- if :f\nFROM t;", ["", "f"]),
    "a comma before the end": ("SELECT a FROM t\nORDER BY\n    a,\n    b -- if :f\n;", ["", "f"]),
    "an optional FILTER": ("SELECT\n    count(*)\n    FILTER (WHERE b) -- if :f\n    AS n\nFROM t;", ["", "f"]),
    "an optional suffix": ("SELECT\n    a\n    || '-' || b -- if :f\n    AS n\nFROM t;", ["", "f"]),
    "an optional collation": (
        "SELECT a FROM t\nORDER BY\n    a\n    COLLATE nocase -- if :f\n    DESC;",
        ["", "f"],
    ),
    "a term of a sum": ("SELECT\n    a\n    + b -- if :f\n    + c AS n\nFROM t;", ["", "f"]),
    "the last of a list of CTEs": ("WITH a AS (SELECT 1),\nb AS (SELECT 2) -- if :f\nSELECT 1;", ["", "f"]),
    "an OFFSET with its LIMIT": (
        "SELECT id FROM t\nLIMIT :n -- if :n\nOFFSET :m -- if :n and :m\n;",
        ["", "n", "n,m"],
    ),
    "an item for every choice": (
        "SELECT id FROM t\nORDER BY\n    a -- if :o = x\n    -- b -- if :o = y\n;",
        ["", "o=y"],
    ),
    "a column that is named like a clause": ("SELECT\n    a,\n    b, -- if :f\n    rows\nFROM t;", ["", "f"]),
}


@pytest.mark.parametrize("case", FINE)
def test_what_fits_is_loaded(case: str) -> None:
    """A statement whose variants are all complete is loaded."""
    sql, expected = FINE[case]
    assert labels(defined(sql, notes=FLAG if ":f" in sql else "")) == expected


def test_a_lock_may_be_chosen_and_not_wait() -> None:
    """FOR UPDATE is complete; after DO UPDATE something must follow."""
    locked = "SELECT id FROM t\nFOR UPDATE\nSKIP LOCKED -- if :f\n;"
    assert labels(defined(locked, notes=FLAG, engine="postgresql")) == ["", "f"]
    chosen = "SELECT id FROM t\nFOR NO KEY UPDATE -- if :o = a\n-- FOR SHARE -- if :o = b\n;"
    assert labels(defined(chosen, engine="postgresql")) == ["", "o=b"]
    upsert = "INSERT INTO t (id)\nVALUES (:id)\nON CONFLICT (id) DO UPDATE\nSET id = 1 -- if :f\n;"
    assert labels(defined(upsert, notes=FLAG, rows="affected")) == ["f"]
    values = "INSERT INTO t (id)\nVALUES (:id)\nON DUPLICATE KEY UPDATE\n    id = 1, -- if :f\n    a = 2;"
    assert labels(defined(values, notes=FLAG, rows="affected", engine="mariadb")) == ["", "f"]


def test_postgresql_has_an_offset_without_a_limit() -> None:
    """A text that only another engine refuses is accepted in an overlay."""
    sql, _ = REFUSED["an OFFSET alone"]
    assert labels(defined(sql, engine="postgresql")) == ["", "n"]


def test_the_comma_before_the_semicolon_goes() -> None:
    """A list at the end of a statement is complete without its last item, wherever the semicolon is."""
    for end in ("b -- if :f\n;", "b; -- if :f\n"):
        definition = defined(f"SELECT a FROM t\nORDER BY\n    a,\n    {end}", notes=FLAG)
        assert variant_sql(definition) == "SELECT a FROM t\nORDER BY\n    a;"


def test_the_hint_about_an_offset_names_the_limit() -> None:
    """The hint names the clause, and a name that Python reserves is shown as written."""
    found = refusal("SELECT id FROM t\nLIMIT :class -- if :class\nOFFSET :m;")
    assert "without :class, t is followed by OFFSET" in found
    assert "OFFSET is a part of LIMIT here" in found


def test_a_comma_goes_only_where_a_line_is_missing() -> None:
    """A column that is named like a clause keeps the comma before it."""
    sql = "SELECT\n    a,\n    b, -- if :f\n    rows\nFROM t;"
    assert variant_sql(defined(sql, notes=FLAG)) == "SELECT\n    a,\n    rows\nFROM t;"
