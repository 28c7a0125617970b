"""Names in marks: values, flags and choices, their states and defaults, and what is refused."""

from __future__ import annotations

import pytest

from pydb.sqlfile.optional_lines import NameKind
from tests.harness.optional_lines import defined, refusal

ALL_KINDS = """
SELECT id FROM t
WHERE
    TRUE
    AND a = :a -- if :a
    AND b = :b -- if :b given
    AND c IS NULL -- if :c is null
    AND c = :c -- if :c
    AND d = :viewer -- if :own
ORDER BY
    id DESC, -- if :order = newest
    -- id, -- if :order = oldest
    a, -- if :then = a
    b
LIMIT :limit;
"""


def test_each_name_has_its_kind_and_states() -> None:
    """A bound name is a value, a name with words a choice, and a declared name a flag; one on fixed lines is none."""
    optional = defined(ALL_KINDS, notes="-- @param own bool\n").optional
    assert [(name.name, name.kind, name.states) for name in optional.values()] == [
        ("a", NameKind.VALUE, ("", "given")),
        ("b", NameKind.VALUE, ("", "given", "null")),
        ("c", NameKind.VALUE, ("", "given", "null")),
        ("viewer", NameKind.VALUE, ("",)),
        ("own", NameKind.FLAG, ("", "true")),
        ("order", NameKind.CHOICE, ("newest", "oldest")),
        ("then", NameKind.CHOICE, ("", "a")),
    ]
    assert optional["c"].takes_null
    assert not optional["b"].takes_null
    assert optional["viewer"].needed
    assert optional["order"].values == ("newest", "oldest")
    assert optional["then"].default == ""


def where(*lines: str) -> str:
    return "\n".join(["SELECT id FROM t", "WHERE", "    TRUE", *lines, ";"])


UNDECLARED = "declare a flag with -- @param b bool"

REFUSED = [
    (where("AND a = :a -- if :b"), "", ":b is not a parameter of the statement", UNDECLARED),
    (where("AND a = :stauts -- if :status"), "", ":status is not a parameter", "did you mean :stauts?"),
    (where("AND a = :a -- if :a", "AND b = :a"), "", ":a is optional, but line 6 binds it without a mark", ":a"),
    (where("AND a = :a -- if :a = x"), "", ":a is used both as a choice and as a value", "never bound"),
    (where("AND a = :a -- if :a and not :a"), "", "the line is never present: :a and not :a", "remove the line"),
    (where("AND b -- if :f given"), "-- @param f bool\n", ":f given needs a value, but :f is a flag", ":f"),
    (where("AND b -- if :o = x and :o is null"), "", ":o is null needs a value, but :o is a choice", ":o"),
    (where("AND b -- if :o = x"), "-- @param o str\n", ":o is a choice, so @param cannot declare it", "marks list"),
    (where("AND a = 1 -- if :o = x and :o = y"), "", "the line is never present", "remove the line"),
]


@pytest.mark.parametrize(("sql", "notes", "message", "hint"), REFUSED)
def test_a_name_that_fits_in_no_way_is_refused(sql: str, notes: str, message: str, hint: str) -> None:
    """A name has one kind, it is declared or bound, and each line must be possible."""
    found = refusal(sql, notes=notes)
    assert message in found.partition("hint: ")[0]
    assert hint in found.partition("hint: ")[2]


def test_the_groups_of_a_choice_agree_in_its_default() -> None:
    """Two places with alternatives of one choice must have the same default."""
    sql = (
        "SELECT\n    a -- if :o = x\n    -- b -- if :o = y\nFROM t\n"
        "ORDER BY\n    b -- if :o = y\n    -- a -- if :o = x\n;"
    )
    assert "the default of :o is y here, but x above" in refusal(sql)


def test_a_keyword_has_its_name_in_python() -> None:
    """A parameter with the name of a keyword has the name that Python accepts."""
    assert list(defined(where("AND a = :from -- if :from")).optional) == ["from_"]
